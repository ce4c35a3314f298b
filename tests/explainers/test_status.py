import inspect
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.errors import ArtefactError
from explainers.status import STATUSES, Status, StatusRule

RULE = StatusRule(least_strength=0.8, target=0.99, reached=True)


@pytest.mark.parametrize(
    ("outside", "region", "strength", "status"),
    [
        (False, "leaf-1", 0.8, "supported"),
        (False, "leaf-1", 1.0, "supported"),
        (False, "leaf-1", 0.799, "weak"),
        (False, "leaf-1", None, "weak"),
        (False, None, 0.9, "weak"),
        (True, "leaf-1", 1.0, "out_of_support"),
        (True, None, None, "out_of_support"),
    ],
)
def test_the_rule_by_hand(
    *, outside: bool, region: str | None, strength: float | None, status: Status
) -> None:
    assert RULE.status(outside=outside, region=region, strength=strength) == status


def test_the_rule_is_never_told_what_the_network_said() -> None:
    # It cannot read agreement: nothing that it is given holds the network's class.
    assert list(inspect.signature(StatusRule.status).parameters) == [
        "self",
        "outside",
        "region",
        "strength",
    ]


@given(st.booleans(), st.none() | st.sampled_from(["a", "b"]), st.none() | st.floats(0, 1))
def test_the_status_is_one_of_three_and_never_better_outside(
    outside: bool,  # noqa: FBT001  hypothesis passes it by position
    region: str | None,
    strength: float | None,
) -> None:
    found = RULE.status(outside=outside, region=region, strength=strength)

    assert found in STATUSES
    assert (found == "out_of_support") == outside


def test_beyond_every_strength_nothing_is_supported() -> None:
    never = StatusRule(least_strength=2.0, target=0.99, reached=False)

    assert never.status(outside=False, region="leaf-0", strength=1.0) == "weak"


@pytest.mark.parametrize(
    ("strength", "target", "told"),
    [
        (-0.1, 0.9, r"least_strength must lie in \[0.0, 2.0\], but runs from -0.1"),
        (2.1, 0.9, r"least_strength must lie in \[0.0, 2.0\]"),
        (float("nan"), 0.9, r"least_strength must lie in \[0.0, 2.0\]"),
        (0.5, 1.1, r"target must lie in \[0.0, 1.0\], but runs from 1.1 to 1.1"),
    ],
)
def test_impossible_limits_are_refused(strength: float, target: float, told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        StatusRule(strength, target, reached=True)


def test_it_survives_save_and_load(tmp_path: Path) -> None:
    RULE.save(tmp_path)

    assert StatusRule.load(tmp_path) == RULE
