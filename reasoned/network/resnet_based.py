"""The predictor of Parekh et al. for QuickDraw and CIFAR-10: a ResNet18 without norms."""

from typing import final

import torch
from torch import nn

TAPPED = ("stage3", "stage4.0")
LAYER = "hidden"


@final
class BasicBlock(nn.Module):
    """Two convolutions without bias, and a shortcut.

    Parameters
    ----------
    before, after
        Channels.
    stride
        Of the first convolution and of the shortcut.

    """

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
        self.second = nn.Conv2d(after, after, 3, padding=1, bias=False)
        changed = before != after or stride != 1
        self.shortcut = (
            nn.Conv2d(before, after, 1, stride, bias=False) if changed else nn.Identity()
        )

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """Give the block's output, after its last ReLU."""
        inner = self.second(torch.relu(self.first(given)))
        return torch.relu(inner + self.shortcut(given))


@final
class ResnetBased(nn.Module):
    """Four stages of two basic blocks, an average over positions, one hidden layer of 512.

    Parameters
    ----------
    channels, rows, columns
        Of the image; rows and columns are at least 25.
    classes
        How many logits there are.

    """

    def __init__(
        self, channels: int = 3, rows: int = 32, columns: int = 32, classes: int = 10
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(channels, 64, 3, padding=1), nn.ReLU())
        self.stage1 = nn.Sequential(BasicBlock(64, 64, 1), BasicBlock(64, 64, 1))
        self.stage2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128, 1))
        self.stage3 = nn.Sequential(BasicBlock(128, 256, 2), BasicBlock(256, 256, 1))
        self.stage4 = nn.Sequential(BasicBlock(256, 512, 2), BasicBlock(512, 512, 1))
        left = -(-rows // 8) // 4 * (-(-columns // 8) // 4)
        self.pool = nn.AvgPool2d(4)
        self.hidden = nn.Sequential(nn.Flatten(), nn.Linear(512 * left, 512), nn.ReLU())
        self.head = nn.Linear(512, classes)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Give logits, shape (images, classes), for (images, channels, rows, columns)."""
        found = self.stage3(self.stage2(self.stage1(self.stem(image))))
        logits: torch.Tensor = self.head(self.hidden(self.pool(self.stage4(found))))
        return logits
