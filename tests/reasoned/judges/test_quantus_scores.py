"""Quantus' metrics: derived again without Quantus, and where they say nothing."""

import copy
import sys

import numpy as np
import pytest
import torch
from scipy import special, stats

from explainers.arrays import DoubleArray
from explainers.errors import NotApplicableError
from reasoned.errors import OptionsError
from reasoned.judges.explaining_again import Judged
from reasoned.judges.layers import Layer
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.peers import IntegratedGradientMaps, RandomMaps, SaliencyMaps
from reasoned.judges.pictures import PictureMethod
from reasoned.judges.quantus_scores import QUANTUS_METRICS, quantus_scores, quantus_version
from reasoned.judges.settings import JudgeSettings, Metric
from reasoned.judges.similarity import picture_similarity
from reasoned.judges.subject import JudgeSubject
from tests.reasoned.judges.judged_networks import image

SETTINGS = JudgeSettings(draws=2, runs=40, removed=(20, 60))


def judged(subject: JudgeSubject, method: PictureMethod, count: int = 12) -> Judged:
    pixels = subject.pixels[:count]
    return Judged.of(method, subject.network, pixels, subject.network.logits(pixels).argmax(axis=1))


def integrated(subject: JudgeSubject) -> PictureMethod:
    return IntegratedGradientMaps(subject.pixels.min(axis=(0, 2, 3)))


def test_pixel_flipping_is_the_area_under_the_probability(digits_subject: JudgeSubject) -> None:
    own = judged(digits_subject, integrated(digits_subject))
    found = quantus_scores("pixel_flipping", own, SETTINGS)
    ranks, rows = own.ranked(SETTINGS.seed).reshape(12, -1), np.arange(12)
    changed, curve = own.pixels.reshape(12, -1).copy(), []
    for step in range(8):
        worst = np.argsort(-ranks, axis=1)[:, step * 8 : step * 8 + 8]
        changed[rows[:, None], worst] = changed.min(axis=1, keepdims=True)
        logits = own.network.logits(changed.reshape(own.pixels.shape))
        curve.append(special.softmax(logits.astype(np.float64), axis=1)[rows, own.classes])
    expected = np.trapezoid(np.stack(curve, axis=1), axis=1) / 7
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_a_faithful_picture_correlates_with_what_removing_does(small: JudgedNetwork) -> None:
    # Between 0 and where it is, the logit of class 0 is twice the sum of four pixels.
    pixels = np.random.default_rng(0).uniform(0.5, 1.0, (6, 1, 4, 4)).astype(np.float32)
    pixels[:, 0, 0, 1] = 0.0  # the least value, which reads as black and counts for nothing
    method = IntegratedGradientMaps(np.zeros(1, np.float32))
    own = Judged.of(method, small, pixels, np.zeros(6, np.int64))
    found = quantus_scores("faithfulness_correlation", own, SETTINGS)
    np.testing.assert_allclose(found, 1.0, atol=1e-3)
    other = Judged(method, small, pixels, own.classes, -own.pictures)
    np.testing.assert_allclose(
        quantus_scores("faithfulness_correlation", other, SETTINGS), -1.0, atol=1e-3
    )


def test_road_finds_the_pixels_that_hold_the_class(digits_subject: JudgeSubject) -> None:
    good = quantus_scores("road", judged(digits_subject, integrated(digits_subject)), SETTINGS)
    assert set(np.round(good * 2).tolist()) <= {0.0, 1.0, 2.0}
    other = judged(digits_subject, integrated(digits_subject))
    worst = Judged(other.method, other.network, other.pixels, other.classes, -other.pictures)
    assert good.mean() < quantus_scores("road", worst, SETTINGS).mean()


def test_road_says_nothing_of_colours(small: JudgedNetwork) -> None:
    colours = np.zeros((1, 3, 4, 4), np.float32)
    own = Judged(RandomMaps(0), small, colours, np.zeros(1, np.int64), np.ones((1, 4, 4)))
    with pytest.raises(NotApplicableError, match="one channel, and these images have 3"):
        quantus_scores("road", own, SETTINGS)


