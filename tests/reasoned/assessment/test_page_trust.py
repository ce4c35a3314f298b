"""What is shown of the statement's estimate and bounds."""

from hypothesis import given
from hypothesis import strategies as st

from reasoned.assessment.figures import BinFigures
from reasoned.assessment.page_trust import WORST, trust_sections, worst_groups
from reasoned.assessment.plots_trust import crowded_bins, high_bounds
from tests.reasoned.assessment.report_by_hand import bins, group, reliability


def test_the_least_likely_groups_come_first() -> None:
    one, two, three = (
        group("one", 9, 10, 0.9, 0.7),
        group("two", 5, 10, 0.9, 0.001),
        group("three", 5, 10, 0.95, 0.001),
    )

    assert worst_groups([one, two, three]) == [three, two, one]
    assert len(worst_groups([one] * 40)) == WORST


def test_the_crowded_end_is_enlarged() -> None:
    lonely, *crowd = bins((0.5, 0.5, 10), (0.98, 0.98, 45), (0.99, 0.99, 45))

    assert list(crowded_bins([lonely, *crowd])) == crowd


def test_nothing_is_enlarged_where_nothing_is_crowded() -> None:
    spread = bins((0.1, 0.1, 10), (0.5, 0.5, 10), (0.9, 0.9, 10))

    assert crowded_bins(spread) == spread
    alone = bins((0.9, 0.9, 10))
    assert crowded_bins(alone) == alone


@given(
    st.lists(
        st.tuples(st.integers(0, 999), st.integers(1, 1000)),
        min_size=1,
        max_size=5,
        unique_by=lambda point: point[0],
    )
)
def test_what_is_enlarged_are_bins_in_their_order(points: list[tuple[int, int]]) -> None:
    given_bins = bins(*((place / 999, 0.5, of) for place, of in sorted(points)))

    found: tuple[BinFigures, ...] = crowded_bins(given_bins)

    assert found == given_bins[len(given_bins) - len(found) :]


def test_high_bounds_are_enlarged_where_there_are_enough() -> None:
    low = group("low", 5, 10, 0.2, 0.5)
    high = [group(str(i), 10, 10, 0.95, 1.0) for i in range(5)]

    assert high_bounds([low, *high]) == tuple(high)
    assert high_bounds([low, *high[1:]]) == ()
    assert high_bounds(high) == ()


def test_broken_bounds_are_told_and_marked() -> None:
    _, bounds = trust_sections(reliability())

    text = bounds.markup()
    assert "1 of 2 bounds are broken (50.0\u00a0%)." in text
    assert "leaf-&lt;2&gt; (BROKEN)" in text
    assert text.index("leaf-&lt;2&gt;") < text.index("leaf-1")


def test_the_calibration_error_is_told_beside_that_of_chance() -> None:
    text = trust_sections(reliability())[0].markup()

    assert "off by 1.20\u00a0%" in text
    assert "over 98 images" in text
    assert "about 0.50\u00a0%" in text


def test_without_estimates_and_groups_nothing_is_drawn() -> None:
    nothing = reliability().model_copy(update={"diagram": (), "groups": (), "estimated": 0})

    estimate, bounds = trust_sections(nothing)

    assert "<svg" not in estimate.markup() + bounds.markup()
    assert "No image had an estimate" in estimate.markup()
