import dataclasses
import math
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
        pixel_centres=np.array([[0, 0], [3, 4]], dtype=np.float32),
        whitening=np.array([[1, 0], [2, 0.5]], dtype=np.float32),
        input_limit=2.0,
        hidden_limit=4.0,
        pixel_limit=10.0,
    )


def _seen(convolution: AnyArray, pixels: AnyArray | None = None) -> Activations:
    given = np.zeros((1, 1, 2)) if pixels is None else pixels
    return Activations(
        logits=np.zeros(2, dtype=np.float32),
        hidden=np.zeros(1, dtype=np.float32),
        predicted=0,
        pixels=given.astype(np.float32),
        convolution=convolution.astype(np.float32),
    )


def test_the_judgement_worked_by_hand() -> None:
    # One channel of 1.5 everywhere: mean 1.5, root mean square 1.5; scaled 3 and 0.75.
    # Two blocks of one pixel, (3, 4): whitened 3 + 2 * 4 and 0.5 * 4; (11, 2) is nearest (3, 4).
    one = _seen(np.full((1, 2, 2), 1.5), np.array([[[3.0, 4.0]]]))

    found = _support().judge(one, 3.0)

    assert found.hidden == 0.75
    assert found.input == pytest.approx(np.hypot(3.0, 0.75) / 2.0)
    assert found.pixels == pytest.approx(np.hypot(8.0, 2.0) / 10.0)
    assert found.sides == (found.hidden, found.input, found.pixels)
    assert found.outside


SIDES = ("hidden", "input", "pixels")


def novelty(**sides: float) -> Novelty:
    return Novelty(**{name: sides.get(name, 0.5) for name in SIDES})


@pytest.mark.parametrize("side", SIDES)
def test_each_side_alone_is_enough_and_the_limit_is_inside(side: str) -> None:
    assert not novelty(**{side: 1.0}).outside
    assert novelty(**{side: 1.01}).outside
    assert not Novelty(hidden=1.0, input=1.0, pixels=1.0).outside
    assert not Novelty(hidden=0.0, input=0.0, pixels=0.0).outside


@pytest.mark.parametrize("side", SIDES)
def test_what_is_no_number_is_outside(side: str) -> None:
    assert novelty(**{side: np.nan}).outside
    assert novelty(**{side: np.inf}).outside


@given(seed=st.integers(0, 2**32 - 1), centres=st.integers(1, 9), channels=st.integers(1, 6))
def test_distances_of_the_map_are_those_of_brute_force(
    seed: int, centres: int, channels: int
) -> None:
    rng = np.random.default_rng(seed)
    support = Support(
        centres=rng.normal(size=(centres, 2 * channels)).astype(np.float32),
        scale=rng.uniform(0.5, 2, 2 * channels).astype(np.float32),
        pixel_centres=np.zeros((1, 2), np.float32),
        whitening=np.eye(2, dtype=np.float32),
        input_limit=1.0,
        hidden_limit=1.0,
        pixel_limit=1.0,
    )
    convolution = rng.normal(size=(channels, 3, 3)).astype(np.float32)

    exact = convolution.astype(np.float64)
    means, powers = exact.mean(axis=(1, 2)), np.sqrt((exact**2).mean(axis=(1, 2)))
    gaps = np.concatenate([means, powers]) * support.scale - support.centres
    expected = np.sqrt((gaps.astype(np.float64) ** 2).sum(axis=1)).min()
    # The expanded square cancels in float32.
    found = support.input_distance(_seen(convolution))
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=2e-3)


