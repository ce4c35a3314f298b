"""The search for one image's polytope: numpy alone, at fit and at request time."""

from explainers.representative.served.search.bitsets import Bits, count, pack, unpack
from explainers.representative.served.search.boundaries import (
    Boundaries,
    Sampled,
    Seed,
    sample_boundaries,
)
from explainers.representative.served.search.cover import greedy_cover, prune
from explainers.representative.served.search.dense_tail import DenseTail
from explainers.representative.served.search.heat_map import (
    boundary_weights,
    channel_weights,
    heat_map,
    normalised,
)
from explainers.representative.served.search.polytope import Found, find_polytope
from explainers.representative.served.search.ranking import rank_similar, semantic_distance
from explainers.representative.served.search.references import References
from explainers.representative.served.search.settings import SearchSettings, Solver
from explainers.representative.served.search.sides import cut_sets
from explainers.representative.served.search.tail import Tail

__all__ = [
    "Bits",
    "Boundaries",
    "DenseTail",
    "Found",
    "References",
    "Sampled",
    "SearchSettings",
    "Seed",
    "Solver",
    "Tail",
    "boundary_weights",
    "channel_weights",
    "count",
    "cut_sets",
    "find_polytope",
    "greedy_cover",
    "heat_map",
    "normalised",
    "pack",
    "prune",
    "rank_similar",
    "sample_boundaries",
    "semantic_distance",
    "unpack",
]
