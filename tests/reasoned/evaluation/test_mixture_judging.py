"""Who beats whom, in which direction, and over which images."""

import numpy as np

from explainers.arrays import BoolArray
from reasoned.evaluation.mixture_judging import judge, pooled
from reasoned.evaluation.mixture_perturbing import SIZES, Hits
from reasoned.evaluation.mixture_protocols import TESTS


def constant(count: int, of: int = 40) -> BoolArray:
    """The first `count` of the images keep the class at every size."""
    return np.tile((np.arange(of) < count)[:, None], (1, len(SIZES)))


def some_hits() -> Hits:
    rows = {"mixture": 10, "mixture_signed": 20, "random_within": 30, "lime": 10, "shap": 12}
    return {test: {name: constant(count) for name, count in rows.items()} for test in TESTS}


def test_less_is_better_under_removal_and_more_elsewhere() -> None:
    _, apart = judge(some_hits(), "Coat", np.random.default_rng(0))

    def said(test: str, ranking: str, rival: str) -> tuple[bool, bool]:
        (one,) = (d for d in apart if (d.test, d.ranking, d.rival) == (test, ranking, rival))
        return one.beats, one.worse

    assert said("removal", "mixture", "random_within") == (True, False)
    assert said("insertion", "mixture", "random_within") == (False, True)
    assert said("synthetic", "mixture_signed", "lime") == (True, False)
    assert said("removal", "mixture_signed", "lime") == (False, True)
    # The same images, no difference: an interval of no width at 0 excludes nothing.
    assert said("removal", "mixture", "lime") == (False, False)
    # Two of 40 images: the interval holds 0.
    assert said("removal", "mixture", "shap") == (False, False)
    assert {d.rival for d in apart} == {"random_within", "lime", "shap"}
    assert all(d.name == "Coat" for d in apart)


def test_differences_and_curves_hold_their_means() -> None:
    lines, apart = judge(some_hits(), "", np.random.default_rng(0))

    for one in lines:
        wanted = some_hits()[one.test][one.ranking][:, 0].mean()
        assert len(one.pcr) == len(SIZES)
        np.testing.assert_allclose([p.mean for p in (*one.pcr, one.area)], wanted, rtol=1e-12)
        assert one.area.low <= one.area.mean <= one.area.high
        assert one.images == 40
    area = {(one.test, one.ranking): one.area.mean for one in lines}
    for each in apart:
        np.testing.assert_allclose(
            each.difference.mean,
            area[each.test, each.ranking] - area[each.test, each.rival],
            atol=1e-12,
        )


def test_pooled_classes_are_one_row_of_images_each() -> None:
    first = {test: {"mixture": constant(1, 3)} for test in TESTS}
    second = {test: {"mixture": constant(2, 2)} for test in TESTS}

    both = pooled([first, second])

    assert both["removal"]["mixture"][:, 0].tolist() == [True, False, False, True, True]
    lines, apart = judge(both, "", np.random.default_rng(0))
    assert (lines[0].images, lines[0].area.mean, apart) == (5, 0.6, ())
