"""Every component of the mixture as one picture."""

from typing import TYPE_CHECKING, Final

import numpy as np

from explainers.mixture.served.heat_cells import bars, cells
from explainers.mixture.served.places import HIDDEN, Places
from explainers.svg import LINE, MUTED, box, document, label, wrapped

if TYPE_CHECKING:
    from explainers.mixture.served.explainer import Mixture

SIDE: Final = 112.0
LEFT, TOP, ROW, COLUMN = 140.0, 104.0, 190.0, 150.0
MOST_BYTES: Final = 800_000
MOST_ACROSS: Final = 20
_WORDS: Final = (
    "Each map holds the weights of one component, which answers for some images of the class, at "
    "their places. Blue: a brighter pixel speaks for the class; red: against it; stronger colour: "
    "larger weight, within one map; grey: not even the sign is certain (95 % interval); at most "
    "150 are drawn."
)
_UNITS: Final = (
    "Each strip holds the weights of one component, which answers for some images of the class: a "
    "bar per unit of the explained layer. Blue, upwards: it speaks for the class; red, downwards: "
    "against it; grey: not even the sign is certain (95 % interval); the 150 largest are drawn."
)


def draw_mixture(stored: "Mixture", places: Places) -> str:
    """Draw classes as rows, and their components side by side."""
    across = min(int(np.bincount(stored.owner).max()), MOST_ACROSS)
    parts, rows = list[str](), 0
    for number in range(len(stored.class_names)):
        drawn = _row(stored, places, number, TOP + ROW * rows)
        if sum(map(len, parts)) + sum(map(len, drawn)) > MOST_BYTES:
            break
        parts, rows = parts + drawn, rows + 1
    height, width = TOP + ROW * rows + 40, max(LEFT + COLUMN * across + 20, 620.0)
    words = _UNITS if places.kind == HIDDEN else _WORDS
    lines = enumerate(wrapped(words, 92, 4))
    head = [
        label((16, 24), "What the components of each class weigh", size=15, bold=True),
        *(label((16, 44 + 15 * line), text, colour=MUTED) for line, text in lines),
    ]
    parts.append(label((16, height - 16), _left_out(stored, rows, across), colour=MUTED))
    return document(width, height, "Weights of the mixture's components", head + parts)


def _left_out(stored: "Mixture", rows: int, across: int) -> str:
    classes, most = len(stored.class_names), int(np.bincount(stored.owner).max())
    if rows == classes and across == most:
        return (
            "s2: the noise variance. Components of a net share its penalties l1 (few weights) and "
            "l2 (small ones)."
        )
    return f"Shown: the first {rows} of {classes} classes, at most {across} components of each."


def _row(stored: "Mixture", places: Places, number: int, top: float) -> list[str]:
    owned = np.flatnonzero(stored.owner == number).tolist()
    named = enumerate(wrapped(stored.class_names[number], 15, 3))
    parts = [label((16, top + 20 + 15 * line), text, bold=True) for line, text in named]
    if stored.verdicts[number]:
        warned = enumerate(wrapped(stored.verdicts[number], 22, 5))
        parts += [
            label((16, top + 74 + 12 * line), text, size=9.5, colour=MUTED) for line, text in warned
        ]
    for place, component in enumerate(owned[:MOST_ACROSS]):
        left = LEFT + COLUMN * place
        parts += _component(stored, places, component, (left, top))
    return parts


def _component(
    stored: "Mixture", places: Places, component: int, at: tuple[float, float]
) -> list[str]:
    weights, certain = stored.weights[component], stored.certain[component]
    if places.kind == HIDDEN:
        drawn = bars(weights, certain, at, SIDE)
    else:
        drawn = cells(places, weights, certain, at, SIDE)
    l1, l2 = stored.l1[component], stored.l2[component]
    said = (
        f"{100 * stored.shares[component]:.0f} % of rows, s2 {stored.s2[component]:.3g}",
        f"net {stored.nets[component] + 1}: l1 {l1:.3g}, l2 {l2:.3g}",
        f"constant {stored.intercepts[component]:+.2f}",
    )
    return [
        box(at, (SIDE, SIDE), stroke=LINE, corner=0),
        *drawn,
        *(
            label((at[0], at[1] + SIDE + 15 + 14 * line), text, size=10.5)
            for line, text in enumerate(said)
        ),
    ]
