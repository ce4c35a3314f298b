import pytest

from explainers.errors import FittingError
from explainers.representative.served.search import SearchSettings


def test_the_papers_settings_sample_fifty_boundaries_and_change_nothing_after() -> None:
    paper = SearchSettings.paper()

    assert (paper.boundaries, paper.weight) == (50, 0.9)
    assert not paper.enlarge
    assert not paper.prune
    assert paper.solver is None


@pytest.mark.parametrize(("boundaries", "most", "redraws"), [(0, 10, 1), (20, 10, 1), (10, 20, -1)])
def test_numbers_out_of_range_are_refused(boundaries: int, most: int, redraws: int) -> None:
    with pytest.raises(FittingError, match=f"not {boundaries}, {most} and {redraws}"):
        SearchSettings(boundaries=boundaries, most_boundaries=most, redraws=redraws)


@pytest.mark.parametrize("weight", [0.0, 1.0, float("nan")])
def test_a_weight_that_goes_nowhere_is_refused(weight: float) -> None:
    with pytest.raises(FittingError, match="weight must lie between 0 and 1, not"):
        SearchSettings(weight=weight)
