"""Contribution maps: those of the reply, for any class, and what they add up to."""

import dataclasses
from collections.abc import Callable

import numpy as np
import orjson
import pytest

from explainers.mixture.served import Mixture
from reasoned.judges.mixture_pictures import Contributions, mixture_pictures
from reasoned.judges.subject import JudgeSubject
from tests.reasoned.evaluation.hand_built_mixture import with_superpixels


@pytest.mark.parametrize("reading", [lambda stored: stored, with_superpixels])
def test_the_picture_is_that_of_the_full_reply(
    digits_subject: JudgeSubject, digits_mixture: Mixture, reading: Callable[[Mixture], Mixture]
) -> None:
    stored = reading(digits_mixture)
    table = digits_subject.network.tabulate(digits_subject.pixels)
    for i in range(5):
        evidence = stored.explain_in_full(table.one(i), lambda: False)
        told = orjson.loads(evidence.body)["maps"]["contributions"]
        asked = np.array([evidence.names])
        found = Contributions(stored).attribute(
            digits_subject.network, digits_subject.pixels[i : i + 1], asked
        )
        np.testing.assert_allclose(found[0], told, rtol=1e-4, atol=1e-5)


def test_for_every_class_it_adds_up_to_the_prediction(
    digits_subject: JudgeSubject, digits_mixture: Mixture
) -> None:
    pixels, method = digits_subject.pixels, Contributions(digits_mixture)
    table = digits_subject.network.tabulate(pixels)
    for label in range(10):
        found = method.attribute(digits_subject.network, pixels, np.full(len(pixels), label))
        alone = np.flatnonzero(digits_mixture.owner == label)
        if len(alone) > 1:
            continue  # of several the intercept depends on the gate
        evidence = [digits_mixture.explain(table.one(i)) for i in range(len(pixels))]
        for picture, one in zip(found, evidence, strict=True):
            if one.names == label:
                body = orjson.loads(one.body)
                assert picture.sum() == pytest.approx(
                    body["predicted"] - body["intercept"], abs=1e-3
                )


def test_regressions_on_hidden_units_have_no_picture(digits_mixture: Mixture) -> None:
    assert [method.name for method in mixture_pictures(digits_mixture)] == ["mixture"]
    units = len(digits_mixture.selected[0])
    hidden = dataclasses.replace(
        digits_mixture, features="hidden", gate_weights=digits_mixture.gate_weights[:, :units]
    )
    assert mixture_pictures(hidden) == []
