"""What one explanation costs, ours and others' in the same run."""

import dataclasses
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, final

import numpy as np

from explainers.arrays import ByteArray, FloatArray
from explainers.contract import Explainer
from reasoned.assessment.figures import CostFigures
from reasoned.explaining import Parts
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions

NETWORK: Final = "the served graph alone"
_FULL: Final = ReplyOptions(explain="full")


@final
@dataclasses.dataclass(frozen=True)
class Priced:
    """Something whose cost is measured.

    Attributes
    ----------
    name
        What it is called.
    kind
        Whose it is.
    ask
        Explains one image of shape (rows, columns, channels), from its pixels on.

    """

    name: str
    kind: Literal["ours", "peer"]
    ask: Callable[[ByteArray], object]


def our_costs(model: ExplainedModel) -> tuple[Priced, ...]:
    """Give everything that the service computes: the pass, each method after it, a reply."""
    parts = model.explaining.parts
    found = [Priced(NETWORK, "ours", lambda image: parts.network.run(_pixels(parts, image)))]
    for name, method in parts.explainers.items():
        found.append(Priced(name, "ours", _asked(parts, method)))
        if type(method).explain_in_full is not Explainer.explain_in_full:
            found.append(Priced(f"{name}, in full", "ours", _asked_in_full(parts, method)))
    return (
        *found,
        Priced("a whole reply", "ours", model.reply),
        Priced("a whole reply, in full", "ours", lambda image: model.reply(image, _FULL)),
    )


def cost_figures(
    priced: Sequence[Priced],
    images: Sequence[ByteArray],
    progress: Callable[..., Iterable[int]],
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[CostFigures, ...]:
    """Time everything on the same images, one at a time and in turn.

    The network is asked once before each, untimed: else whatever follows a method that takes
    long, and needs much memory, would be charged for the way back.

    Parameters
    ----------
    priced
        What is timed; `our_costs` or more, since passes are counted in those of the network.
    images
        Each of shape (rows, columns, channels). The first is asked once before, untimed.
    progress
        Shows the images.
    clock
        Gives seconds.

    Returns
    -------
    tuple of CostFigures
        The medians over the images.

    """
    (network,) = (one for one in priced if one.name == NETWORK)
    for one in priced:
        one.ask(images[0])
    seconds = np.zeros((len(images), len(priced)))
    for row in progress(range(len(images)), "costs"):
        for column, one in enumerate(priced):
            network.ask(images[row])
            started = clock()
            one.ask(images[row])
            seconds[row, column] = clock() - started
    medians = dict(zip((one.name for one in priced), np.median(seconds, axis=0), strict=True))
    return tuple(
        CostFigures(
            name=one.name,
            kind=one.kind,
            milliseconds=1000 * float(medians[one.name]),
            passes=float(medians[one.name] / medians[NETWORK]),
        )
        for one in priced
    )


def _pixels(parts: Parts, image: ByteArray) -> FloatArray:
    return parts.preprocessing.apply(image)


def _asked(parts: Parts, method: Explainer) -> Callable[[ByteArray], object]:
    return lambda image: method.explain(parts.network.run(_pixels(parts, image)))


def _asked_in_full(parts: Parts, method: Explainer) -> Callable[[ByteArray], object]:
    return lambda image: method.explain_in_full(
        parts.network.run(_pixels(parts, image), whole=True), lambda: False
    )
