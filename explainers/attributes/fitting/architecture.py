"""The shapes of Psi and of the decoder, generated from the shapes of the tapped layers."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Literal, final

from explainers.errors import NotApplicableError

Shape = tuple[int, int, int]  # (channels, rows, columns)
Decoder = Literal["transposed", "dense", "dense_linear"]
SIDE = 3  # of the map that Psi pools to
KERNEL = 3
MOST, MOST_DECODER = 4096, 256
MOST_STRIDE = 3  # beyond it a convolution of 3 x 3 would skip positions


@final
@dataclasses.dataclass(frozen=True)
class Architecture:
    """What Psi, the head and the decoder are made of.

    Attributes
    ----------
    attributes
        J, the size of the dictionary.
    width
        Channels of each convolution of Psi.
    pool
        By how much each tapped map is averaged and made smaller before Psi; 1 is the paper.
    inner_slope, outer_slope
        Of the leaky ReLU inside Psi and at its end, below zero; 0 is a ReLU. The released
        MNIST model has 0.01 at the end, so that Phi is only nearly non-negative.
    head_dropout
        The share of attributes left out before the head, in training.
    positive_head
        Whether W >= 0 is held, which the paper does not: each class is then a sum of parts.
    decoder
        ``transposed`` (two or more transposed convolutions), ``dense`` (these, then an affine
        layer and a ReLU) or ``dense_linear`` (the same without the last ReLU).
    decoder_start
        Channels of the small map that the decoder starts from.
    decoder_widths
        Channels after each transposed convolution, where another than the last.

    """

    attributes: int = 25
    width: int = 64
    pool: int = 1
    inner_slope: float = 0.01
    outer_slope: float = 0.0
    head_dropout: float = 0.01
    positive_head: bool = False
    decoder: Decoder = "transposed"
    decoder_start: int = 2
    decoder_widths: tuple[int, ...] = (8,)

    def __post_init__(self) -> None:
        for name in ("attributes", "width", "pool", "decoder_start"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
            if getattr(self, name) > MOST:
                raise ValueError(f"{name} must be at most {MOST}, not {getattr(self, name)}")
        widths = self.decoder_widths
        if not widths or min(widths) < 1 or max(widths) > MOST_DECODER:
            raise ValueError(
                f"decoder_widths must be one or more numbers from 1 to {MOST_DECODER}, not {widths}"
            )


@final
@dataclasses.dataclass(frozen=True)
class PsiPlan:
    """The layers of Psi for one or two tapped maps.

    Attributes
    ----------
    channels
        Of each map.
    kernels, strides
        Of the convolution on each.
    side
        (rows, columns) of the pooled map.
    shape
        (channels, rows, columns) of what is pooled.

    """

    channels: tuple[int, ...]
    kernels: tuple[int, ...]
    strides: tuple[int, ...]
    side: tuple[int, int]
    shape: Shape

    @property
    def features(self) -> int:
        """How many numbers the affine layer of Psi reads."""
        return self.shape[0] * self.side[0] * self.side[1]


def shape_of(size: Sequence[int]) -> Shape:
    """Give (channels, rows, columns) of a layer's output; a flat one is (features, 1, 1)."""
    return (size[0], size[1], size[2]) if len(size) == 3 else (size[0], 1, 1)


def plan_psi(shapes: tuple[Shape, ...], made: Architecture) -> PsiPlan:
    """Lay out Psi for the tapped maps.

    With two maps the larger one's convolution has the stride that makes it as small as the
    other; the two are concatenated, and convolved once more.

    Parameters
    ----------
    shapes
        Of one or two maps; a flat layer is (features, 1, 1).
    made
        Width and pooling.

    Raises
    ------
    NotApplicableError
        When there are more maps, or no whole stride makes the two alike.

    """
    if len(shapes) not in (1, 2):
        raise NotApplicableError(f"Psi reads one or two layers, not {len(shapes)}")
    _check_pool(shapes, made.pool)
    pooled = [_pooled(shape, made.pool) for shape in shapes]
    rows, columns = min(s[1] for s in pooled), min(s[2] for s in pooled)
    strides = tuple(math.ceil(s[1] / rows) for s in pooled)
    if max(strides) > MOST_STRIDE:
        raise NotApplicableError(
            f"Psi cannot join layers of {shapes[0]} and {shapes[1]} (channels, rows, columns): one "
            f"is more than {MOST_STRIDE} times as large as the other, and its convolution would "
            "skip positions; choose layers that are nearer in size"
        )
    for shape, stride in zip(pooled, strides, strict=True):
        reached = (-(-shape[1] // stride), -(-shape[2] // stride))
        if reached != (rows, columns):
            raise NotApplicableError(
                f"Psi cannot join layers of {shapes[0]} and {shapes[1]} (channels, rows, columns): "
                "the larger must be a whole multiple of the smaller; choose other layers"
            )
    kernels = tuple(KERNEL if max(s[1:]) > 1 else 1 for s in pooled)
    return PsiPlan(
        channels=tuple(s[0] for s in pooled),
        kernels=kernels,
        strides=strides,
        side=(min(SIDE, rows), min(SIDE, columns)),
        shape=(made.width, rows, columns),
    )


def _check_pool(shapes: tuple[Shape, ...], pool: int) -> None:
    for shape in shapes:
        if max(shape[1:]) > 1 and pool > min(shape[1:]):
            raise NotApplicableError(
                f"a layer of {shape} (channels, rows, columns) cannot be averaged by {pool}; set "
                f"pool to {min(shape[1:])} or less"
            )


def _pooled(shape: Shape, pool: int) -> Shape:
    return shape[0], max(shape[1] // pool, 1), max(shape[2] // pool, 1)
