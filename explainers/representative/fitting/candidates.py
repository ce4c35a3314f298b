"""Polytopes from many seeds, and a few of them that cover the most."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import final

import numpy as np

from explainers.fitting_contract import Upper
from explainers.representative.served.search import (
    Bits,
    Found,
    References,
    SearchSettings,
    Seed,
    count,
    find_polytope,
    unpack,
)

ENOUGH = 0.9985


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Candidate:
    """A polytope, and the reference that it was found for."""

    seed: int
    found: Found


def find_candidates(
    upper: Upper,
    references: References,
    settings: SearchSettings,
    most: int,
    rng: np.random.Generator,
    progress: Callable[..., Iterable[int]],
) -> list[Candidate]:
    """Find polytopes from seeds drawn among the references that none covers yet.

    Ends when 99.85 % of the references are covered, or after `most` seeds. A polytope that
    holds nothing but its seed stands for nothing, and is left out.
    """
    covered = np.zeros(len(references), dtype=np.bool_)
    found = list[Candidate]()
    for _ in progress(range(most), "polytopes"):
        open_ones = np.flatnonzero(~covered)
        if len(open_ones) <= (1.0 - ENOUGH) * len(references):
            break
        seed = int(rng.choice(open_ones))
        point = references.points[seed].astype(np.float64)
        image = Seed(point, int(references.predicted[seed]))
        polytope = find_polytope(upper, references, image, rng, settings)
        if polytope is not None and len(polytope.facets) and count(polytope.members) > 1:
            found.append(Candidate(seed, polytope))
            covered |= unpack(polytope.members, len(references))
        covered[seed] = True  # it has had its turn
    return found


def most_covering(candidates: list[Candidate], most: int) -> list[Candidate]:
    """Choose, one after another, the polytope that adds the most references."""
    members: Bits = np.stack([candidate.found.members for candidate in candidates])
    chosen = list[Candidate]()
    for _ in range(min(most, len(candidates))):
        gains = count(members)
        best = int(gains.argmax())
        if not gains[best]:
            break
        chosen.append(candidates[best])
        members &= ~members[best]
    return chosen


def every_class(
    ordered: list[Candidate], candidates: list[Candidate], size: int, most: int
) -> list[Candidate]:
    """Give the first `size` polytopes, and one more for each class that has none among them.

    The one that holds the most, where there is room for it under `most`.
    """
    chosen = list(ordered[:size])
    held = {candidate.found.predicted for candidate in chosen}
    largest = sorted(candidates, key=lambda c: int(count(c.found.members)), reverse=True)
    for candidate in largest:
        if len(chosen) < most and candidate.found.predicted not in held:
            chosen.append(candidate)
            held.add(candidate.found.predicted)
    return chosen
