import dataclasses
from pathlib import Path

import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.mixture.fitting import checkpoint
from explainers.mixture.fitting.chain import Plan, run_chain
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.running import Running
from tests.explainers.mixture.regimes import small

PRIOR = Prior(2, nets=2)


@pytest.fixture(scope="module")
def running() -> Running:
    return run_chain(small(), PRIOR, Plan(1, 0, 20, "prior"), lambda _: None)


def test_what_is_written_is_read_and_the_generator_goes_on(
    running: Running, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    rng.standard_normal(5, dtype=np.float32)  # leaves half a word in the generator
    checkpoint.write(tmp_path / "chain", running, rng)
    other = np.random.default_rng(4)

    found = checkpoint.read(tmp_path / "chain", other)

    assert found is not None
    assert other.random() == rng.random()
    assert other.standard_normal(dtype=np.float32) == rng.standard_normal(dtype=np.float32)
    for field in dataclasses.fields(running.state):
        np.testing.assert_array_equal(
            getattr(found.state, field.name), getattr(running.state, field.name)
        )
    np.testing.assert_array_equal(found.first.mean, running.first.mean)
    np.testing.assert_array_equal(found.second.squares, running.second.squares)
    assert (found.done, found.best) == (running.done, running.best)
    assert [path.name for path in tmp_path.iterdir()] == ["chain"]


def test_nothing_there_is_nothing(tmp_path: Path) -> None:
    assert checkpoint.read(tmp_path / "chain", np.random.default_rng(0)) is None


@pytest.mark.parametrize("part", ["length", "header", "end", "everything"])
def test_a_broken_file_is_not_trusted_and_a_warning_says_so(
    running: Running, tmp_path: Path, part: str
) -> None:
    path = tmp_path / "chain"
    checkpoint.write(path, running, np.random.default_rng(0))
    content = bytearray(path.read_bytes())
    if part == "everything":
        content = bytearray(b"no tensors")
    elif part == "length":
        del content[len(content) // 2 :]
    else:
        content[{"header": 60, "end": -3}[part]] ^= 1
    path.write_bytes(content)

    with pytest.warns(UserWarning, match=r"not a usable checkpoint .*: the chain starts again"):
        assert checkpoint.read(path, np.random.default_rng(0)) is None


def test_the_file_of_another_chain_is_not_trusted(running: Running, tmp_path: Path) -> None:
    checkpoint.write(tmp_path / "chain-a", running, np.random.default_rng(0))
    (tmp_path / "chain-a").rename(tmp_path / "chain-b")

    with pytest.warns(UserWarning, match="chain-b is not a usable checkpoint"):
        assert checkpoint.read(tmp_path / "chain-b", np.random.default_rng(0)) is None


def test_a_folder_in_its_place_is_no_checkpoint_and_is_told_of(
    running: Running, tmp_path: Path
) -> None:
    path = tmp_path / "chain"
    path.mkdir()

    with pytest.warns(UserWarning, match="chain is not a usable checkpoint"):
        assert checkpoint.read(path, np.random.default_rng(0)) is None
    with pytest.raises(FittingError, match=r"chain cannot be written, .*remove what is in its"):
        checkpoint.write(path, running, np.random.default_rng(0))
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_in_place_of_the_folder_is_told_of(running: Running, tmp_path: Path) -> None:
    (tmp_path / "fitting").write_bytes(b"mine")
    path = tmp_path / "fitting" / "chain"

    assert checkpoint.read(path, np.random.default_rng(0)) is None
    with pytest.raises(FittingError, match="chain cannot be written"):
        checkpoint.write(path, running, np.random.default_rng(0))


def test_whatever_decides_the_chain_is_in_its_key() -> None:
    regression = small()
    other = Regression(regression.x, regression.y + 1e-12, intercept=False)
    keys = {
        checkpoint.digest_of(regression, PRIOR, seed=1, sweeps=20),
        checkpoint.digest_of(regression, PRIOR, seed=2, sweeps=20),
        checkpoint.digest_of(regression, PRIOR, seed=1, sweeps=30),
        checkpoint.digest_of(regression, Prior(2, nets=3), seed=1, sweeps=20),
        checkpoint.digest_of(other, PRIOR, seed=1, sweeps=20),
        checkpoint.digest_of(small(seed=1), PRIOR, seed=1, sweeps=20),
    }

    assert len(keys) == 6
    assert checkpoint.digest_of(small(), PRIOR, sweeps=20, seed=1) in keys
