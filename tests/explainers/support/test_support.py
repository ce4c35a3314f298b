import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.activations import Activations
from explainers.arrays import AnyArray
from explainers.errors import ArtefactError, ShapeError
from explainers.support.served import Novelty, Support


def _support() -> Support:
    return Support(
        centres=np.array([[0, 0], [6, 8]], dtype=np.float32),
        scale=np.array([2.0, 0.5], dtype=np.float32),
        input_limit=2.0,
        hidden_limit=4.0,
    )


def _seen(convolution: AnyArray) -> Activations:
    return Activations(
        logits=np.zeros(2, dtype=np.float32),
        hidden=np.zeros(1, dtype=np.float32),
        predicted=0,
        pixels=np.zeros((1, 4, 4), dtype=np.float32),
        convolution=convolution.astype(np.float32),
    )


def test_the_judgement_worked_by_hand() -> None:
    # One channel of 1.5 everywhere: mean 1.5, root mean square 1.5; scaled 3 and 0.75.
    one = _seen(np.full((1, 2, 2), 1.5))

    found = _support().judge(one, 3.0)

    assert found.hidden == 0.75
    assert found.input == pytest.approx(np.hypot(3.0, 0.75) / 2.0)
    assert found.outside


@pytest.mark.parametrize(
    ("hidden", "other", "outside"),
    [(1.0, 1.0, False), (1.01, 0.0, True), (0.0, 1.01, True), (0.0, 0.0, False)],
)
def test_either_side_alone_is_enough_and_the_limit_is_inside(
    *, hidden: float, other: float, outside: bool
) -> None:
    assert Novelty(hidden=hidden, input=other).outside == outside


@given(seed=st.integers(0, 2**32 - 1), centres=st.integers(1, 9), channels=st.integers(1, 6))
def test_distances_are_those_of_brute_force(seed: int, centres: int, channels: int) -> None:
    rng = np.random.default_rng(seed)
    support = Support(
        centres=rng.normal(size=(centres, 2 * channels)).astype(np.float32),
        scale=rng.uniform(0.5, 2, 2 * channels).astype(np.float32),
        input_limit=1.0,
        hidden_limit=1.0,
    )
    convolution = rng.normal(size=(channels, 3, 3)).astype(np.float32)

    exact = convolution.astype(np.float64)
    means, powers = exact.mean(axis=(1, 2)), np.sqrt((exact**2).mean(axis=(1, 2)))
    gaps = np.concatenate([means, powers]) * support.scale - support.centres
    expected = np.sqrt((gaps.astype(np.float64) ** 2).sum(axis=1)).min()
    # The expanded square cancels in float32.
    found = support.input_distance(_seen(convolution))
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=2e-3)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("centres", np.full((2, 2), np.nan, np.float32), "centres must be finite"),
        ("scale", np.array([1, np.inf], np.float32), "scale must be finite"),
        ("input_limit", 0.0, r"limits must lie in \[1e-12, inf\]"),
        ("hidden_limit", -1.0, r"limits must lie in \[1e-12, inf\]"),
        ("hidden_limit", float("nan"), "limits must be finite"),
        ("input_limit", float("inf"), "limits must be finite"),
    ],
)
def test_what_must_not_be_used_is_refused(field: str, value: object, told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        dataclasses.replace(_support(), **{field: value})  # type: ignore[arg-type]  # any field


def test_a_scale_for_other_statistics_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"scale must have shape \(statistics=2\), not \(3,\)"):
        dataclasses.replace(_support(), scale=np.ones(3, dtype=np.float32))


def test_it_survives_save_and_load_and_cannot_be_changed(tmp_path: Path) -> None:
    _support().save(tmp_path)
    one = _seen(np.full((1, 2, 2), 1.5))

    loaded = Support.load(tmp_path)

    assert loaded.judge(one, 3.0) == _support().judge(one, 3.0)
    for field in dataclasses.fields(loaded):
        value = getattr(loaded, field.name)
        assert not isinstance(value, np.ndarray) or not value.flags.writeable


@pytest.mark.parametrize("novelty", [Novelty(np.nan, 0.5), Novelty(0.5, np.nan)])
def test_what_is_no_number_is_outside(novelty: Novelty) -> None:
    assert novelty.outside
