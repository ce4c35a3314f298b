import dataclasses

import numpy as np
import pytest

from benchmarks.rule_set_checks import recount
from explainers.representative.served import Representative
from explainers.representative.served.search import References
from tests.explainers.representative.fitting.small_networks import boundary_of, fit, random_network


@pytest.fixture(scope="module")
def rules_and_references() -> tuple[Representative, References]:
    data = random_network(images=400)
    return fit(data), References(boundary_of(data.train), data.train.predicted)


def test_what_a_fit_stored_is_what_is_counted(
    rules_and_references: tuple[Representative, References],
) -> None:
    rules, references = rules_and_references

    found = recount(rules, references)

    assert found == {
        "recount_mismatches": 0,
        "polytopes_with_tau_zero": len(rules.polytopes),
        "largest_tau": 0,
        "facets": round(len(rules.normals) / len(rules.polytopes), 2),
    }
    assert len(rules.polytopes) > 10


def test_stored_counts_that_are_not_true_are_reported(
    rules_and_references: tuple[Representative, References],
) -> None:
    rules, references = rules_and_references
    others, counts = rules.others.copy(), rules.references.copy()
    others[[0, 3]] += [1, 2]
    counts[-1] += 1

    wrong_others = recount(dataclasses.replace(rules, others=others), references)
    wrong_counts = recount(dataclasses.replace(rules, references=counts), references)

    assert wrong_others["recount_mismatches"] == 2
    assert wrong_others["polytopes_with_tau_zero"] == len(rules.polytopes) - 2
    assert wrong_others["largest_tau"] == 2
    assert wrong_counts["recount_mismatches"] == 1


@pytest.mark.parametrize("moved", [-100.0, 0.5])
def test_a_moved_facet_is_reported(
    rules_and_references: tuple[Representative, References], moved: float
) -> None:
    rules, references = rules_and_references
    for polytope in range(len(rules.polytopes)):
        offsets = rules.offsets.copy()
        # Outwards all facets are moved: past a single one there need be nothing.
        offsets[rules.polytopes.facets(polytope)] += np.float32(moved)

        found = recount(dataclasses.replace(rules, offsets=offsets), references)

        assert found["recount_mismatches"] == 1


def test_a_reference_that_the_network_puts_elsewhere_is_reported(
    rules_and_references: tuple[Representative, References],
) -> None:
    rules, references = rules_and_references
    inside = rules.polytopes.members(references.points)
    image = int(inside.sum(axis=1).argmax())
    predicted = references.predicted.copy()
    predicted[image] = (predicted[image] + 1) % len(rules.class_names)

    found = recount(rules, References(references.points, predicted))

    assert found["recount_mismatches"] == inside[image].sum() > 0
