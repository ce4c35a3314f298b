import re

import pytest

from explainers.errors import FittingError
from explainers.representative.fitting.exact import exact_cover
from explainers.representative.fitting.options import RuleSetOptions
from explainers.representative.served.search import SearchSettings

KNOWN = "it has mode, boundaries, most_boundaries, search, seeds, polytopes"


def test_nothing_set_is_the_default() -> None:
    options = RuleSetOptions.read({})

    assert options == RuleSetOptions()
    assert options.search_settings() == SearchSettings(boundaries=100, most_boundaries=1500)


def test_numbers_come_as_text() -> None:
    options = RuleSetOptions.read(
        {"boundaries": "30", "most_boundaries": "90", "seeds": "7", "polytopes": "2"}
    )

    assert (options.boundaries, options.most_boundaries) == (30, 90)
    assert (options.seeds, options.polytopes) == (7, 2)
    assert options.search_settings() == SearchSettings(boundaries=30, most_boundaries=90)


@pytest.mark.parametrize(
    ("mode", "settings"),
    [
        ("pruned", SearchSettings(prune=True)),
        ("greedy", SearchSettings(prune=False)),
        ("exact", SearchSettings(prune=False, solver=exact_cover)),
        (
            "paper",
            SearchSettings(boundaries=50, most_boundaries=50, enlarge=False, prune=False),
        ),
    ],
)
def test_every_mode(mode: str, settings: SearchSettings) -> None:
    assert RuleSetOptions.read({"mode": mode}).search_settings() == settings


@pytest.mark.parametrize(("search", "weight"), [("cautious", 0.9), ("bisection", 0.5)])
def test_both_searches(search: str, weight: float) -> None:
    assert RuleSetOptions.read({"search": search}).search_settings() == SearchSettings(
        weight=weight
    )


def test_more_boundaries_at_first_than_at_most_are_allowed() -> None:
    settings = RuleSetOptions.read({"boundaries": "2000"}).search_settings()

    assert (settings.boundaries, settings.most_boundaries) == (2000, 2000)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("mode", "best", "Input should be 'pruned', 'greedy', 'exact' or 'paper'"),
        ("search", "", "Input should be 'cautious' or 'bisection'"),
        ("boundaries", "0", "Input should be greater than or equal to 1"),
        ("most_boundaries", "-4", "Input should be greater than or equal to 1"),
        ("seeds", "many", "Input should be a valid integer"),
        ("polytopes", "2.5", "Input should be a valid integer"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, why: str) -> None:
    told = f"representative.{name} cannot be {value!r}: {why}"
    with pytest.raises(FittingError, match=f"^{re.escape(told)}"):
        RuleSetOptions.read({name: value})


def test_what_it_does_not_know_is_refused_with_what_it_knows() -> None:
    with pytest.raises(FittingError, match=f"^representative has no option 'facets'; {KNOWN}$"):
        RuleSetOptions.read({"facets": "3"})
