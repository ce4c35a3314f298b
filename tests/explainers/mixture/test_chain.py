import gc
import tracemalloc
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.mixture.fitting.chain import Plan, run_chain
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.running import Running
from tests.explainers.mixture.regimes import small

PRIOR = Prior(3, nets=2)


class StoppedError(Exception):
    """What a test stops a chain with."""


def run(
    sweeps: int, folder: Path | None = None, start: Literal["em", "prior"] = "prior"
) -> Running:
    return run_chain(small(), PRIOR, Plan(7, 0, sweeps, start), lambda _: None, folder)


def stop_after(sweeps: int, folder: Path) -> None:
    told = [0]

    def tick(steps: int) -> None:
        told[0] += steps
        if told[0] >= 130:
            raise StoppedError

    with pytest.raises(StoppedError):
        run_chain(small(), PRIOR, Plan(7, 0, sweeps, "prior"), tick, folder)


def same(one: Running, other: Running) -> None:
    for name, value in one.averages.arrays().items():
        np.testing.assert_array_equal(value, getattr(other.averages, name), err_msg=name)
    np.testing.assert_array_equal(one.state.b, other.state.b)
    np.testing.assert_array_equal(one.reference, other.reference)
    np.testing.assert_array_equal(one.first.squares, other.first.squares)
    np.testing.assert_array_equal(one.second.mean, other.second.mean)
    assert one.done == other.done


@pytest.mark.parametrize("start", ["em", "prior"])
def test_the_same_seed_gives_the_same_chain(start: Literal["em", "prior"]) -> None:
    same(run(20, start=start), run(20, start=start))


def test_a_stopped_chain_goes_on_bit_by_bit_as_if_it_had_not(tmp_path: Path) -> None:
    stop_after(240, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    told: list[int] = []

    found = run_chain(small(), PRIOR, Plan(7, 0, 240, "prior"), told.append, tmp_path)

    assert told[0] == 100
    assert sum(told) == 240
    same(found, run(240))


def test_a_finished_chain_is_read_and_not_run_again(tmp_path: Path) -> None:
    first = run(20, tmp_path)
    told: list[int] = []

    found = run_chain(small(), PRIOR, Plan(7, 0, 20, "prior"), told.append, tmp_path)

    assert told == [20]
    same(found, first)


def test_half_is_burn_in_and_the_rest_is_kept_in_halves() -> None:
    found = run(41)

    assert found.averages.draws == 21
    assert (found.first.count, found.second.count) == (10, 10)


def test_the_reference_is_a_draw_of_the_second_half_of_the_burn_in() -> None:
    found = run(20)

    assert np.isfinite(found.best)
    assert found.best > -1e300
    assert found.reference.shape == (80,)


def test_memory_does_not_grow_with_the_sweeps() -> None:
    run(120)
    peaks = []
    for sweeps in (120, 360):  # both past a refresh of the products
        gc.collect()  # what other tests left is not to be collected, or kept, in between
        tracemalloc.start()
        run(sweeps)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    # 240 more draws of z alone would be 150 KB; threads of other tests add up to 20.
    assert peaks[1] - peaks[0] < 60_000


def test_the_file_does_not_grow_with_the_sweeps(tmp_path: Path) -> None:
    sizes = []
    for sweeps in (50, 200):
        run(sweeps, tmp_path / str(sweeps))
        (path,) = (tmp_path / str(sweeps)).iterdir()
        sizes.append(path.stat().st_size)

    assert abs(sizes[1] - sizes[0]) < 100  # the header's numbers have more digits


def test_too_few_sweeps_are_refused() -> None:
    with pytest.raises(FittingError, match=r"needs 16 sweeps or more, not 8"):
        Plan(0, 0, 8)