@given(
    seed=st.integers(0, 2**32 - 1),
    centres=st.integers(1, 9),
    channels=st.sampled_from([1, 3]),
    size=st.tuples(st.integers(1, 16), st.integers(1, 16)),
)
def test_distances_of_the_pixels_are_those_of_brute_force(
    seed: int, centres: int, channels: int, size: tuple[int, int]
) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.normal(size=(channels, *size)).astype(np.float32)
    high, wide = (math.ceil(length / 7) for length in size)
    means = np.array(
        [
            pixels[channel, top : top + high, left : left + wide].astype(np.float64).mean()
            for channel in range(channels)
            for top in range(0, size[0] - high + 1, high)
            for left in range(0, size[1] - wide + 1, wide)
        ]
    )
    support = dataclasses.replace(
        _support(),
        pixel_centres=rng.normal(size=(centres, len(means))).astype(np.float32),
        whitening=rng.normal(size=(len(means), len(means))).astype(np.float32),
        pixel_limit=1.0,
    )
    gaps = means @ support.whitening.astype(np.float64) - support.pixel_centres
    expected = np.sqrt((gaps**2).sum(axis=1)).min()

    support.check_input((channels, *size))
    # The expanded square cancels in float32.
    found = support.pixel_distance(_seen(np.zeros((1, 1, 1)), pixels))
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=2e-3)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("centres", np.full((2, 2), np.nan, np.float32), "centres must be finite"),
        ("scale", np.array([1, np.inf], np.float32), "scale must be finite"),
        ("pixel_centres", np.full((2, 2), np.nan, np.float32), "pixel_centres must be finite"),
        ("whitening", np.full((2, 2), np.inf, np.float32), "whitening must be finite"),
        ("whitening", np.full((2, 2), 3e38, np.float32), "whitening must be finite and at most"),
        ("pixel_centres", np.zeros((0, 2), np.float32), r"number of centres must lie in \[1, inf"),
        ("centres", np.zeros((0, 2), np.float32), r"number of centres must lie in \[1, inf\]"),
        ("input_limit", 0.0, r"limits must lie in \[1e-12, inf\]"),
        ("hidden_limit", -1.0, r"limits must lie in \[1e-12, inf\]"),
        ("pixel_limit", 0.0, r"limits must lie in \[1e-12, inf\]"),
        ("hidden_limit", float("nan"), "limits must be finite"),
        ("pixel_limit", float("nan"), "limits must be finite"),
        ("input_limit", float("inf"), "limits must be finite"),
    ],
)
def test_what_must_not_be_used_is_refused(field: str, value: object, told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        dataclasses.replace(_support(), **{field: value})  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("scale", np.ones(3), r"scale must have shape \(statistics=2\), not \(3,\)"),
        ("pixel_centres", np.ones(3), r"pixel_centres must have shape \(centres, blocks\), not"),
        ("whitening", np.ones((2, 3)), r"whitening must have shape \(blocks=2, across=2\), not"),
        ("whitening", np.ones((3, 3)), r"whitening must have shape \(blocks=2, across=2\), not"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(
    field: str, value: AnyArray, told: str
) -> None:
    with pytest.raises(ShapeError, match=told):
        dataclasses.replace(_support(), **{field: value.astype(np.float32)})  # type: ignore[arg-type]  # any field


def test_an_input_of_other_blocks_is_refused() -> None:
    support = _support()
    support.check_input((1, 1, 2))
    support.check_input((2, 1, 1))
    told = r"pixel_centres must have shape \(centres, blocks=%d\), not \(2, 2\)"

    with pytest.raises(ShapeError, match=told % 4):
        support.check_input((1, 2, 2))
    with pytest.raises(ShapeError, match=told % 49):
        support.check_input((1, 28, 28))


def test_it_survives_save_and_load_and_cannot_be_changed(tmp_path: Path) -> None:
    _support().save(tmp_path)
    one = _seen(np.full((1, 2, 2), 1.5), np.array([[[3.0, 4.0]]]))

    loaded = Support.load(tmp_path)

    assert loaded.judge(one, 3.0) == _support().judge(one, 3.0)
    for field in dataclasses.fields(loaded):
        value = getattr(loaded, field.name)
        assert not isinstance(value, np.ndarray) or not value.flags.writeable
