"""The model of the digits as both sides of a comparison, asked once."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from explainers.arrays import BoolArray
from explainers.fitting_contract import silent
from reasoned.comparing.comparing import compare_sides
from reasoned.comparing.figures import ComparisonFigures
from reasoned.comparing.pair import CompareRequest, Pair, open_pair
from reasoned.comparing.sides import Side, ask


@pytest.fixture(scope="session")
def request_of_itself(digits_folder: Path) -> CompareRequest:
    return CompareRequest(before=digits_folder, after=digits_folder, data="digits")


@pytest.fixture(scope="session")
def pair(request_of_itself: CompareRequest) -> Pair:
    return open_pair(request_of_itself)


@pytest.fixture(scope="session")
def side(pair: Pair) -> Side:
    return ask(pair.before, pair, silent, "A")


@pytest.fixture(scope="session")
def misled(side: Side) -> Side:
    """Give a model whose first choice names another class on every fifth image."""
    moved = every_fifth(side)
    names = np.where(moved, (side.answers.first_names + 1) % 10, side.answers.first_names)
    return dataclasses.replace(side, answers=dataclasses.replace(side.answers, first_names=names))


@pytest.fixture(scope="session")
def misled_figures(
    request_of_itself: CompareRequest, pair: Pair, side: Side, misled: Side
) -> ComparisonFigures:
    return compare_sides(request_of_itself, pair, side, misled)


def every_fifth(side: Side) -> BoolArray:
    found: BoolArray = np.arange(len(side.answers)) % 5 == 0
    return found
