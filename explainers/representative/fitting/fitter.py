"""Find, choose, count and keep the polytopes of a rule set."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray, IntArray
from explainers.errors import NotApplicableError
from explainers.fitting_contract import FittingData, Upper
from explainers.representative.fitting.candidates import (
    Candidate,
    find_candidates,
    most_covering,
)
from explainers.representative.fitting.options import RuleSetOptions
from explainers.representative.fitting.showing import SHOWN, draw_maps, spread_members
from explainers.representative.fitting.sizing import (
    choose_least_depth,
    measure_sizes,
    usual_depth,
)
from explainers.representative.served import Representative
from explainers.representative.served.polytopes import Polytopes
from explainers.representative.served.search import Boundaries, DenseTail, References

MOST_STORED = 4_000
TELLING = 10_000  # images by which facets are ordered
MOST_TAIL = 2_000_000
MOST_POINTS = 8_000_000
MOST_NUMBERS = 50_000_000  # of all facets: 200 MB


@final
@dataclasses.dataclass(frozen=True, eq=False)
class RuleSet:
    """The chosen polytopes in the form in which they are served.

    Attributes
    ----------
    candidates
        As they were found.
    polytopes
        All their facets, of unit length.
    norms, guarded
        Shape (facets). Lengths of the raw normals; classes on the other side.
    labels
        Shape (polytopes).

    """

    candidates: list[Candidate]
    polytopes: Polytopes
    norms: FloatArray
    guarded: IntArray
    labels: IntArray


def rule_set(candidates: list[Candidate], references: FloatArray) -> RuleSet:
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
        polytopes=Polytopes(
            (normals / lengths[:, None]).astype(np.float32),
            (offsets / lengths).astype(np.float32),
            starts.astype(np.int64),
        ),
        norms=lengths.astype(np.float32),
        guarded=np.concatenate([part.second for part in facets]),
        labels=np.array([c.found.predicted for c in candidates], dtype=np.int64),
    )


def most_telling(facets: Boundaries, points: FloatArray) -> IntArray:
    """Order facets so that each cuts off the most of what those before it leave."""
    cut = facets.values(points.astype(np.float64)) <= 0.0
    order = list[int]()
    for _ in range(len(facets)):
        gains = cut.sum(axis=0)
        gains[order] = -1
        order.append(int(gains.argmax()))
        cut = cut & ~cut[:, order[-1], None]
    return np.array(order, dtype=np.int64)


def fit_representative(
    data: FittingData, rng: np.random.Generator, progress: Callable[..., Iterable[int]]
) -> Representative:
    """Build a rule set of polytopes that covers the training images.

    Parameters
    ----------
    data
        Training images are the references; validation images fix how many polytopes are
        kept.
    rng
        Draws seeds and boundaries.
    progress
        Shows the seeds.

    Raises
    ------
    NotApplicableError
        When the network above the explained map cannot be explained, with the reason.

    """
    upper = _upper(data)
    options = RuleSetOptions.read(data.options)
    points = _points(data.train)
    references = References(points, data.train.predicted)
    searching, showing, storing = rng.spawn(3)
    candidates = find_candidates(
        upper, references, options.search_settings(), options.seeds, searching, progress
    )
    if not candidates:
        raise NotApplicableError(
            "representative found no boundary: the network gives all training images one class"
        )
    most = min(options.polytopes, max(MOST_NUMBERS // (20 * points.shape[1]), 1))
    sample = points[:: max(len(points) // TELLING, 1)]
    wide = rule_set(most_covering(candidates, most), sample)
    seen, classes = _points(data.validation), data.validation.predicted
    size = measure_sizes(wide.polytopes, wide.labels, seen, classes).size()
    rules = rule_set(wide.candidates[:size], sample)
    least_depth = choose_least_depth(rules.polytopes, rules.labels, seen, classes)
    curves = measure_sizes(rules.polytopes, rules.labels, seen, classes, least_depth)
    shown = [spread_members(c, points, showing) for c in rules.candidates]
    return Representative(
        class_names=data.classes,
        approximate=upper.approximate,
        least_depth=least_depth,
        scale=usual_depth(rules.polytopes, seen),
        **_facets(rules),
        **_counts(rules, data.train),
        coverage=curves.coverage,
        agreement=curves.agreement,
        **_examples(rules, data, shown),
        **_tail(upper, data.train, storing),
    )


def _upper(data: FittingData) -> Upper:
    if data.upper is None:
        raise NotApplicableError(
            "representative needs the network above the explained map; this one was refused: "
            f"{data.upper_reason}"
        )
    return data.upper


def _points(table: ActivationTable) -> FloatArray:
    if table.boundary is None:
        raise NotApplicableError("representative needs the tap `boundary` of every image")
    return table.boundary


def _facets(rules: RuleSet) -> dict[str, Any]:
    return {
        "normals": rules.polytopes.normals,
        "offsets": rules.polytopes.offsets,
        "starts": rules.polytopes.starts,
        "norms": rules.norms,
        "guarded": rules.guarded,
        "polytope_classes": rules.labels,
    }


def _counts(rules: RuleSet, train: ActivationTable) -> dict[str, Any]:
    """Count again what lies inside, with the stored numbers and as it is served."""
    members = rules.polytopes.members(_points(train))
    wrong = members & (train.predicted[:, None] != rules.labels[None, :])
    return {
        "references": members.sum(axis=0, dtype=np.int64),
        "others": wrong.sum(axis=0, dtype=np.int64),
    }


def _examples(rules: RuleSet, data: FittingData, shown: list[IntArray]) -> dict[str, Any]:
    used = np.unique(np.concatenate(shown))
    similar = np.full((len(shown), SHOWN), -1, dtype=np.int64)
    for place, rows in enumerate(shown):
        similar[place, : len(rows)] = np.searchsorted(used, rows)
    rows = data.train.rows[used].astype(np.int64)
    maps = draw_maps(rules.candidates, shown, data.train, data.channel_map)
    return {
        "example_ids": tuple(data.example_ids(row) for row in rows.tolist()),
        "example_rows": rows,
        "example_points": np.array(_points(data.train)[used], dtype=np.float32),
        "example_predicted": data.train.predicted[used],
        "similar": similar,
        "channel_weights": maps.channel_weights,
        "heats": maps.heats,
    }


def _tail(upper: Upper, train: ActivationTable, rng: np.random.Generator) -> dict[str, Any]:
    """Give what a search at request time needs, where it is small enough to be stored."""
    points = _points(train)
    if not isinstance(upper, DenseTail) or not _small(upper, points.shape[1]):
        empty = np.zeros(0)
        return {
            "tail_shapes": (),
            "tail_slopes": (),
            "tail_weights": empty,
            "tail_biases": empty,
            "search_points": np.zeros((0, points.shape[1]), dtype=np.float32),
            "search_predicted": np.zeros(0, dtype=np.int64),
        }
    stored = np.sort(rng.choice(len(points), min(MOST_STORED, len(points)), replace=False))
    return {
        "tail_shapes": tuple(weight.shape for weight in upper.weights),
        "tail_slopes": upper.slopes,
        "tail_weights": np.concatenate([weight.ravel() for weight in upper.weights]),
        "tail_biases": np.concatenate(upper.biases),
        "search_points": np.array(points[stored], dtype=np.float32),
        "search_predicted": train.predicted[stored],
    }


def _small(tail: DenseTail, units: int) -> bool:
    numbers = sum(weight.size for weight in tail.weights)
    return numbers <= MOST_TAIL and units * MOST_STORED <= MOST_POINTS
