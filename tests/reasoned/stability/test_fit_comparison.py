"""Fits compared by what they say of the same images."""

import math

import numpy as np
import pytest

from explainers.arrays import IntArray
from reasoned.stability.fit_answers import FitAnswers
from reasoned.stability.fit_comparison import (
    MEASURES,
    picture_correlation,
    same_class,
    shared_steps,
    spread,
)
from reasoned.stability.traces import Trace
from tests.reasoned.stability.traces_by_hand import named_trace, path, picture


def answers(*traces: Trace, clusters: IntArray | None = None) -> FitAnswers:
    return FitAnswers(
        traces=traces,
        names=np.array([-1 if t.names is None else t.names for t in traces]),
        regions=np.array([t.region or "" for t in traces], object),
        count=2,
        clusters=clusters,
        attributes=None,
    )


def test_only_images_that_both_name_are_compared() -> None:
    one = answers(picture(names=0), picture(names=1), picture(names=None), picture(names=2))
    other = answers(picture(names=0), picture(names=2), picture(names=1), picture(names=2))

    assert same_class(one, other) == pytest.approx(2 / 3)
    assert math.isnan(same_class(answers(picture(names=None)), answers(picture(names=1))))


def test_steps_are_shared_whatever_their_thresholds() -> None:
    one, other = answers(path("a", "b"), path("a")), answers(path("b", "c"), path("a"))

    assert shared_steps(one, other) == pytest.approx((1 / 3 + 1) / 2)
    assert math.isnan(shared_steps(answers(picture(1.0)), answers(picture(1.0))))


def test_pictures_are_compared_where_both_name_the_same_class() -> None:
    one = answers(picture(0.0, 1.0), picture(0.0, 1.0), picture(0.0, 1.0), named_trace(a=1.0))
    other = answers(
        picture(0.0, 2.0),  # 1
        picture(1.0, 0.0),  # -1
        picture(1.0, 0.0, names=3),  # of another class
        named_trace(a=2.0),  # no map
    )

    assert picture_correlation(one, other) == pytest.approx(0.0)


def test_coverage_and_fidelity_of_one_fit() -> None:
    one = answers(
        picture(names=1, region="r"),
        picture(names=0, region="other"),
        picture(names=None, region=None),
        picture(names=2, region="s"),
    )

    assert one.coverage == 0.5  # neither outside, nor in what is left over
    assert one.fidelity(np.array([1, 1, 1, 2])) == pytest.approx(2 / 3)


def test_clusters_are_compared_where_there_are_some() -> None:
    groups = np.array([0, 0, 1, 1])
    one, other = (answers(*[picture()] * 4, clusters=g) for g in (groups, groups[::-1].copy()))

    assert MEASURES["clusters_rand_index"](one, other) == pytest.approx(1.0)
    assert MEASURES["clusters_jaccard"](one, other) == pytest.approx(1.0)
    assert math.isnan(MEASURES["clusters_jaccard"](answers(picture()), answers(picture())))
    assert math.isnan(MEASURES["attribute_correlation"](one, other))


def test_a_spread_has_its_extremes() -> None:
    found = spread([1.0, 4.0, 1.0])

    assert (found.mean, found.least, found.most) == (2.0, 1.0, 4.0)
