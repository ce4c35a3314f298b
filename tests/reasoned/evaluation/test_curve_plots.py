"""The curves as a drawing."""

from reasoned.evaluation.curve_plots import curve_plots
from reasoned.evaluation.figures import CurvePoint, Spread, spread


def point(boundaries: int, precision: Spread) -> CurvePoint:
    some = spread([1.0, 2.0])
    return CurvePoint(
        boundaries=boundaries, tau=some, coverage=some, precision=precision, facets=some
    )


def test_the_drawing_names_its_axes_and_is_always_the_same() -> None:
    points = [point(10, spread([0.5])), point(200, spread([None]))]

    drawn = curve_plots(points)

    assert drawn.startswith("<svg")
    for words in ("tau", "coverage of unseen images, %", "|Q|", "200"):
        assert f">{words}<" in drawn
    assert drawn == curve_plots(points)
