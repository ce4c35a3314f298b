"""The stored state of a rule set, part by part; see `Representative`."""

from typing import Any

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray, IntArray
from explainers.fitting_contract import FittingData, Upper
from explainers.representative.fitting.maps import draw_maps
from explainers.representative.fitting.rule_set import RuleSet, points_of
from explainers.representative.fitting.showing import KEPT
from explainers.representative.served.checks import MOST_POINTS, MOST_STORED, MOST_TAIL
from explainers.representative.served.search import DenseTail


def stored_facets(rules: RuleSet) -> dict[str, Any]:
    """Give the half-spaces and what they guard against."""
    return {
        "normals": rules.polytopes.normals,
        "offsets": rules.polytopes.offsets,
        "starts": rules.polytopes.starts,
        "norms": rules.norms,
        "guarded": rules.guarded,
        "polytope_classes": rules.labels,
    }


def stored_counts(rules: RuleSet, train: ActivationTable) -> dict[str, Any]:
    """Count again what lies inside, with the stored numbers and as it is served."""
    members = rules.polytopes.members(points_of(train))
    wrong = members & (train.predicted[:, None] != rules.labels[None, :])
    return {
        "references": members.sum(axis=0, dtype=np.int64),
        "others": wrong.sum(axis=0, dtype=np.int64),
    }


def stored_examples(rules: RuleSet, data: FittingData, shown: list[IntArray]) -> dict[str, Any]:
    """Give the images that are shown, and the heat maps on them."""
    used = np.unique(np.concatenate(shown))
    similar = np.full((len(shown), KEPT), -1, dtype=np.int64)
    for place, rows in enumerate(shown):
        similar[place, : len(rows)] = np.searchsorted(used, rows)
    rows = data.train.rows[used].astype(np.int64)
    maps = draw_maps(rules.facets, shown, data.train, data.channel_map)
    return {
        "example_ids": tuple(data.example_ids(row) for row in rows.tolist()),
        "example_rows": rows,
        "example_points": np.array(points_of(data.train)[used], dtype=np.float32),
        "example_predicted": data.train.predicted[used],
        "similar": similar,
        "channel_weights": maps.channel_weights,
        "channel_map": _channel_map(data, maps.channel_weights),
        "heats": maps.heats,
        "side_heats": maps.side_heats,
    }


def _channel_map(data: FittingData, weights: FloatArray) -> FloatArray:
    if data.channel_map is None or not len(weights):
        return np.zeros((0, weights.shape[1]), dtype=np.float32)
    return data.channel_map


def stored_tail(upper: Upper, train: ActivationTable, rng: np.random.Generator) -> dict[str, Any]:
    """Give what a search at request time needs, where it is small enough to be stored."""
    points = points_of(train)
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
