"""The class-attribute relevances as one picture."""

from typing import TYPE_CHECKING, Final

import numpy as np

from explainers.attributes.served.showcase import DEAD
from explainers.svg import INK, MUTED, box, document, label, stroke, wrapped

if TYPE_CHECKING:
    from explainers.attributes.served.explainer import Attributes

CELL: Final = (64.0, 20.0)
LEFT, TOP, LOW = 150.0, 126.0, 60.0
LEAST: Final = 0.05  # relevances below it have no number
MOST_CLASSES, MOST_ATTRIBUTES = 40, 60


def draw_relevances(stored: "Attributes") -> str:
    """Draw attributes as rows and classes as columns, dark where the mean relevance is high."""
    classes = list(range(min(len(stored.class_names), MOST_CLASSES)))
    rows = list(range(min(len(stored.mean_phi), MOST_ATTRIBUTES)))
    width, height = LEFT + CELL[0] * len(classes) + 20, TOP + CELL[1] * len(rows) + LOW
    parts = [
        label((16, 24), "Which attributes speak for which class", size=15, bold=True),
        *_subtitle(stored.table_threshold),
        *_columns(stored, classes),
    ]
    for place, attribute in enumerate(rows):
        parts += _row(stored, attribute, TOP + CELL[1] * place, classes)
    dead = int((stored.mean_phi < DEAD).sum())
    said = (
        f"{dead} of {len(stored.mean_phi)} attributes are dead: hardly ever active on the training "
        "images."
    )
    if len(stored.class_names) > len(classes) or len(stored.mean_phi) > len(rows):
        said += f" Shown: the first {len(rows)} attributes and {len(classes)} classes."
    parts.append(label((16, height - 22), said, colour=MUTED))
    return document(max(width, 620.0), height, "Relevance of attributes for classes", parts)


def _subtitle(threshold: float) -> list[str]:
    words = (
        "Mean share of the largest contribution, over training images that the interpreter puts "
        "into the class as the network does. Blue: for it; red: against it; underlined: above "
        f"{threshold:.2g}; no number: below {LEAST}."
    )
    lines = enumerate(wrapped(words, 84, 3))
    return [label((16, 44 + 15 * line), text, colour=MUTED) for line, text in lines]


def _columns(stored: "Attributes", classes: list[int]) -> list[str]:
    parts = []
    for place, number in enumerate(classes):
        middle = LEFT + CELL[0] * (place + 0.5)
        for line, text in enumerate(wrapped(stored.class_names[number], 10, 2)):
            where = (middle, TOP - 20 + 13 * line)
            parts.append(label(where, text, size=10, anchor="middle"))
    return parts


def _row(stored: "Attributes", attribute: int, top: float, classes: list[int]) -> list[str]:
    dead = float(stored.mean_phi[attribute]) < DEAD
    unused = not (np.abs(stored.table[:, attribute]) >= LEAST).any()
    name = f"attribute {attribute}" + (" (dead)" if dead else " (unused)" if unused else "")
    middle = top + CELL[1] * 0.7
    parts = [
        label(
            (LEFT - 8, middle), name, size=11, anchor="end", colour=MUTED if dead or unused else INK
        )
    ]
    for place, number in enumerate(classes):
        relevance = float(stored.table[number, attribute])
        at = (LEFT + CELL[0] * place, top)
        parts.append(box(at, CELL, fill=_shade(relevance), stroke="#ffffff", corner=0))
        if abs(relevance) >= LEAST:
            light = abs(relevance) > 0.55
            parts.append(
                label(
                    (at[0] + CELL[0] / 2, middle),
                    f"{relevance:.2f}",
                    size=10,
                    anchor="middle",
                    colour="#ffffff" if light else INK,
                )
            )
        if relevance > stored.table_threshold:
            way = f"M{at[0] + 1:.0f} {top + CELL[1] - 2:.0f}h{CELL[0] - 2:.0f}"
            parts.append(stroke(way, colour=INK, thickness=2))
    return parts


def _shade(relevance: float) -> str:
    """Give white for 0, deep blue for 1 and red for -1."""
    share = min(abs(relevance), 1.0)
    far = (23, 78, 166) if relevance >= 0 else (180, 35, 24)
    red, green, blue = (round(245 + (end - 245) * share) for end in far)
    return f"#{red:02x}{green:02x}{blue:02x}"
