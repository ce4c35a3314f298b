"""The predictor of Parekh et al. for MNIST and Fashion-MNIST."""

from typing import final

import torch
from torch import nn

TAPPED = ("features",)
LAYER = "hidden"


@final
class LenetBased(nn.Module):
    """Two convolutions, one hidden layer of 128, dropout before the tap and the head.

    Parameters
    ----------
    channels, rows, columns
        Of the image; rows and columns are even.
    classes
        How many logits there are.

    """

    def __init__(
        self, channels: int = 1, rows: int = 28, columns: int = 28, classes: int = 10
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(channels, 16, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.MaxPool2d(2),
            nn.Dropout(0.5),
            nn.ReLU(),
        )
        self.hidden = nn.Sequential(
            nn.Flatten(), nn.Linear(32 * (rows // 2) * (columns // 2), 128), nn.ReLU()
        )
        self.dropout = nn.Dropout(0.5)
        self.head = nn.Linear(128, classes)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Give logits, shape (images, classes), for (images, channels, rows, columns)."""
        logits: torch.Tensor = self.head(self.dropout(self.hidden(self.features(image))))
        return logits
