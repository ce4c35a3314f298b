"""Explained images and similar ones, each plain and under its heat map."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import final

import matplotlib as mpl
import numpy as np

from explainers.arrays import ByteArray, DoubleArray, FloatArray, IntArray
from explainers.representative.served.search import normalised
from reasoned.evaluation.comparison import Scene, weighted_maps
from reasoned.evaluation.image_polytope import ImagePolytope
from reasoned.evaluation.masking import upsampled
from reasoned.evaluation.page_parts import png_url
from reasoned.evaluation.peers import grad_cam
from reasoned.evaluation.unseen import nearest_by_map
from reasoned.images.preprocessing import Preprocessing

SIMILAR, EXAMPLES = 4, 3
_COLOURS = "inferno"


@final
@dataclasses.dataclass(frozen=True)
class ShownImage:
    """One image of a row: plain, under its map, and its class's score before and after.

    Attributes
    ----------
    plain, overlay
        PNG, as data URLs.
    before, after
        The probability of the explained class, of all and of the pixels kept.

    """

    plain: str
    overlay: str
    before: float
    after: float


@final
@dataclasses.dataclass(frozen=True)
class ShownRow:
    """The explained image, and the similar ones that a method finds."""

    title: str
    images: tuple[ShownImage, ...]


def shown_examples(
    scene: Scene, polytopes: Sequence[Mapping[str, ImagePolytope]], classes: Sequence[str]
) -> tuple[ShownRow, ...]:
    """Draw rows for the first explained images of different classes, by RI and by Grad-CAM.

    Parameters
    ----------
    scene
        The network, the images and how they are masked.
    polytopes
        For each explained image its polytopes, by mode.
    classes
        Their names.

    """
    rows = []
    for polytope in _of_different_classes([one["ri_paper"] for one in polytopes]):
        position, name = polytope.position, classes[polytope.of_class]
        pixels = np.array(scene.unseen.pixels[position : position + 1])
        weights = grad_cam(scene.network, pixels, np.array([polytope.of_class], np.int64))[0]
        nearest = nearest_by_map(scene.unseen, position, SIMILAR)
        rows += [
            _row(
                scene, polytope, f"{name}: RI as in the paper", polytope.weights, polytope.similar
            ),
            _row(scene, polytope, f"{name}: Grad-CAM", weights, nearest),
        ]
    return tuple(rows)


def _of_different_classes(polytopes: Sequence[ImagePolytope]) -> Iterator[ImagePolytope]:
    seen = set[int]()
    for polytope in polytopes:
        whole = len(polytope.similar) >= SIMILAR and polytope.of_class not in seen
        if whole and len(seen) < EXAMPLES:
            seen.add(polytope.of_class)
            yield polytope


def _row(
    scene: Scene, polytope: ImagePolytope, title: str, weights: DoubleArray, similar: IntArray
) -> ShownRow:
    positions = np.concatenate([[polytope.position], similar[:SIMILAR]]).astype(np.int64)
    heats = weighted_maps(weights, scene.unseen.psi[positions])
    before = scene.unseen.probabilities[positions, polytope.of_class]
    after = scene.kept_scores(positions, heats, polytope.of_class)
    images = []
    for place, position in enumerate(positions.tolist()):
        picture = as_picture(scene.unseen.pixels[position], scene.unseen.preprocessing)
        plain, overlay = png_url(picture), png_url(overlaid(picture, heats[place]))
        images.append(ShownImage(plain, overlay, float(before[place]), float(after[place])))
    return ShownRow(title, tuple(images))


def as_picture(pixels: FloatArray, preprocessing: Preprocessing) -> ByteArray:
    """Turn the network's input back into an image (rows, columns, 3)."""
    mean = np.array(preprocessing.mean)[:, None, None]
    std = np.array(preprocessing.std)[:, None, None]
    values = np.clip(np.rint((pixels * std + mean) * 255), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(values, (3, *values.shape[1:])).transpose(1, 2, 0))


def overlaid(picture: ByteArray, heat: DoubleArray) -> ByteArray:
    """Blend an image (rows, columns, 3) with the colours of a map of any size."""
    large = upsampled(normalised(heat)[None], (picture.shape[0], picture.shape[1]))[0]
    colours = mpl.colormaps[_COLOURS](large)[:, :, :3]
    blended = 0.4 * picture.astype(np.float64) / 255 + 0.6 * colours
    found: ByteArray = np.rint(255 * np.clip(blended, 0, 1)).astype(np.uint8)
    return found
