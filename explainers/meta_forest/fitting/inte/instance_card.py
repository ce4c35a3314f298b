"""The explanation of one image on one card, from its pixels to its class."""

import dataclasses
from typing import final

from explainers.arrays import AnyArray, IntArray
from explainers.meta_forest.pictures.histogram_bars import bars, legend, shown_classes
from explainers.svg import (
    LINE,
    MUTED,
    TAKEN,
    box,
    colour_of,
    document,
    label,
    picture,
    stroke,
    wrapped,
)

_WIDTH, _EDGE, _STEP_HIGH, _BOX_WIDE, _CHIPS_PER_ROW = 980.0, 20.0, 138.0, 300.0, 7


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Chip:
    """One factor of the meta-row, by both routes."""

    factor: int
    network: int
    forest: int


@final
@dataclasses.dataclass(frozen=True, eq=False)
class CardStep:
    """One test on the path and what its cluster means.

    Attributes
    ----------
    question, answer
        The test, and ``yes`` or ``no`` as it turned out.
    histogram
        Shape (classes). The training images at the node.
    meaning
        Lines on the cluster: its classes, its units.
    mean_image, pixel_map
        Data URIs: the cluster's mean training image, and where its base learner looks;
        the map is empty where there is none.
    nearest
        Data URIs of the training images nearest to the centroid.

    """

    question: str
    answer: str
    histogram: IntArray
    meaning: tuple[str, ...]
    mean_image: str
    pixel_map: str
    nearest: tuple[str, ...]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class InstanceCard:
    """Everything that one card shows.

    Attributes
    ----------
    title, facts
        The heading and the lines beside the image.
    image
        Data URI.
    chips
        The meta-row.
    steps
        The path, from the root.
    leaf_words
        Lines in the leaf; the first is the class.
    leaf_histogram
        Shape (classes).
    classes
        The class names.

    """

    title: str
    facts: tuple[str, ...]
    image: str
    chips: tuple[Chip, ...]
    steps: tuple[CardStep, ...]
    leaf_words: tuple[str, ...]
    leaf_histogram: IntArray
    classes: tuple[str, ...]


def card_svg(card: InstanceCard) -> str:
    """Draw the card: image and facts, the ids by both routes, and the path downwards."""
    histogram = card.steps[0].histogram if card.steps else card.leaf_histogram
    shown = shown_classes(histogram)
    parts, y = _head(card)
    chips, y = _chips(card.chips, y)
    names, base = legend((_EDGE, y), _WIDTH - _EDGE, shown, card.classes)
    parts += [*chips, *names]
    y = base + 18
    for step in card.steps:
        parts += _step(step, y, shown, card.classes)
        y += _STEP_HIGH
    parts += _leaf(card, y, shown)
    return document(_WIDTH, y + 110, card.title, parts)


def _head(card: InstanceCard) -> tuple[list[str], float]:
    parts = [label((_EDGE, 30), card.title, size=17, bold=True)]
    parts.append(picture((_EDGE, 44), 112, card.image, "the image"))
    for line, fact in enumerate(card.facts):
        parts.append(label((_EDGE + 132, 62 + 21 * line), fact, size=13.5))
    return parts, max(172.0, 62.0 + 21 * len(card.facts))


def _chips(chips: tuple[Chip, ...], y: float) -> tuple[list[str], float]:
    words = "Cluster ids: by the network's activations, then by the forests. Red: they differ."
    parts = [label((_EDGE, y + 8), words, colour=MUTED)]
    for place, chip in enumerate(chips):
        row, column = divmod(place, _CHIPS_PER_ROW)
        at = (_EDGE + column * 134, y + 18 + row * 34)
        same = chip.network == chip.forest
        fill, rim = ("#eef2f7", LINE) if same else ("#fde8e8", "#c0392b")
        parts.append(box(at, (126, 26), fill=fill, stroke=rim, corner=13))
        text = f"f{chip.factor} = c{chip.network} / c{chip.forest}"
        parts.append(label((at[0] + 63, at[1] + 18), text, bold=not same, anchor="middle"))
    rows = -(-len(chips) // _CHIPS_PER_ROW)
    return parts, y + 18 + rows * 34 + 18


def _step(step: CardStep, y: float, shown: IntArray, classes: tuple[str, ...]) -> list[str]:
    parts = _box(y, shown, (wrapped(step.question, 36, 2), step.histogram), classes)
    middle, foot = _EDGE + _BOX_WIDE / 2, y + 96
    other = "no" if step.answer == "yes" else "yes"
    onward = f"M{middle:.1f},{foot:.1f} V{y + _STEP_HIGH:.1f}"
    aside = f"M{middle - 90:.1f},{foot:.1f}"
    parts += [
        stroke(onward, colour=TAKEN, thickness=5),
        label((middle + 9, foot + 25), step.answer, bold=True, size=13),
        stroke(f"{aside} V{foot + 20:.1f}", thickness=1.5, dashes="4 3"),
        label((middle - 84, foot + 18), other, colour=MUTED, size=11),
    ]
    return parts + _meaning(step, _EDGE + _BOX_WIDE + 30, y)


def _meaning(step: CardStep, x: float, y: float) -> list[str]:
    parts = [picture((x, y), 64, step.mean_image, "mean training image of the cluster")]
    parts.append(label((x, y + 77), "mean image", size=10, colour=MUTED))
    for place, uri in enumerate(step.nearest):
        parts.append(picture((x + 78 + place * 45, y), 41, uri, "near the centroid"))
    parts.append(label((x + 78, y + 54), "nearest to its centroid", size=10, colour=MUTED))
    for line, text in enumerate(step.meaning):
        parts.append(label((x + 78, y + 73 + 16 * line), text, size=11.5))
    if step.pixel_map:
        parts.append(picture((x + 470, y), 64, step.pixel_map, "pixels that the forest goes by"))
        parts.append(label((x + 470, y + 77), "forest's pixels", size=10, colour=MUTED))
    return parts


def _leaf(card: InstanceCard, y: float, shown: IntArray) -> list[str]:
    parts = _box(y, shown, (list(card.leaf_words), card.leaf_histogram), card.classes)
    named = colour_of(int(card.leaf_histogram.argmax()))
    parts.append(box((_EDGE, y), (8, 96), fill=named, stroke="none", corner=3))
    return parts


def _box(
    y: float, shown: IntArray, content: tuple[list[str], AnyArray], classes: tuple[str, ...]
) -> list[str]:
    lines, histogram = content
    parts = [box((_EDGE, y), (_BOX_WIDE, 96), stroke=TAKEN, thickness=2)]
    for line, text in enumerate(lines):
        parts.append(label((_EDGE + 18, y + 21 + 16 * line), text, bold=line == 0, size=12.5))
    parts += bars((_EDGE + 18, y + 58), (_BOX_WIDE - 110, 28), histogram, shown, classes)
    count = f"{int(histogram.sum()):,} images".replace(",", "\u2009")
    where = (_EDGE + _BOX_WIDE - 8, y + 86)
    parts.append(label(where, count, size=11, colour=MUTED, anchor="end"))
    return parts
