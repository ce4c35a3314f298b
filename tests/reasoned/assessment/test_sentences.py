"""The summary."""

from typing import Any

import pytest

from reasoned.assessment.figures import (
    GroupFigures,
    ReliabilityFigures,
    ShareFigures,
    ShiftFigures,
    StrangerFigures,
)
from reasoned.assessment.sentences import summary

STATUSES = ("supported", "weak", "out_of_support")


def group(*, broken: bool) -> GroupFigures:
    return GroupFigures(
        kind="statement",
        name="",
        estimate=0.9,
        lower=0.8,
        agreed=1,
        of=1,
        p_value=1.0,
        broken=broken,
    )


def reliability(
    *,
    share: float = 0.95,
    fidelity: float | None = 0.995,
    **changed: Any,  # noqa: ANN401  any field of the figures
) -> ReliabilityFigures:
    statuses = tuple(
        ShareFigures(name=name, of=1, share=share, fidelity=fidelity, accuracy=1.0)
        for name in STATUSES
    )
    fields: dict[str, Any] = {
        "images": 100,
        "accuracy": 0.9,
        "fidelity": 0.98,
        "estimated": 100,
        "calibration_error": 0.004,
        "calibration_error_by_chance": 0.003,
        "bounds_broken_share": 0.0,
        "diagram": (),
        "groups": (group(broken=False),) * 4,
        "statuses": statuses,
        "classes": (),
        "wrong": statuses[0],
        "methods": (),
    }
    return ReliabilityFigures(**fields | changed)


def shift(kind: str, severity: int, supported: float, fidelity: float) -> ShiftFigures:
    return ShiftFigures(
        kind=kind,
        severity=severity,
        what="",
        images=1000,
        supported=supported,
        weak=1 - supported,
        out_of_support=0.0,
        accuracy=0.9,
        fidelity=0.9,
        supported_fidelity=fidelity,
    )


def test_everything_holds() -> None:
    shifts = (shift("noise", 0, 0.9, 0.99), shift("noise", 5, 0.1, 0.97))
    stranger = StrangerFigures(
        name="mnist", what="", images=9, not_supported=0.95, out_of_support=0.9
    )

    found = summary(reliability(), shifts, (stranger,))

    assert [one.holds for one in found] == [True] * 6
    assert found[0].text.startswith("Lower bounds of replies hold: 0 of 4 are broken (0.00 %")
    assert "off by 0.0040 (at most 0.01 is asked; chance alone gives about 0.0030)" in found[1].text
    assert "95.00 % of images are supported" in found[2].text
    assert found[3].text.endswith("rises with noise.")
    assert found[4].text.endswith("at least 97 % faithful.")
    assert found[5].text.startswith("Strangers are noticed: 95.00 % of mnist are not `supported`")


@pytest.mark.parametrize(
    ("changed", "place", "holds", "words"),
    [
        (
            {"groups": (group(broken=True),) * 3, "bounds_broken_share": 1.0},
            0,
            False,
            "3 of 3 are broken (100.00 %; at most 1 % may be)",
        ),
        ({"bounds_broken_share": 0.01}, 0, True, "(1.00 %; at most"),
        ({"groups": ()}, 0, None, "carries a lower bound, so none was tested"),
        ({"calibration_error": 0.011}, 1, False, "off by 0.0110"),
        # Far beyond what chance gives there are enough.
        (
            {"calibration_error": 0.3, "calibration_error_by_chance": 0.02},
            1,
            False,
            "off by 0.3000 (at most 0.01 is asked; chance alone gives about 0.0200).",
        ),
        (
            {"calibration_error": 0.03, "calibration_error_by_chance": 0.02},
            1,
            None,
            "about 0.0200, so there are too few images to tell)",
        ),
        ({"estimated": 0}, 1, None, "carries an estimate, so none was tested"),
        ({"share": 0.899}, 2, False, "89.90 % of images are supported"),
        ({"fidelity": 0.9899}, 2, False, "for 98.99 % (at least 99 %)"),
        ({"share": 0.0, "fidelity": None}, 2, False, "No image is `supported`."),
    ],
)
def test_what_does_not_hold_or_was_not_measured(
    changed: dict[str, Any],
    place: int,
    holds: bool | None,  # noqa: FBT001  pytest passes parameters by position
    words: str,
) -> None:
    found = summary(reliability(**changed), (), ())[place]

    assert found.holds is holds
    assert words in found.text


def test_shifts_are_named_where_they_fail() -> None:
    shifts = (
        shift("noise", 0, 0.9, 0.99),
        shift("noise", 5, 0.1, 0.9),
        shift("blur", 0, 0.9, 0.99),
        shift("blur", 5, 0.9, 0.96),
        shift("contrast", 0, 0.9, 0.99),
        shift("contrast", 5, 0.95, 0.99),
    )

    rising, faithful = summary(reliability(), shifts, ())[3:]

    assert not rising.holds
    assert rising.text.endswith("of every change but blur and contrast.")
    assert not faithful.holds
    assert faithful.text.endswith(
        "but not under noise 5 (90.0 % of the 10.0 % supported) and blur 5 (96.0 % of the 90.0 % "
        "supported)."
    )


def test_no_shift_is_not_measured() -> None:
    rising, faithful = summary(reliability(), (), ())[3:]

    assert (rising.holds, faithful.holds) == (None, None)
    assert rising.text == "No shifted images were sent."
    assert faithful.text.startswith("Not measured: on changed images")