def test_sensitivity_is_relative_to_the_picture(small: JudgedNetwork) -> None:
    # The gradient is the same all around this image: the picture does not change at all.
    steady = Judged.of(SaliencyMaps(), small, image(1.0, 1.0), np.array([0]))
    np.testing.assert_allclose(quantus_scores("max_sensitivity", steady, SETTINGS), 0.0)
    restless = Judged.of(RandomMaps(0), small, image(1.0, 1.0), np.array([0]))
    assert 0.3 < quantus_scores("max_sensitivity", restless, SETTINGS)[0] < 1.5


def test_another_class_gives_another_picture(digits_subject: JudgeSubject) -> None:
    own = judged(digits_subject, SaliencyMaps())
    found = quantus_scores("random_logit", own, SETTINGS)
    alike = [
        max(
            abs(found[i] - spearman(own.pictures[i], drawn(digits_subject, i, label)))
            < 1e-6  # as it may have been drawn
            for label in range(10)
            if label != own.classes[i]
        )
        for i in range(4)
    ]
    assert all(alike)


def spearman(first: DoubleArray, second: DoubleArray) -> float:
    return float(stats.spearmanr(first.ravel(), second.ravel()).statistic)


def drawn(subject: JudgeSubject, i: int, label: int) -> DoubleArray:
    # In the same company, since float32 adds up in another order else.
    classes = subject.network.logits(subject.pixels[:12]).argmax(axis=1)
    classes[i] = label
    found = SaliencyMaps().attribute(subject.network, subject.pixels[:12], classes)
    one: DoubleArray = found[i]
    return one


def test_forgetting_changes_what_reads_the_network_and_nothing_else(
    digits_subject: JudgeSubject,
) -> None:
    before = digits_subject.network.fingerprint()
    random = quantus_scores(
        "parameter_randomisation", judged(digits_subject, RandomMaps(0)), SETTINGS
    )
    np.testing.assert_allclose(random, 1.0)
    own = judged(digits_subject, integrated(digits_subject))
    found = quantus_scores("parameter_randomisation", own, SETTINGS)
    forgetting, alike = copy.deepcopy(digits_subject.network), []
    for layer in reversed(list(forgetting.layers)):
        assert isinstance(layer, Layer)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SETTINGS.seed + 1)
            layer.reset_parameters()
        again = own.again(forgetting, own.pixels, own.classes)[:, 0]
        alike.append(picture_similarity(own.pictures, again))
    # The trained network's own picture, which is like itself, is not among them.
    np.testing.assert_allclose(found, np.mean(alike, axis=0), atol=1e-6)
    assert digits_subject.network.fingerprint() == before


def test_pictures_of_the_own_class_alone_have_no_random_logit(
    digits_subject: JudgeSubject,
) -> None:
    searched = digits_subject.pictures[0]
    assert not searched.of_any_class
    with pytest.raises(NotApplicableError, match="the network's own class, and no other"):
        quantus_scores("random_logit", judged(digits_subject, searched, 2), SETTINGS)


@pytest.mark.parametrize("metric", ["faithfulness_correlation", "max_sensitivity", "road"])
def test_scores_are_the_same_again_whatever_was_drawn_before(
    digits_subject: JudgeSubject, metric: Metric
) -> None:
    own = judged(digits_subject, SaliencyMaps(), 4)
    state = np.random.get_state(legacy=False)  # noqa: NPY002  Quantus' generator, which must be put back
    first = quantus_scores(metric, own, SETTINGS)
    np.testing.assert_equal(np.random.get_state(legacy=False), state)  # noqa: NPY002  the same
    np.random.random_sample(3)  # noqa: NPY002  the same
    np.testing.assert_array_equal(first, quantus_scores(metric, own, SETTINGS))


def test_flat_pictures_are_judged_too(small: JudgedNetwork) -> None:
    pixels = np.random.default_rng(0).uniform(0.5, 1.0, (3, 1, 4, 4)).astype(np.float32)
    flat = Judged(RandomMaps(0), small, pixels, np.zeros(3, np.int64), np.zeros((3, 4, 4)))
    for metric in QUANTUS_METRICS:
        assert np.isfinite(quantus_scores(metric, flat, SETTINGS)).all(), metric


def test_without_quantus_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert quantus_version().startswith("0.")
    monkeypatch.setitem(sys.modules, "quantus", None)
    with pytest.raises(OptionsError, match=r"needs Quantus.*install reasoned\[bench\]"):
        quantus_version()
