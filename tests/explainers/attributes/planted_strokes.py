"""Images made of six known strokes, whose unions are the classes."""

import dataclasses
from typing import Final, final

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import roc_auc_score
from torch import nn

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray

SIDE = 28
SHIFT = 1
STROKES = 6
# Which strokes make each class: two or three, each stroke in three or four classes.
CLASSES: Final = ((0, 1), (0, 2, 4), (1, 3), (2, 3, 5), (4, 5), (0, 3, 4), (1, 2, 5), (1, 4, 5))


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Strokes:
    """Images of shape (images, 1, rows, columns), their classes, and the strokes in each."""

    pixels: FloatArray
    labels: IntArray
    present: BoolArray


def planted(images: int, seed: int) -> Strokes:
    """Draw as many images of each class, every stroke shifted at random."""
    rng = np.random.default_rng(seed)
    labels = np.arange(images, dtype=np.int64) % len(CLASSES)
    contains = np.array([[s in strokes for s in range(STROKES)] for strokes in CLASSES])
    pixels = rng.normal(0.0, 0.05, (images, SIDE, SIDE))
    drawn = templates()
    for row, label in enumerate(labels):
        for stroke in CLASSES[label]:
            shift = rng.integers(-SHIFT, SHIFT + 1, 2)
            pixels[row] += np.roll(drawn[stroke], tuple(shift), (0, 1)) * rng.uniform(0.4, 1.0)
    found = pixels.clip(0, 1).astype(np.float32)[:, None]
    return Strokes(found, labels, contains[labels])


def templates() -> FloatArray:
    """Draw the strokes: two bars, two columns, a diagonal and a ring."""
    rows, columns = np.indices((SIDE, SIDE))
    ring = np.hypot(rows - 14, columns - 14)
    return np.stack(
        [
            (abs(rows - 4) < 2) & (abs(columns - 14) < 9),
            (abs(rows - 23) < 2) & (abs(columns - 14) < 9),
            (abs(columns - 4) < 2) & (abs(rows - 14) < 9),
            (abs(columns - 23) < 2) & (abs(rows - 14) < 9),
            (abs(rows - columns) < 2) & (abs(rows - 14) < 8),
            (ring > 4.5) & (ring < 7),
        ]
    ).astype(np.float32)


def best_matching(phi: FloatArray, present: BoolArray) -> DoubleArray:
    """Give each stroke's AUC under the best one-to-one matching with the attributes.

    Parameters
    ----------
    phi
        Shape (images, attributes).
    present
        Shape (images, strokes).

    """
    table = np.array(
        [[roc_auc_score(present[:, s], column) for column in phi.T] for s in range(STROKES)]
    )
    strokes, attributes = linear_sum_assignment(-table)
    found: DoubleArray = table[strokes, attributes]
    return found


class SmallPredictor(nn.Module):
    """Two convolutions, the second tapped, and an affine head."""

    def __init__(self) -> None:
        super().__init__()
        self.lower = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, padding=1),
            nn.ReLU(),
        )
        self.head = nn.Linear(16 * 49, len(CLASSES))

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        tapped = self.lower(image)
        return self.head(tapped.flatten(1)), tapped
