"""All detectors of a model."""

import numpy as np
import pytest

from reasoned.drift.signals import Requests
from reasoned.drift.state import StateError
from reasoned.drift.watch import Watch
from reasoned.errors import OptionsError
from tests.reasoned.drift.planted import REFERENCE, drawn, record


def requests(watch: Watch, count: int, seed: int, disagree: float = 0.02) -> Requests:
    rng = np.random.default_rng(seed)
    found = [drawn(rng, disagree=disagree) for _ in range(count)]
    return Requests.of(found, watch.signals.place)


def test_the_threshold_is_families_times_run_length() -> None:
    assert Watch(REFERENCE, 1000).threshold == 7000.0
    assert Watch(REFERENCE, 1000, feedback=True).threshold == 8000.0


def test_nothing_is_raised_where_nothing_has_changed_and_a_change_by_its_name() -> None:
    watch = Watch(REFERENCE, 100_000)
    assert watch.count(requests(watch, 3000, 1)) == []

    found = watch.count(requests(watch, 600, 2, disagree=0.3))
    assert {watch.families[one.family].name for one in found} == {"disagreement"}
    assert found[0].request < 150


def test_feedback_has_a_stream_of_its_own() -> None:
    watch = Watch(REFERENCE, 1000, feedback=True)
    assert watch.count_feedback(np.zeros(50)) == []
    found = watch.count_feedback(np.ones(50))

    assert found[0].request < 15
    assert watch.families[-1].name == "feedback_error"
    assert [since for family, _, since in watch.evidence() if family.name == "cluster"] == [0]
    assert Watch(REFERENCE, 1000).count_feedback(np.ones(50)) == []


@pytest.mark.parametrize("feedback", [False, True])
def test_another_goes_on_where_one_stood(feedback: bool) -> None:  # noqa: FBT001  a parameter
    one = Watch(REFERENCE, 500, feedback=feedback)
    one.count(requests(one, 700, 3, disagree=0.1))
    one.count_feedback(np.array([1.0, 0.0, 1.0]))
    other = Watch(REFERENCE, 500, feedback=feedback)
    other.restore(one.state())
    assert other.state() == one.state()

    rest = requests(one, 300, 4, disagree=0.2)
    found, wanted = other.count(rest), one.count(rest)
    assert [(c.request, c.family, c.counted) for c in found] == [
        (c.request, c.family, c.counted) for c in wanted
    ]
    assert found
    assert other.state() == one.state()


def test_a_state_of_something_else_is_refused() -> None:
    state = Watch(REFERENCE, 500).state()
    with pytest.raises(StateError, match="of run_length 500, but the detectors are of 501"):
        Watch(REFERENCE, 501).restore(state)
    with pytest.raises(StateError, match="feedback False"):
        Watch(REFERENCE, 500, feedback=True).restore(state)
    other = type(REFERENCE)(REFERENCE.model, "other", record())
    with pytest.raises(StateError, match="reference bbb"):
        Watch(other, 500).restore(state)


@pytest.mark.parametrize("run_length", [0, -5, 10**13])
def test_a_run_length_is_in_range(run_length: int) -> None:
    with pytest.raises(OptionsError, match=f"run_length must be from 1 to .*, not {run_length}"):
        Watch(REFERENCE, run_length)
