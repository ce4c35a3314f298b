"""The chosen polytopes in the form in which they are served."""

import dataclasses
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.errors import NotApplicableError
from explainers.representative.fitting.candidates import Candidate
from explainers.representative.served.polytopes import Polytopes
from explainers.representative.served.search import Boundaries


@final
@dataclasses.dataclass(frozen=True, eq=False)
class RuleSet:
    """The chosen polytopes in the form in which they are served.

    Attributes
    ----------
    candidates
        As they were found.
    facets
        Of each, the most telling first.
    polytopes
        All their facets, of unit length.
    norms, guarded
        Shape (facets). Lengths of the raw normals; classes on the other side.
    labels
        Shape (polytopes).

    """

    candidates: list[Candidate]
    facets: list[Boundaries]
    polytopes: Polytopes
    norms: FloatArray
    guarded: IntArray
    labels: IntArray


def rule_set(candidates: list[Candidate], references: DoubleArray) -> RuleSet:
    """Put the facets of polytopes into one table, the most telling of each first.

    `references` has the shape (images, units).
    """
    facets = [
        part.take(most_telling(part, references))
        for part in (candidate.found.facets for candidate in candidates)
    ]
    normals = np.concatenate([part.normals for part in facets])
    lengths = np.linalg.norm(normals, axis=1)
    offsets = np.concatenate([part.offsets for part in facets])
    starts = np.concatenate([[0], np.cumsum([len(part) for part in facets])])
    return RuleSet(
        candidates=candidates,
        facets=facets,
        polytopes=Polytopes(
            (normals / lengths[:, None]).astype(np.float32),
            (offsets / lengths).astype(np.float32),
            starts.astype(np.int64),
        ),
        norms=lengths.astype(np.float32),
        guarded=np.concatenate([part.second for part in facets]),
        labels=np.array([c.found.predicted for c in candidates], dtype=np.int64),
    )


def most_telling(facets: Boundaries, points: DoubleArray) -> IntArray:
    """Order facets so that each cuts off the most of what those before it leave."""
    cut = facets.values(points) <= 0.0
    order = list[int]()
    for _ in range(len(facets)):
        gains = cut.sum(axis=0)
        gains[order] = -1
        order.append(int(gains.argmax()))
        cut = cut & ~cut[:, order[-1], None]
    return np.array(order, dtype=np.int64)


def points_of(table: ActivationTable) -> FloatArray:
    """Give boundary space, or raise `NotApplicableError` where the table has none."""
    if table.boundary is None:
        raise NotApplicableError("representative needs the tap `boundary` of every image")
    return table.boundary
