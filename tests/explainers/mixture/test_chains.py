from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.fitting_contract import silent
from explainers.mixture.fitting.chain import Plan
from explainers.mixture.fitting.chains import Task, preview_all, sample_all
from explainers.mixture.fitting.merging import merged
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from tests.explainers.mixture.regimes import small

TASKS = [
    Task(name, small(seed=i), Prior(3), (Plan(i, 0, 20), Plan(i, 1, 20, "prior")))
    for i, name in enumerate(("coat", "bag"))
]


def test_the_results_do_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    shown: list[int] = []

    def progress(steps: Iterable[int], _name: str) -> Iterable[int]:
        for step in steps:
            shown.append(step)
            yield step

    apart = sample_all(TASKS, 2, progress, tmp_path)
    here = sample_all(TASKS, 1, silent)

    for one, other in zip(apart, here, strict=True):
        assert one.b.tobytes() == other.b.tobytes()
        assert one.deviation.tobytes() == other.deviation.tobytes()
        assert one.r_hat == other.r_hat
    assert shown == list(range(80))
    assert len(list(tmp_path.iterdir())) == 4


def test_two_chains_are_not_one_twice() -> None:
    singles = [Task("coat", small(), Prior(3), (Plan(0, i, 20, "prior"),)) for i in range(2)]

    one, other = sample_all(singles, 1, silent)

    assert np.any(one.b != other.b)


def test_a_whole_run_over_all_pixels_of_an_image_gives_no_warning() -> None:
    # Warnings are errors in this suite. More pixels than rows, a hundred of them always black.
    rng = np.random.default_rng(0)
    x = np.maximum(rng.standard_normal((300, 784)), 0.0)
    x[:, :100] = 0.0
    y = x[:, [200, 400, 600]] @ (3.0, -3.0, 2.0) + 0.3 * rng.standard_normal(300)
    rows = Regression(np.column_stack([x, np.ones(300)]), y, intercept=True)
    task = Task("all pixels", rows, Prior(3, intercept=100.0), (Plan(0, 0, 16), Plan(0, 1, 16)))

    found = merged(sample_all([task], 1, silent)[0], rows).posterior

    assert np.all(np.isfinite(found.b))
    assert sorted(np.argsort(-np.abs(found.b[0, :784]))[:3].tolist()) == [200, 400, 600]


def test_previews_come_one_per_task() -> None:
    found = preview_all(TASKS, 1, silent)

    assert len(found) == 2
    assert all(posterior.r_hat == {} for posterior in found)


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_says_which_task_and_chain(processes: int) -> None:
    broken = Task("boot", small(), Prior(3), (Plan(0, 0, 20, "prior"), Plan(0, 1, 20, "prior")))
    broken.regression.y.flags.writeable = True
    broken.regression.y[3] = np.nan

    with pytest.raises(FittingError, match=r"^boot, chain [12]: .*finite"):
        sample_all([broken], processes, silent)


def test_an_interrupt_stops_the_workers_and_is_passed_on(tmp_path: Path) -> None:
    tasks = [Task("coat", small(), Prior(3), tuple(Plan(0, i, 100_000, "prior") for i in range(2)))]

    def interrupted(steps: Iterable[int], _name: str) -> Iterable[int]:
        for step in steps:
            if step == 250:
                raise KeyboardInterrupt
            yield step

    with pytest.raises(KeyboardInterrupt):
        sample_all(tasks, 2, interrupted, tmp_path)

    assert {path.suffix for path in tmp_path.iterdir()} == {".safetensors"}
