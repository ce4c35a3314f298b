"""The decoder d: from attributes back to an image, only for training and for judging."""

import itertools
import math
from typing import final

import torch
from torch import nn

from explainers.attributes.fitting.architecture import Architecture, Shape

LARGEST_START = 16


@final
class Cropped(nn.Module):
    """Cut an image down to its first rows and columns.

    Parameters
    ----------
    rows, columns
        What is kept.

    """

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self.rows, self.columns = rows, columns

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Cut a batch of shape (images, channels, rows, columns)."""
        return image[:, :, : self.rows, : self.columns]


def decoder(image: Shape, made: Architecture) -> nn.Sequential:
    """Make the decoder for images of a shape, of pixels in [0, 1].

    An affine layer makes a small map, transposed convolutions double its sides until they
    reach the image's: twice for images of up to 64 pixels, as in the paper.

    Parameters
    ----------
    image
        (channels, rows, columns).
    made
        The kind of decoder and its widths.

    """
    channels, rows, columns = image
    doublings = max(2, math.ceil(math.log2(max(rows, columns) / LARGEST_START)))
    side = -(-rows // 2**doublings), -(-columns // 2**doublings)
    start = (made.decoder_start, *side)
    dense = made.decoder != "transposed"
    last = made.decoder_widths[-1] if dense else channels
    inner = [made.decoder_widths[min(i, len(made.decoder_widths) - 1)] for i in range(doublings)]
    widths = [made.decoder_start, *inner[:-1], last]
    layers: list[nn.Module] = [
        nn.Linear(made.attributes, math.prod(start)),
        nn.Unflatten(1, start),
    ]
    for before, after in itertools.pairwise(widths):
        layers += [
            nn.ConvTranspose2d(before, after, 3, stride=2, padding=1, output_padding=1),
            nn.ReLU(),
        ]
    layers.append(Cropped(rows, columns))
    if dense:
        layers += [
            nn.Flatten(),
            nn.Linear(last * rows * columns, math.prod(image)),
            *([nn.ReLU()] if made.decoder == "dense" else []),
            nn.Unflatten(1, image),
        ]
    return nn.Sequential(*layers)
