"""When a pasted insight is a vulnerability."""

import numpy as np
import pytest

from reasoned.evaluation.mixture_figures import VulnerabilityFigures
from reasoned.evaluation.mixture_verdict import vulnerability_sentence
from reasoned.evaluation.mixture_vulnerabilities import share, vulnerability


def judged(pasted: int, control: int, bare: int = 0) -> VulnerabilityFigures:
    hits = tuple(np.arange(100) < count for count in (pasted, control, bare))
    return vulnerability(("Trouser", 2, "image", "uniform noise"), 150, hits)  # type: ignore[arg-type]  # three of them


def test_the_interval_is_clopper_and_pearsons() -> None:
    # None of n: the upper end solves (1 - p)^n = 0.025; all of n is its mirror.
    none, every, half = share(0, 100), share(100, 100), share(50, 100)
    end = 1 - 0.025 ** (1 / 100)
    assert (none.low, none.high) == pytest.approx((0.0, end), abs=1e-12)
    assert (every.low, every.high) == pytest.approx((1 - end, 1.0), abs=1e-12)
    # As R's binom.test gives it.
    assert (half.low, half.high) == pytest.approx((0.3983211, 0.6016789), abs=1e-6)


@pytest.mark.parametrize(
    ("pasted", "control", "bare", "found"),
    [
        (97, 3, 0, True),
        (61, 3, 0, True),  # from 0.507 on
        (60, 3, 0, False),  # from 0.497 on
        (97, 85, 0, True),  # 0.915 against 0.914
        (97, 86, 0, False),
        (100, 100, 100, False),
        (100, 60, 100, False),  # the noise alone is the class
    ],
)
def test_it_is_one_beyond_half_beyond_random_features_and_beyond_nothing(
    pasted: int, control: int, bare: int, *, found: bool
) -> None:
    assert judged(pasted, control, bare).found is found


def test_one_sentence_says_it() -> None:
    assert vulnerability_sentence(judged(97, 3, 1), "pixels") == (
        "Noise with 150 pixels set as in the image that component 2 of class Trouser answers for "
        "most is called Trouser in 97 of 100 pictures; with as many random pixels: 3; with nothing "
        "pasted: 1."
    )
