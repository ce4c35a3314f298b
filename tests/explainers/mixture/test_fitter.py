import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import final

import numpy as np
import pytest
from safetensors import safe_open

from explainers.activations import ActivationTable
from explainers.arrays import DoubleArray
from explainers.fitting_contract import FittingData, silent
from explainers.mixture.fitting import fit_mixture
from explainers.mixture.fitting.targets import log_odds
from explainers.mixture.served import Mixture
from tests.explainers.mixture.planted_pixels import (
    NOISE,
    SUPPORTS,
    by_first_pixel,
    by_hidden_side,
    fitting_data,
    with_hidden,
)

SAMPLED = {"sweeps": "120", "chains": "1", "components": "4"}
PREVIEW = {"preset": "preview", "components": "2"}
SHORT = {"sweeps": "32", "chains": "2", "components": "3", "nets": "2"}


@final
@dataclasses.dataclass(frozen=True)
class Fit:
    """Images that were fitted on, others, and what came of them."""

    train: ActivationTable
    validation: ActivationTable
    stored: Mixture


def fit(data: FittingData, seed: int = 0) -> Mixture:
    return fit_mixture(data, np.random.default_rng(seed), silent)


def saved(found: Mixture, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    found.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def piecewise() -> Fit:
    train, validation = by_first_pixel(1500, 0), by_first_pixel(500, 1, first=1)
    return Fit(train, validation, fit(fitting_data(train, validation, SAMPLED)))


def served(stored: Mixture, table: ActivationTable) -> DoubleArray:
    """Predict by loops over images and classes: shape (images, classes)."""
    found = np.zeros((len(table), 2))
    for image, pixels in enumerate(table.pixels.reshape(len(table), -1).astype(np.float64)):
        for number in range(2):
            own = np.flatnonzero(stored.owner == number)
            scores = stored.gate_weights[own] @ pixels + stored.gate_bias[own]
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            lines = stored.weights[own] @ pixels + stored.intercepts[own]
            alone = shares.max() >= stored.dominance
            found[image, number] = lines[shares.argmax()] if alone else shares @ lines
    return found


def errors(stored: Mixture, table: ActivationTable) -> DoubleArray:
    wanted = log_odds(table.logits, stored.limit)
    squares = (wanted - served(stored, table)) ** 2
    found: DoubleArray = np.sqrt(squares.mean(axis=0))
    return found


def test_log_odds_that_are_piecewise_linear_are_predicted_from_pixels_alone(
    piecewise: Fit,
) -> None:
    stored = piecewise.stored

    assert stored.gate_accuracy.min() >= 0.95
    assert stored.predictive_rmse.max() <= 1.5 * NOISE
    assert stored.ridge_rmse.min() > 20.0 * NOISE
    assert stored.gate_reads == "features"
    assert stored.verdicts == ("", "")


def test_the_planted_weights_are_found_and_no_others(piecewise: Fit) -> None:
    stored = piecewise.stored

    np.testing.assert_array_equal(stored.owner, [0, 0, 1, 1])
    for number in range(2):
        own = np.flatnonzero(stored.owner == number)
        first = np.sort(np.argsort(-np.abs(stored.weights[own]), axis=1)[:, :4], axis=1)
        assert sorted(map(tuple, first.tolist())) == sorted(SUPPORTS)
        assert np.take_along_axis(stored.certain[own], first, axis=1).all()


def test_both_errors_are_measured_apart_on_validation_images(piecewise: Fit) -> None:
    stored = piecewise.stored

    # The answer chooses the better of two regressions: that is below the noise.
    assert np.all(stored.assigned_rmse < stored.predictive_rmse)
    np.testing.assert_allclose(
        stored.predictive_rmse, errors(stored, piecewise.validation), rtol=1e-5
    )
    assert np.all(np.abs(stored.predictive_rmse - errors(stored, piecewise.train)) > 1e-4)
    named = served(stored, piecewise.validation).argmax(axis=1)
    assert stored.validation_fidelity == (named == piecewise.validation.predicted).mean()


def test_validation_images_measure_and_do_not_teach() -> None:
    train = by_first_pixel(300, 0)
    one, other = (
        fit(fitting_data(train, by_first_pixel(60, seed, first=1), PREVIEW | {"gate": "features"}))
        for seed in (1, 2)
    )

    for name in ("weights", "gate_weights", "gate_bias", "s2", "shares", "selected"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.example_ids == other.example_ids
    for name in ("assigned_rmse", "predictive_rmse", "ridge_rmse"):
        assert np.all(getattr(one, name) != getattr(other, name))


@pytest.mark.parametrize(("tells", "chosen"), [(True, "hidden"), (False, "features")])
def test_what_gates_read_is_chosen_by_validation_images_alone(
    tells: bool,  # noqa: FBT001  a case
    chosen: str,
) -> None:
    # Of training images the hidden layer always tells the side; pixels never do.
    train, _ = by_hidden_side(400, 0)
    validation, sides = by_hidden_side(200, 1, first=1)
    if not tells:
        validation = with_hidden(validation, np.where(sides, -1.0, 1.0)[:, None])

    found = fit(fitting_data(train, validation, PREVIEW))

    assert found.gate_reads == chosen
    reads = train.hidden.shape[1] if tells else train.pixels[0].size
    assert found.gate_weights.shape == (len(found.owner), reads)
    assert (found.predictive_rmse.max() < 2.0 * NOISE) == tells


def test_what_is_asked_for_is_not_chosen() -> None:
    train, validation = by_hidden_side(400, 0)[0], by_hidden_side(200, 1, first=1)[0]

    found = fit(fitting_data(train, validation, PREVIEW | {"gate": "features"}))

    assert found.gate_reads == "features"


def test_the_number_of_processes_changes_no_byte(tmp_path: Path) -> None:
    data = fitting_data(by_first_pixel(120, 0), by_first_pixel(40, 1, first=1), SHORT)

    one = fit(dataclasses.replace(data, threads=1))
    two = fit(dataclasses.replace(data, threads=2))
    other = fit(data, seed=1)

    first = saved(one, tmp_path / "one")
    assert first == saved(two, tmp_path / "two")
    assert first != saved(other, tmp_path / "other")
    assert one.r_hat.min() > 0.0
    assert json.loads(one.settings)["chains"] == 2


def stopping(step_to_stop: int, steps: Iterable[int], _name: str) -> Iterable[int]:
    for step in steps:
        if step == step_to_stop:
            raise KeyboardInterrupt
        yield step


def done(path: Path) -> int:
    with safe_open(path, framework="numpy") as file:
        return int(json.loads(file.metadata()["chain"])["done"])


def test_a_fit_that_was_stopped_goes_on_and_gives_the_same_bytes(tmp_path: Path) -> None:
    options = SHORT | {"sweeps": "120", "chains": "1"}
    data = fitting_data(by_first_pixel(120, 0), by_first_pixel(40, 1, first=1), options)
    keeping = dataclasses.replace(data, kept=tmp_path / "kept")

    with pytest.raises(KeyboardInterrupt):
        # In the second class's chain, after the sweep at which chains are written.
        fit_mixture(
            keeping,
            np.random.default_rng(0),
            lambda steps, name: stopping(120 + 110, steps, name),
        )
    found = {path: done(path) for path in (tmp_path / "kept").iterdir()}
    assert sorted(found.values()) == [100, 120]
    whole = next(path for path, sweeps in found.items() if sweeps == 120)
    written = whole.stat().st_mtime_ns

    resumed = fit(keeping)

    assert {done(path) for path in found} == {120}
    assert set((tmp_path / "kept").iterdir()) == set(found)
    assert whole.stat().st_mtime_ns == written  # the chain that was over was not run again
    assert saved(resumed, tmp_path / "resumed") == saved(fit(data), tmp_path / "at once")


def test_nothing_is_kept_unless_there_is_a_place_for_it(tmp_path: Path) -> None:
    data = fitting_data(by_first_pixel(120, 0), by_first_pixel(40, 1, first=1), PREVIEW)

    fit(dataclasses.replace(data, kept=tmp_path / "kept"))

    assert list(tmp_path.iterdir()) == []  # a preview has no chains
