"""What one fit of a method says of many images, ready to be compared with another fit's."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Self, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, DoubleArray, IntArray
from explainers.attributes.served import Attributes
from explainers.attributes.served.explainer import OTHER
from explainers.attributes.served.psi import ServedPsi
from explainers.contract import Explainer
from explainers.meta_forest.served import MetaForest
from reasoned.stability.traces import Trace, trace_of

Progress = Callable[..., Iterable[int]]
_OUTSIDE = ("", OTHER)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class FitAnswers:
    """A fitted method's answers to images, the same ones for every fit.

    Attributes
    ----------
    traces
        One per image.
    names
        Shape (images). The class that is named; -1 for none.
    regions
        Shape (images). The region; "" for none.
    count
        How many regions the method has.
    clusters
        Shape (images). The nearest cluster, or None where the method has none.
    attributes
        Shape (images, attributes), or None where the method has none.

    """

    traces: tuple[Trace, ...]
    names: IntArray
    regions: AnyArray
    count: int
    clusters: IntArray | None
    attributes: DoubleArray | None

    @classmethod
    def of(cls, method: Explainer, table: ActivationTable, progress: Progress, what: str) -> Self:
        """Ask a method about every image of a table."""
        traces = [trace_of(method, table.one(i)) for i in progress(range(len(table)), what)]
        return cls(
            traces=tuple(traces),
            names=np.array([-1 if t.names is None else t.names for t in traces], np.int64),
            regions=np.array([t.region or "" for t in traces], object),
            count=len(method.regions()),
            clusters=_clusters(method, table),
            attributes=_attributes(method, table),
        )

    @property
    def coverage(self) -> float:
        """The share of images that are in a region, and not in what is left over."""
        return float(np.mean(~np.isin(self.regions.astype(str), _OUTSIDE)))

    def fidelity(self, predicted: IntArray) -> float:
        """Give the share of images, of those for which a class is named, with the network's."""
        named = self.names >= 0
        return float((self.names[named] == predicted[named]).mean()) if named.any() else 0.0


def _clusters(method: Explainer, table: ActivationTable) -> IntArray | None:
    if not isinstance(method, MetaForest):
        return None
    squared = method.distances.squared_many(np.asarray(table.hidden))
    found: IntArray = squared.argmin(axis=1).astype(np.int64)
    return found


def _attributes(method: Explainer, table: ActivationTable) -> DoubleArray | None:
    """Give Phi(x) of every image."""
    if not isinstance(method, Attributes):
        return None
    psi, count, found = ServedPsi.of(method), len(method.attribute_bias), []
    for i in range(len(table)):
        one = table.one(i)
        maps = (one.intermediate, one.second_intermediate)[: len(method.layers)]
        found.append(psi.numbers(tuple(m for m in maps if m is not None))[:count])
    return np.array(found, np.float64)
