"""The whole evaluation of a mixture on the digits: figures, tables, sentences and page."""

import dataclasses
import html
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from explainers.activations import Activations
from explainers.fitting_contract import silent
from reasoned.errors import DataError, OptionsError
from reasoned.evaluation.evaluation import Evaluation, Request
from reasoned.evaluation.figures import EvaluationSettings
from reasoned.evaluation.methods import EVALUATORS
from reasoned.evaluation.mixture import evaluate_mixture, evaluate_mixture_subject
from reasoned.evaluation.mixture_classes import class_scene, null_image
from reasoned.evaluation.mixture_errors import fit_ridge, named_classes
from reasoned.evaluation.mixture_figures import Interval, MixtureFigures, MixtureSettings
from reasoned.evaluation.mixture_network import FromPixels, differentiable
from reasoned.evaluation.mixture_peers import (
    gradient_times_input,
    integrated_gradients,
    lime_scores,
    shap_scores,
)
from reasoned.evaluation.mixture_rankings import OWN
from reasoned.evaluation.mixture_subject import MixtureSubject, open_mixture_subject
from reasoned.evaluation.mixture_targets import Targets
from reasoned.evaluation.mixture_verdict import mixture_verdict
from reasoned.evaluation.mixture_vulnerabilities import insights
from tests.reasoned.evaluation.hand_built_mixture import (
    add_mixture,
    digits_folder,
    with_superpixels,
)


