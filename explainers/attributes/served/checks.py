"""Whether the stored parts of the method fit together."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from explainers.arrays import AnyArray, check_range, check_shape
from explainers.attributes.served.psi import LARGEST, TAPS
from explainers.errors import ArtefactError

if TYPE_CHECKING:
    from explainers.attributes.served.explainer import Attributes

MOST: Final = 2**62
MOST_ATTRIBUTES, MOST_SIDE, MOST_TILES = 4096, 512, 16
MOST_POOLING: Final = 10_000_000
LARGEST_WEIGHT: Final = 1e6


def check_stored(stored: "Attributes") -> None:
    """Raise `ArtefactError` or `ShapeError` naming the first part that does not fit."""
    _check_numbers(stored)
    _check_psi(stored)
    _check_head(stored)
    _check_decoder(stored)
    _check_pairs(stored)
    _check_pictures(stored)


def _check_numbers(stored: "Attributes") -> None:
    if len(stored.layers) not in (1, len(TAPS)) or len(stored.strides) != len(stored.layers):
        raise ArtefactError(
            f"there must be one or two layers, each with a stride, not {len(stored.layers)} with "
            f"{len(stored.strides)}"
        )
    limits: dict[str, tuple[float, float]] = {
        "tau": (1.0, 1e6),
        "pool": (1, MOST_SIDE),
        "inner_slope": (0.0, 1.0),
        "outer_slope": (0.0, 1.0),
        "table_threshold": (0.0, 1.0),
        "validation_fidelity": (0.0, 1.0),
        "validation_cns": (0.0, MOST_ATTRIBUTES),
        "input_error": (0.0, 1e30),
        "mean_error": (0.0, 1e30),
        "maximised": (0, MOST),
        "raised": (0, stored.maximised),
        "above_original": (0, stored.maximised),
    }
    for name, (low, high) in limits.items():
        check_range(name, np.array([getattr(stored, name)]), low, high)
    for name in ("strides", "side", "convolved"):
        check_range(name, np.array(getattr(stored, name)), 1, 2**12)
    pooling = math.prod(stored.convolved) * math.prod(stored.side)
    check_range("size of the pooling", np.array([pooling]), 1, MOST_POOLING)


def _check_psi(stored: "Attributes") -> None:
    check_shape("first_bias", stored.first_bias, "channels")
    maps, width = len(stored.layers), len(stored.first_bias)
    check_shape("shapes", stored.shapes, "maps", "axes", maps=maps, axes=3)
    check_range("shapes", stored.shapes, 1, 2**20)
    check_range("channels of Psi", np.array([width]), 1, MOST_ATTRIBUTES)
    _check_convolution("first", stored.first_weights, stored.first_bias, stored.shapes[0, 0], width)
    two = maps == len(TAPS)
    channels = int(stored.shapes[1, 0]) if two else 0
    out = width if two else 0
    _check_convolution("second", stored.second_weights, stored.second_bias, channels, out)
    joined = 2 * width if two else 0
    _check_convolution("joining", stored.joining_weights, stored.joining_bias, joined, out)
    for shape, stride in zip(stored.shapes.tolist(), stored.strides, strict=True):
        sides = [max(size // stored.pool, 1) for size in shape[1:]]
        reached = tuple(-(-size // stride) for size in sides)
        if reached != stored.convolved:
            raise ArtefactError(
                f"convolved must be {reached}, which the layers of {shape} (channels, rows, "
                f"columns) become, not {stored.convolved}"
            )
    if any(s > c for s, c in zip(stored.side, stored.convolved, strict=True)):
        raise ArtefactError(f"side must not be larger than {stored.convolved}, not {stored.side}")


def _check_convolution(
    name: str, weights: AnyArray, bias: AnyArray, before: int, after: int
) -> None:
    check_shape(f"{name}_weights", weights, "out", "into", "rows", "columns", out=after)
    check_shape(f"{name}_bias", bias, "out", out=after)
    if not after:
        return
    kernel = weights.shape[2]
    check_range(f"the kernel of {name}_weights", np.array([kernel]), 1, MOST_SIDE)
    axes = ("out", "into", "rows", "columns")
    sizes = {"out": after, "into": int(before), "rows": kernel, "columns": kernel}
    check_shape(f"{name}_weights", weights, *axes, **sizes)
    check_range(f"the kernel of {name}_weights", np.array([kernel % 2]), 1, 1)
    _check_weights(f"{name}_weights", weights)
    _check_weights(f"{name}_bias", bias)


def _check_weights(name: str, array: AnyArray) -> None:
    check_range(name, array, -LARGEST_WEIGHT, LARGEST_WEIGHT)


def _check_decoder(stored: "Attributes") -> None:
    numbers = stored.decoder_numbers
    check_shape("decoder_parameters", stored.decoder_parameters, "numbers", numbers=numbers)
    check_range("decoder_parameters", stored.decoder_parameters, -LARGEST_WEIGHT, LARGEST_WEIGHT)


def _check_head(stored: "Attributes") -> None:
    check_shape("attribute_bias", stored.attribute_bias, "attributes")
    attributes, classes = len(stored.attribute_bias), len(stored.class_names)
    check_range("number of attributes", np.array([attributes]), 1, MOST_ATTRIBUTES)
    features = len(stored.first_bias) * stored.side[0] * stored.side[1]
    check_shape("attribute_weights", stored.attribute_weights, "a", "f", a=attributes, f=features)
    check_shape("class_weights", stored.class_weights, "c", "a", c=classes, a=attributes)
    check_shape("class_bias", stored.class_bias, "classes", classes=classes)
    for name in ("attribute_weights", "attribute_bias", "class_weights", "class_bias"):
        _check_weights(name, getattr(stored, name))
    check_shape("mean_phi", stored.mean_phi, "attributes", attributes=attributes)
    check_range("mean_phi", stored.mean_phi, -LARGEST, LARGEST)
    check_shape("table", stored.table, "c", "a", c=classes, a=attributes)
    check_range("table", stored.table, -1.0, 1.0)


def _check_pairs(stored: "Attributes") -> None:
    check_shape("pairs", stored.pairs, "pairs", "sides", sides=2)
    pairs, examples = len(stored.pairs), len(stored.example_ids)
    check_range("classes of pairs", stored.pairs[:, 0], 0, len(stored.class_names) - 1)
    check_range("attributes of pairs", stored.pairs[:, 1], 0, len(stored.mean_phi) - 1)
    if len(np.unique(stored.pairs, axis=0)) != pairs:
        raise ArtefactError("pairs must differ")
    check_shape("pair_images", stored.pair_images, "pairs", pairs=pairs)
    check_range("pair_images", stored.pair_images, 0, MOST)
    for name, high in (
        ("example_rows", MOST),
        ("example_predicted", len(stored.class_names) - 1),
    ):
        check_shape(name, getattr(stored, name), "examples", examples=examples)
        check_range(name, getattr(stored, name), 0, high)
    if len(set(stored.example_ids)) != examples:
        raise ArtefactError("example_ids must differ")
    check_shape("samples", stored.samples, "pairs", "samples", pairs=pairs)
    check_range("samples", stored.samples, -1, examples - 1)
    check_range("number of samples", np.array([stored.samples.shape[1]]), 1, MOST_TILES)
    check_shape("local_samples", stored.local_samples, "pairs", pairs=pairs)
    check_range("local_samples", stored.local_samples, -1, examples - 1)


def _check_pictures(stored: "Attributes") -> None:
    axes = ("pairs", "samples", "rows", "columns", "channels")
    pictures = stored.sample_pictures
    check_shape("sample_pictures", pictures, *axes)
    sizes = dict(zip(axes, pictures.shape, strict=True))
    if pictures.size:
        sizes |= {"pairs": len(stored.pairs), "samples": stored.samples.shape[1]}
        check_shape("sample_pictures", pictures, *axes, **sizes)
        check_range("sides of pictures", np.array(pictures.shape[2:4]), 1, MOST_SIDE)
        if pictures.shape[4] not in (1, 3):
            raise ArtefactError(f"pictures must have 1 or 3 channels, not {pictures.shape[4]}")
    sizes.pop("samples")
    for name in ("random_pictures", "released_pictures", "local_pictures"):
        check_shape(name, getattr(stored, name), *(axes[:1] + axes[2:]), **sizes)
    check_shape("released_ranges", stored.released_ranges, "pairs", "ends", ends=2)
    if pictures.size:
        pairs = len(stored.pairs)
        check_shape("released_ranges", stored.released_ranges, "pairs", "ends", pairs=pairs)
    check_range("released_ranges", stored.released_ranges, -LARGEST, LARGEST)
