"""``reasoned fit`` with a mixture of regressions, on the digits."""

import json
from pathlib import Path

import numpy as np

from explainers.arrays import ByteArray
from explainers.mixture.fitting import MixtureOptions
from explainers.mixture.served import Mixture
from reasoned.model import ExplainedModel
from reasoned.reply.bodies import RegressionBody
from tests.reasoned.cli.conftest import Run
from tests.reasoned.conftest import Fitted

FIT = ("fit", "--network", "reference", "--data", "digits", "--methods", "mixture")


def test_the_options_reach_the_fit_and_the_card(mixture_fitted: Fitted) -> None:
    stored = Mixture.load(mixture_fitted.folder / "methods")
    asked = {"preset": "preview", "components": "2", "rows": "300"}

    assert json.loads(stored.settings) == MixtureOptions.read(asked).model_dump()
    assert (stored.preset, stored.features) == ("preview", "pixels")
    assert 10 <= len(stored.owner) <= 20
    card = ExplainedModel.load(mixture_fitted.folder).manifest.methods["mixture"]
    assert card == stored.summary()
    assert mixture_fitted.printed["figures"]["mixture_fidelity"] > 0.8
    assert mixture_fitted.printed["refused"] == {}


def test_nothing_is_left_beside_the_model(mixture_fitted: Fitted) -> None:
    assert list(mixture_fitted.folder.parent.iterdir()) == [mixture_fitted.folder]


def test_the_model_explains_by_a_regression(
    mixture_fitted: Fitted, digits_images: list[ByteArray]
) -> None:
    model = ExplainedModel.load(mixture_fitted.folder)
    assert model.methods == ("mixture",)

    replies = [model.explain(image, explain="full") for image in digits_images[:30]]

    named = []
    for reply in replies:
        assert reply.explanation is not None
        (evidence,) = reply.explanation.evidence
        assert evidence.names is not None
        named.append(evidence.names.index == reply.prediction.index)
        body = evidence.body
        assert isinstance(body, RegressionBody)
        assert body.maps is not None
        total = body.intercept + sum(part.contribution for part in body.parts) + body.rest
        # Each number is rounded to six digits.
        np.testing.assert_allclose(total, body.predicted, atol=1e-4)
    assert np.mean(named) > 0.8


def test_a_wrong_option_is_told_before_anything_is_done(run: Run, tmp_path: Path) -> None:
    cases = {
        "preset=best": "mixture.preset cannot be 'best'",
        "width=3": "mixture has no option 'width'",
        "sweeps=3": "mixture.sweeps must be 0 or 16 and more",
    }
    for option, words in cases.items():
        found = run(*FIT, "--set", f"mixture.{option}", "--out", tmp_path / "model")

        assert (found.code, found.out) == (2, "")
        assert words in found.err
        assert list(tmp_path.iterdir()) == []


def test_options_of_a_method_that_is_not_packaged_are_refused(run: Run, tmp_path: Path) -> None:
    asked = (*FIT[:-1], "meta_forest", "--set", "mixture.sweeps=0", "--out", tmp_path / "model")
    found = run(*asked)

    assert (found.code, found.out) == (2, "")
    assert "add mixture to --methods or leave it out" in found.err
