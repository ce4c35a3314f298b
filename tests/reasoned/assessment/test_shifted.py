"""Replies to changed images."""

import numpy as np
import pytest

from explainers.arrays import ByteArray
from explainers.fitting_contract import silent
from reasoned.assessment.figures import ShiftFigures
from reasoned.assessment.shifted import rises, shift_figures, shifted, unfaithful
from reasoned.assessment.shifts import SHIFTS
from reasoned.datasets.digits import open_digits
from reasoned.model import ExplainedModel


def step(severity: int, supported: float, fidelity: float | None = 1.0) -> ShiftFigures:
    return ShiftFigures(
        kind="noise",
        severity=severity,
        what="",
        images=100,
        supported=supported,
        weak=1 - supported,
        out_of_support=0.0,
        accuracy=None,
        fidelity=1.0,
        supported_fidelity=fidelity,
    )


@pytest.mark.parametrize(
    ("supported", "expected"),
    [
        ([0.9, 0.8, 0.5], True),
        ([0.9, 0.9, 0.8], True),
        # Three of a hundred more are within two standard errors of chance, 25 are not.
        ([0.9, 0.6, 0.63, 0.5], True),
        ([0.9, 0.5, 0.75, 0.4], False),
        ([0.9, 0.9, 0.9], False),
        ([0.8, 0.7, 0.81], False),
    ],
)
def test_what_rising_means(supported: list[float], expected: bool) -> None:  # noqa: FBT001  pytest passes parameters by position
    steps = [step(severity, share) for severity, share in enumerate(supported)]

    assert rises(steps) is expected
    assert rises(steps[::-1]) is expected  # severities decide, not the order


def test_where_the_supported_are_not_faithful() -> None:
    steps = [step(0, 0.9, 0.99), step(1, 0.8, 0.97), step(2, 0.5, 0.96), step(3, 0.0, None)]

    assert [one.severity for one in unfaithful(steps)] == [2]


def test_every_image_has_draws_of_its_own_and_keeps_them_through_severities() -> None:
    grey = np.full((16, 16, 1), 127, np.uint8)
    (noise,) = (shift for shift in SHIFTS if shift.name == "noise")
    weak, strong = ([*shifted(noise, severity, [grey, grey], 0)] for severity in (1, 2))

    assert weak[0].tobytes() != weak[1].tobytes()
    # 10 and 20 grey levels of the same noise: twice as far, up to rounding.
    np.testing.assert_allclose(
        strong[0].astype(float) - 127, 2 * (weak[0].astype(float) - 127), atol=1.5
    )
    assert next(shifted(noise, 1, [grey], 1)).tobytes() != weak[0].tobytes()


def test_shifts_of_the_digits(digits_model: ExplainedModel, digits_images: list[ByteArray]) -> None:
    labels = open_digits().labels[:20]

    found = shift_figures(digits_model.explaining.parts, digits_images[:20], labels, 0, silent)

    assert [(one.kind, one.severity) for one in found] == [
        (shift.name, severity) for shift in SHIFTS for severity in range(6)
    ]
    for one in found:
        np.testing.assert_allclose(one.supported + one.weak + one.out_of_support, 1.0)
        assert one.images == 20
    plain = [one.model_dump(exclude={"kind"}) for one in found if not one.severity]
    assert all(one == plain[0] for one in plain)
    by_place = {(one.kind, one.severity): one for one in found}
    faded, clear = by_place["contrast", 5], by_place["contrast", 0]
    assert (faded.accuracy or 0.0) < (clear.accuracy or 0.0)
    assert faded.supported < clear.supported
