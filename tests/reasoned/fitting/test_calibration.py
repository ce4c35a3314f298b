"""The status rule from validation images, the counts from calibration images."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.bounds import clopper_pearson_lower
from explainers.fitting_contract import silent
from explainers.status import StatusRule
from reasoned.datasets.digits import open_digits
from reasoned.fitting.calibration import (
    LEAST_COVERAGE,
    TARGET,
    Judged,
    choose_rule,
    count_reliability,
    judge_all,
)
from reasoned.model import ExplainedModel
from tests.reasoned.fitting.hand_made import judged, table_of


def by_brute_force(images: list[Judged]) -> tuple[float, float, bool]:
    """Try every strength there is, and count."""
    inside = [image for image in images if not image.outside]
    found: list[tuple[float, float, float]] = []  # (share, bound, cut)
    for cut in {float(image.evidence["meta_forest"].strength or 0) for image in inside}:
        kept = [i for i in inside if (i.evidence["meta_forest"].strength or 0) >= cut]
        agreed = sum(i.evidence["meta_forest"].names == i.predicted for i in kept)
        bound = clopper_pearson_lower(agreed, len(kept))
        found.append((len(kept) / len(images), bound, cut))
    good = [one for one in found if one[1] >= TARGET]
    if good:
        return min(cut for _, _, cut in good), TARGET, True
    least = min(LEAST_COVERAGE, max(share for share, _, _ in found))
    wide = [one for one in found if one[0] >= least]
    best = max(bound for _, bound, _ in wide)
    return max(cut for _, bound, cut in wide if bound == best), best, False


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(1, 900),
    levels=st.integers(1, 8),
    worst=st.sampled_from([0.0, 0.2, 0.9, 1.0]),
    outside=st.sampled_from([0.0, 0.1, 0.7]),
)
def test_the_rule_is_that_of_brute_force(
    seed: int, count: int, levels: int, worst: float, outside: float
) -> None:
    rng = np.random.default_rng(seed)
    strengths = rng.integers(1, levels + 1, count) / levels
    agrees = rng.random(count) < worst + (1 - worst) * strengths**0.2
    away = rng.random(count) < outside
    away[0] = False
    images = [
        judged(float(s), 0 if a else 1, outside=bool(o))
        for s, a, o in zip(strengths, agrees, away, strict=True)
    ]
    found = choose_rule(images, "meta_forest")

    assert (found.least_strength, found.target, found.reached) == by_brute_force(images)


def test_three_hundred_that_agree_reach_the_target_by_hand() -> None:
    # 0.05 ** (1 / 299) = 0.99003, 0.05 ** (1 / 298) = 0.98999.
    strong, weak = judged(0.9, 0), judged(0.4, 1)
    enough = choose_rule([strong] * 299 + [weak] * 10, "meta_forest")
    too_few = choose_rule([strong] * 298 + [weak] * 10, "meta_forest")

    assert enough == StatusRule(least_strength=0.9, target=0.99, reached=True)
    assert (too_few.least_strength, too_few.reached) == (0.9, False)
    assert too_few.target == pytest.approx(0.05 ** (1 / 298))


def test_the_rule_never_reads_what_the_network_says_of_one_image_alone() -> None:
    # Fixed on validation: two rules from the same strengths differ by the counts only.
    images = [judged(s / 10, s % 2, predicted=s % 2) for s in range(1, 10)]
    renamed = [judged(s / 10, 0, predicted=0) for s in range(1, 10)]

    assert choose_rule(images, "meta_forest") == choose_rule(renamed, "meta_forest")


@pytest.mark.parametrize(
    ("images", "first"),
    [
        ([judged(0.9, 0)], None),
        ([judged(0.9, 0, outside=True)], "meta_forest"),
        ([judged(None, 0)], "meta_forest"),
    ],
)
def test_without_a_strength_nothing_is_supported(images: list[Judged], first: str | None) -> None:
    rule = choose_rule(images, first)

    assert (rule.target, rule.reached) == (TARGET, False)
    assert rule.status(outside=False, region="leaf-0", strength=1.0) == "weak"


def test_reliability_is_counted_by_hand() -> None:
    rule = StatusRule(least_strength=0.5, target=0.9, reached=True)
    images = [
        judged(0.9, names=1, predicted=1, label=1),
        judged(0.5, names=2, predicted=1, label=1),  # at the bound: supported
        judged(0.7, names=1, predicted=1, label=0),
        judged(0.4, names=1, predicted=1, label=2),
        judged(0.9, names=1, predicted=1, label=1, outside=True),
        judged(0.9, names=0, predicted=1, label=1, region="leaf-1"),
        judged(0.9, names=0, predicted=0, label=0, region=None),
    ]
    found = count_reliability(images, rule, "meta_forest", "held_out")

    leaves = found.counts["meta_forest"]
    assert set(leaves) == {"leaf-0", "leaf-1"}
    assert set(leaves["leaf-0"]) == {"supported", "weak", "out_of_support"}
    supported = leaves["leaf-0"]["supported"]
    assert supported[:3] == (2, 3, 2)
    # The share at which 2 or 3 of 3 come with 5 %: 3 p^2 - 2 p^3 = 0.05.
    assert 3 * supported[3] ** 2 - 2 * supported[3] ** 3 == pytest.approx(0.05)
    assert leaves["leaf-0"]["weak"][:3] == (1, 1, 0)
    assert leaves["leaf-0"]["weak"][3] == pytest.approx(0.05)
    assert leaves["leaf-0"]["out_of_support"][:3] == (1, 1, 1)
    assert leaves["leaf-1"] == {"supported": (0, 1, 1, 0.0)}
    assert found.calibration == "held_out"
    assert found.of("meta_forest", "leaf-1", "weak") == (0, 0, 0, 0.0)
    assert found.of("additive", None, "weak") is None


def test_without_a_method_with_regions_nothing_is_counted() -> None:
    rule = StatusRule(least_strength=2.0, target=0.99, reached=False)
    images = [Judged({}, outside=False, predicted=0, label=0)]
    found = count_reliability(images, rule, None, "may_have_been_seen")

    assert found.counts == {}
    assert found.calibration == "may_have_been_seen"


def test_images_are_judged_as_they_are_answered(
    digits_model: ExplainedModel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    parts, dataset = digits_model.explaining.parts, open_digits()
    rows = range(0, 300, 5)
    pixels = np.stack([parts.preprocessing.apply(dataset.image(row)) for row in rows])
    folder = tmp_path_factory.mktemp("judged")
    table = table_of(parts.network, pixels, dataset.labels[list(rows)], folder)
    found = judge_all(table, parts.explainers, parts.representatives, parts.support, silent)
    for row, one in zip(rows, found, strict=True):
        said = digits_model.explain(dataset.image(row))
        assert list(one.evidence) == ["meta_forest"]  # the one with regions
        evidence = one.evidence["meta_forest"]
        status = parts.rule.status(
            outside=one.outside, region=evidence.region, strength=evidence.strength
        )
        assert said.explanation is not None
        assert status == said.explanation.status
        assert evidence.region == said.explanation.evidence[0].region
        assert one.predicted == said.prediction.index
        assert one.label == dataset.labels[row]