def request(folder: Path = Path(), **changed: Any) -> Request:  # noqa: ANN401  any field may change
    settings = EvaluationSettings(
        images=6, similar=5, top=0.2, fill="mean", boundaries=50, seeds=2, seed=1
    )
    asked = Request(folder, "digits", None, None, settings, lime_samples=60, classes=("1", "7"))
    return dataclasses.replace(asked, **changed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("models") / "mixture"
    digits_folder(target)
    with pytest.raises(DataError, match="carries meta_forest and no mixture; fit it with"):
        evaluate_mixture(request(target), silent)
    add_mixture(target)
    return target


@pytest.fixture(scope="module")
def subject(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> MixtureSubject:
    return open_mixture_subject(request(folder), tmp_path_factory.mktemp("scratch"), silent)


@pytest.fixture(scope="module")
def found(subject: MixtureSubject) -> Evaluation:
    return evaluate_mixture_subject(subject, request(), silent)


@pytest.fixture(scope="module")
def figures(found: Evaluation) -> MixtureFigures:
    assert isinstance(found.figures, MixtureFigures)
    return found.figures


def settings(**changed: Any) -> MixtureSettings:  # noqa: ANN401  any field may change
    given = {"images": 6, "classes": (), "protocol": "plain", "null": "black"}
    return MixtureSettings(**(given | {"lime_samples": 0, "seed": 1} | changed))


def test_the_network_is_the_same_by_pixels_and_in_torch(subject: MixtureSubject) -> None:
    inputs = np.array(subject.test.inputs[:20])
    values = subject.pixels.values(inputs)

    assert (values.min(), values.max()) == pytest.approx((0.0, 1.0), abs=1e-6)
    np.testing.assert_allclose(subject.pixels.inputs(values), inputs, atol=1e-5)
    assert isinstance(subject.torch, FromPixels)
    with torch.no_grad():
        logits = subject.torch(torch.from_numpy(values)).numpy()
    # Summed in another order, in float32.
    np.testing.assert_allclose(logits, subject.test.logits[:20], atol=1e-3)
    np.testing.assert_allclose(subject.pixels.logits(values), subject.test.logits[:20], atol=1e-3)


def test_gradients_add_up_to_the_logit_as_theory_says(subject: MixtureSubject) -> None:
    assert isinstance(subject.torch, FromPixels)
    values = subject.values(subject.test, np.arange(12))
    null = np.zeros(values.shape[1], np.float32)

    scores = integrated_gradients(subject.torch, values, 3, null)
    plain = gradient_times_input(subject.torch, values, 3)

    moved = subject.pixels.logits(values)[:, 3] - subject.pixels.logits(null[None])[:, 3]
    # Completeness, up to 32 steps over the kinks.
    np.testing.assert_allclose(scores.sum(axis=1), moved, atol=0.05 * np.abs(moved).max())
    # A finite difference of the brightest pixel.
    given = torch.from_numpy(values[:1]).double()
    module, pixel, step = subject.torch, int(values[0].argmax()), 1e-3
    nudged = given.float().clone()
    nudged[0, pixel] += step
    with torch.no_grad():
        slope = float((module(nudged) - module(given.float()))[0, 3]) / step
    np.testing.assert_allclose(plain[0, pixel], slope * values[0, pixel], rtol=0.05, atol=0.05)
    assert np.all(plain[values == 0] == 0)


def test_lime_and_shap_point_at_what_the_network_needs(subject: MixtureSubject) -> None:
    rows = np.flatnonzero(subject.test.predicted == 0)[:6]
    values = subject.values(subject.test, rows)
    for method in (lime_scores, shap_scores):
        scores = method(subject.pixels, values, 0, (400, 1), silent)
        assert scores.shape == values.shape
        assert np.all(scores[values == 0] == 0)
        first = np.argsort(-scores, axis=1)[:, :16]
        last = np.argsort(scores, axis=1)[:, :16]
        kept = []
        for chosen in (first, last):
            removed = values.copy()
            np.put_along_axis(removed, chosen, 0.0, axis=1)
            kept.append(int((subject.pixels.logits(removed).argmax(axis=1) == 0).sum()))
        assert kept[0] + 2 <= kept[1]


def test_figures_are_of_the_classes_asked_for(
    figures: MixtureFigures, subject: MixtureSubject
) -> None:
    assert [one.name for one in figures.errors] == ["1", "7"]
    assert [one.components for one in figures.errors] == [2, 1]
    assert dict.fromkeys(one.name for one in figures.curves) == dict.fromkeys(["", "1", "7"])
    assert [one.images for one in figures.curves_of("removal", "")] == [12] * 13
    assert {one.images for one in figures.curves_of("removal", "1")} == {6}
    assert len(figures.differences) == 3 * 3 * 3 * 10
    assert figures.unseen == len(subject.test.labels)
    assert figures.left_out == ()
    with pytest.raises(OptionsError, match=r"a tested class must be one of 0, 1, .*, not ten, 11"):
        evaluate_mixture_subject(subject, request(classes=("1", "ten", "11")), silent)


def test_removing_everything_read_leaves_what_one_ranking_leaves(figures: MixtureFigures) -> None:
    # 40 of 64 pixels are read, so that from m = 45 on all of these rankings remove the same.
    same = (*OWN, "random_within", "variance", "ridge", "ridge_signed", "ridge_mean")
    for test in ("removal", "insertion", "synthetic"):
        ends = {
            tuple(point.mean for point in one.pcr[3:])
            for one in figures.curves_of(test, "")
            if one.ranking in same
        }
        assert len(ends) == 1


def test_the_errors_are_those_of_the_served_method(
    figures: MixtureFigures, subject: MixtureSubject
) -> None:
    test, stored = subject.test, subject.stored
    served = [
        stored.explain(
            Activations(
                logits=test.logits[i],
                hidden=np.zeros(1, np.float32),
                predicted=0,
                pixels=np.array(test.inputs[i]),
            )
        ).names
        for i in range(60)
    ]
    np.testing.assert_array_equal(named_classes(subject)[:60], served)
    assert figures.fidelity == (named_classes(subject) == test.predicted).mean()
    divided, single = figures.errors
    assert divided.assigned_rmse < divided.predictive_rmse
    # One component: there is nothing to assign.
    assert single.assigned_rmse == single.predictive_rmse
    assert (single.gate_accuracy, single.dominant) == (1.0, 1.0)
    assert divided.gate_accuracy < 1.0
    assert single.predictive_rmse < single.deviation


def test_rivals_are_fitted_on_training_images_and_the_same_features(
    subject: MixtureSubject,
) -> None:
    ridge = fit_ridge(subject, 1, np.random.default_rng(4))

    train, selected = subject.train, subject.stored.selected[1]
    targets = Targets.of(subject.stored)
    rows = targets.rows(train.labels, train.predicted, 1, np.random.default_rng(4))
    own = int((train.predicted == 1).sum())
    assert len(rows) == 2 * own == 2 * int((train.predicted[rows] == 1).sum())
    x = train.features[rows][:, selected].astype(np.float64)
    again = Ridge(alpha=1.0).fit(x, targets.y(train.logits[rows], 1))
    np.testing.assert_allclose(ridge.weights[selected], again.coef_, rtol=1e-9)
    assert not ridge.weights[~selected].any()
    np.testing.assert_allclose(
        ridge.predict(train.features[rows]), again.predict(x), rtol=1e-9, atol=1e-9
    )


def test_images_and_others_are_told_apart_by_the_network(subject: MixtureSubject) -> None:
    chosen = class_scene(subject, 4, settings(images=10_000), np.random.default_rng(0))

    assert not isinstance(chosen, str)
    np.testing.assert_array_equal(chosen.rows, np.flatnonzero(subject.test.predicted == 4))
    assert np.all(subject.pixels.logits(chosen.scene.images).argmax(axis=1) == 4)
    assert np.all(subject.pixels.logits(chosen.scene.others).argmax(axis=1) != 4)


def test_a_class_without_images_is_left_out(subject: MixtureSubject) -> None:
    logits = subject.test.logits.copy()
    logits[:, 7] -= 1000
    without = dataclasses.replace(subject, test=dataclasses.replace(subject.test, logits=logits))

    found = evaluate_mixture_subject(without, request(lime_samples=0), silent)

    assert isinstance(found.figures, MixtureFigures)
    said = "class 7 was not tested: the network gives it 0 and others"
    assert found.figures.left_out[0].startswith(said)
    assert [one.name for one in found.figures.errors] == ["1"]
    assert {one.name for one in found.figures.curves} == {"1"}
    assert any(sentence.startswith(f"Left out: {said}") for sentence in found.sentences)


def test_the_null_image_is_black_or_the_mean_of_the_others(subject: MixtureSubject) -> None:
    assert not null_image(subject, 2, "black").any()
    others = np.flatnonzero(subject.train.predicted != 2)
    np.testing.assert_allclose(
        null_image(subject, 2, "mean"),
        subject.values(subject.train, others).mean(axis=0),
        atol=1e-5,
    )


def test_insights_are_pasted_at_their_own_pixels(subject: MixtureSubject) -> None:
    stored = subject.stored
    image, signs = insights(subject, 3, np.random.default_rng(0), trials=5)

    b = stored.weights[3]
    # Half of the 40 that are read, since there are no 300.
    first = np.argsort(-np.abs(b), kind="stable")[:20]
    for one in (image, signs):
        np.testing.assert_array_equal(np.flatnonzero(one.own), np.sort(first))
        assert one.random.sum(axis=1).tolist() == [20] * 5
    np.testing.assert_array_equal(image.source, subject.examples[stored.members[3, 0]])
    np.testing.assert_array_equal(signs.source[first], (b[first] > 0).astype(np.float32))
    whites = int((b[first] > 0).sum())
    drawn = [int(signs.control[i][signs.random[i]].sum()) for i in range(5)]
    assert drawn == [whites] * 5
    assert not np.array_equal(signs.random[0], signs.random[1])


def test_superpixels_are_perturbed_whole(subject: MixtureSubject) -> None:
    coarse = with_superpixels(subject.stored)
    test, train = (
        dataclasses.replace(seen, features=_means(seen.features), read=_means(seen.features))
        for seen in (subject.test, subject.train)
    )
    other = dataclasses.replace(subject, stored=coarse, test=test, train=train)

    found = evaluate_mixture_subject(other, request(lime_samples=20, null="mean"), silent)

    assert isinstance(found.figures, MixtureFigures)
    assert found.figures.features == "superpixels"
    assert len(found.figures.curves_of("removal", "")) == 13
    assert {one.features for one in found.figures.vulnerabilities} <= set(range(1, 9))


def _means(features: np.ndarray) -> np.ndarray:
    blocks = features.reshape(len(features), 4, 2, 4, 2)
    return np.asarray(blocks.mean(axis=(2, 4)).reshape(len(features), -1), np.float32)


def test_hidden_features_are_judged_by_their_errors_alone(subject: MixtureSubject) -> None:
    hidden = dataclasses.replace(subject.stored, features="hidden")
    found = evaluate_mixture_subject(
        dataclasses.replace(subject, stored=hidden), request(lime_samples=0), silent
    )

    assert isinstance(found.figures, MixtureFigures)
    assert (found.figures.curves, found.figures.vulnerabilities) == ((), ())
    assert len(found.figures.errors) == 2
    assert found.figures.left_out[0].startswith("no pixels were perturbed and no insights pasted")
    assert "<svg" not in found.page


def test_without_gradients_the_rest_is_there(subject: MixtureSubject) -> None:
    blind = dataclasses.replace(subject, torch="it computes Erf")
    asked = request(lime_samples=0, classes=("1",), protocol="amplified")

    found = evaluate_mixture_subject(blind, asked, silent)

    assert isinstance(found.figures, MixtureFigures)
    names = [one.ranking for one in found.figures.curves_of("removal", "1")]
    assert {"gradient_input", "lime", "shap"}.isdisjoint(names)
    assert found.figures.left_out == (
        "no gradient x input and no integrated gradients: it computes Erf",
        "no LIME and no SHAP: 0 samples were asked for",
    )
    # One class alone is not pooled with anything.
    assert {one.name for one in found.figures.curves} == {"1"}
    assert "Amplified protocol" in found.page


def test_what_cannot_be_read_is_not_differentiated(subject: MixtureSubject, tmp_path: Path) -> None:
    empty = tmp_path / "none.onnx"
    empty.write_bytes(b"")

    said = differentiable(empty, subject.pixels, subject.values(subject.test, np.arange(3)))

    assert isinstance(said, str)
    assert said.startswith("the network cannot be differentiated")


def test_it_is_the_same_again(subject: MixtureSubject, found: Evaluation) -> None:
    again = evaluate_mixture_subject(subject, request(), silent)

    assert (again.figures, again.page) == (found.figures, found.page)


def test_what_is_written_is_read_back(
    found: Evaluation, figures: MixtureFigures, tmp_path: Path
) -> None:
    found.save(tmp_path)

    written = (tmp_path / "evaluation.json").read_text(encoding="utf-8")
    assert MixtureFigures.model_validate_json(written) == figures


def test_the_page_holds_all_it_shows(found: Evaluation, figures: MixtureFigures) -> None:
    page = found.page

    for section in found.sections:
        assert html.escape(section.heading) in page
        assert all(html.escape(cell) in page for row in section.rows for cell in row)
    assert all(html.escape(sentence) in page for sentence in found.sentences)
    # All together, and each class.
    assert page.count("<svg") == 3
    assert page.count("data:image/png") == len(figures.found)
    assert not re.findall(r"(?:src|href)=['\"](?!data:)(?!#)", page)


def test_sentences_say_where_a_rival_is_better(figures: MixtureFigures) -> None:
    def told(**outcomes: bool) -> str:
        changed = tuple(
            one.model_copy(update={"beats": False, "worse": False} | outcomes)
            if one.rival == "lime"
            else one.model_copy(update={"beats": True, "worse": False})
            for one in figures.differences
        )
        return mixture_verdict(figures.model_copy(update={"differences": changed}))[2]

    assert told(worse=True).endswith("; worse than LIME (captum).")
    assert told().endswith("; not told apart from LIME (captum).")
    assert told(beats=True).startswith("Under removal, the mixture by |b| is better than random")


def test_a_test_that_tells_nothing_apart_is_said_to(figures: MixtureFigures) -> None:
    nothing = tuple(
        one.model_copy(update={"area": Interval(mean=0.0, low=0.0, high=0.0)})
        if one.test == "synthetic"
        else one
        for one in figures.curves
    )
    said = mixture_verdict(figures.model_copy(update={"curves": nothing}))
    assert (
        "Under synthetic, no picture keeps the class under any ranking: it tells nothing apart"
        in (said[8].removesuffix(" here."))
    )


def test_what_was_tried_is_said_where_nothing_was_found(figures: MixtureFigures) -> None:
    nothing = tuple(one.model_copy(update={"found": False}) for one in figures.vulnerabilities)

    said = mixture_verdict(figures.model_copy(update={"vulnerabilities": nothing}))[-1]

    assert said == (
        "No vulnerability was found: 3 components were tried in 18 ways (image on uniform noise, "
        "image on dark noise, image on other classes, signs on uniform noise, signs on dark noise, "
        "signs on other classes)."
    )


def test_it_is_registered() -> None:
    assert EVALUATORS["mixture"] is evaluate_mixture
