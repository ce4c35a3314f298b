"""A model's answers as columns: what the replies say, for many images at once."""

import dataclasses

import numpy as np
import pytest

from explainers.arrays import ByteArray, IntArray
from explainers.errors import ArtefactError
from explainers.fitting_contract import silent
from reasoned.answers import Answers, answer_images
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Evidence, Explanation, Reply
from tests.reasoned.astray import reasons
from tests.reasoned.halfspace import halfspace_of, joined_by
from tests.reasoned.rules import rule_of


@pytest.fixture(scope="module")
def model(digits_model: ExplainedModel) -> ExplainedModel:
    """Give two methods with regions, of which the half-space needs the path's company."""
    second = halfspace_of(digits_model, names=3, strength=0.9)
    return joined_by(digits_model, second, rule_of(company=1, halfspace=0.9, meta_forest=0.8))


@pytest.fixture(scope="module")
def images(
    digits_images: list[ByteArray], parting: list[ByteArray], noise: list[ByteArray]
) -> list[ByteArray]:
    return [*digits_images[:60], *parting[:10], *noise[:10]]


@pytest.fixture(scope="module")
def replies(model: ExplainedModel, images: list[ByteArray]) -> list[Reply]:
    options = ReplyOptions(explain="full")
    return [Reply.model_validate_json(model.reply(image, options)) for image in images]


@pytest.fixture(scope="module")
def answers(model: ExplainedModel, images: list[ByteArray]) -> Answers:
    return answer_images(model.explaining.parts, images, None, silent)


def of_method(found: Explanation, method: str) -> Evidence:
    return next(evidence for evidence in found.evidence if evidence.method == method)


def named(evidence: Evidence) -> int:
    return -1 if evidence.names is None else evidence.names.index


def test_the_columns_say_what_the_replies_say(answers: Answers, replies: list[Reply]) -> None:
    told = [reasons(reply) for reply in replies]
    stated = [found.reliability for found in told]

    assert len(answers) == len(replies)
    assert answers.predicted.tolist() == [reply.prediction.index for reply in replies]
    assert answers.confidence.round(6).tolist() == [r.prediction.probability for r in replies]
    assert answers.status.tolist() == [found.status for found in told]
    assert answers.first.tolist() == [found.evidence[0].method for found in told]
    assert answers.first_names.tolist() == [named(found.evidence[0]) for found in told]
    assert answers.faithful.tolist() == [found.agrees for found in told]
    assert answers.group.tolist() == [one.group for one in stated if one is not None]
    # A reply rounds the estimate and cuts the bound.
    np.testing.assert_allclose(answers.estimate, [s.estimate for s in stated if s], atol=1e-6)
    np.testing.assert_allclose(answers.lower, [s.lower for s in stated if s], atol=1e-6)
    assert set(answers.status) == {"supported", "weak", "out_of_support"}
    assert set(answers.first) == {"halfspace", "meta_forest"}


def test_the_columns_of_a_method_say_what_its_evidence_says(
    answers: Answers, replies: list[Reply]
) -> None:
    assert list(answers.methods) == ["halfspace", "meta_forest"]
    for method, columns in answers.methods.items():
        evidence = [of_method(reasons(reply), method) for reply in replies]
        assert columns.names.tolist() == [named(one) for one in evidence]
        assert columns.regions.tolist() == [one.region or "" for one in evidence]
        lower = [np.nan if e.reliability is None else e.reliability.lower for e in evidence]
        np.testing.assert_allclose(columns.lower, lower, atol=1e-6)
    assert (answers.methods["halfspace"].regions == "").any()
    assert np.isnan(answers.methods["halfspace"].lower).any()


def test_strength_and_novelty_are_those_of_the_parts(
    model: ExplainedModel, answers: Answers, images: list[ByteArray]
) -> None:
    parts = model.explaining.parts
    for i, image in enumerate(images):
        one = parts.network.run(parts.preprocessing.apply(image))
        for method, columns in answers.methods.items():
            strength = parts.explainers[method].explain(one).strength
            expected = np.nan if strength is None else strength
            np.testing.assert_equal(columns.strength[i], expected)
        nearest = parts.representatives.find(one, 1).distances[0]
        novelty = parts.support.judge(one, nearest)
        assert tuple(answers.novelty[i]) == novelty.sides
        assert (answers.status[i] == "out_of_support") == novelty.outside


def test_true_classes_are_kept_and_compared(
    model: ExplainedModel, answers: Answers, images: list[ByteArray]
) -> None:
    assert answers.labels.tolist() == [-1] * len(images)
    assert not answers.right.any()
    labels: IntArray = answers.predicted[:5].copy()
    labels[0] = (labels[0] + 1) % 10
    found = answer_images(model.explaining.parts, images[:5], labels, silent)

    assert found.labels.tolist() == labels.tolist()
    assert found.right.tolist() == [False, True, True, True, True]


def test_they_cannot_be_changed(answers: Answers) -> None:
    held = [*vars(answers).values()]
    held += [value for columns in answers.methods.values() for value in vars(columns).values()]

    assert {value.flags.writeable for value in held if isinstance(value, np.ndarray)} == {False}


def test_a_model_without_regions_has_nothing_to_judge(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    parts = digits_model.explaining.parts
    only = {"additive": parts.explainers["additive"]}
    told = "must package a method with regions to be judged, such as meta_forest, but packages add"

    with pytest.raises(ArtefactError, match=told):
        answer_images(
            dataclasses.replace(parts, explainers=only, rule=rule_of()), images, None, silent
        )
