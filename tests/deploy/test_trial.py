import dataclasses

import pytest

from deploy.trial.errors import TrialError
from deploy.trial.process import Confinement
from deploy.trial.trial import Trial, check_bars, check_confinement

CONFINED = Confinement(65532, "0" * 16, no_new_privileges=True, read_only_root=True)
TRIAL = Trial(
    route="dockerfile",
    container_mb=303.0,
    model_mb=3.0,
    image_mb=450.0,
    container_ready_seconds=2.5,
    ready_cpu_seconds=2.4,
    busy=False,
    confined=CONFINED,
    stopped=0,
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"uid": 0}, "must not run as root, but its uid is 0"),
        ({"capabilities": "00000000a80425fb"}, "no capabilities, but has 00000000a80425fb"),
        ({"no_new_privileges": False}, "no capabilities"),
        ({"read_only_root": False}, "must be read-only, but can be written"),
    ],
)
def test_a_container_that_is_not_confined_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(TrialError, match=words):
        check_confinement(dataclasses.replace(CONFINED, **change), 0)  # type: ignore[arg-type]  # by name


def test_an_unclean_end_is_refused() -> None:
    check_confinement(CONFINED, 0)

    with pytest.raises(TrialError, match="must end with 0 after SIGTERM, not 137"):
        check_confinement(CONFINED, 137)


def test_the_bars_are_held() -> None:
    check_bars(TRIAL)

    with pytest.raises(
        TrialError, match=r"350\.5 MB lie on the base beside the model; the bar is 350 MB"
    ):
        check_bars(dataclasses.replace(TRIAL, container_mb=353.5))
    with pytest.raises(TrialError, match=r"ready after 3\.2 s; the bar is 3 s"):
        check_bars(dataclasses.replace(TRIAL, container_ready_seconds=3.2))


def test_on_a_busy_machine_only_the_time_is_not_judged() -> None:
    busy = dataclasses.replace(TRIAL, container_ready_seconds=9.0, busy=True)
    check_bars(busy)

    with pytest.raises(TrialError, match="lie on the base"):
        check_bars(dataclasses.replace(busy, container_mb=400.0))
