"""Which cases are the worst, and what is shown of them."""

import numpy as np
import pytest

from explainers.arrays import ByteArray
from explainers.fitting_contract import silent
from reasoned.answers import Answers, answer_images
from reasoned.assessment.page_worst import named_by, worst_section
from reasoned.assessment.worst import WorstCase, worst_cases, worst_rows
from reasoned.model import ExplainedModel
from tests.reasoned.assessment.small_answers import NAN, answers

FIRST = [1, 1, 0, -1, 1, 0, 1, 1]
PREDICTED = [0, 0, 0, 0, 0, 0, 1, 0]
LABELS = [0, 0, 1, 0, 0, 1, 1, 1]
ESTIMATES = [0.8, 0.9, 0.99, 0.99, NAN, 0.7, 1.0, 0.6]


def planted() -> Answers:
    return answers(
        FIRST,
        predicted=PREDICTED,
        labels=LABELS,
        promised=[(estimate, estimate) for estimate in ESTIMATES],
    )


def test_parted_cases_come_first_by_their_estimate_and_then_errors() -> None:
    # 1, 0, 7 and 4 name another class (4 has no estimate, and 7 is an error of the network's
    # too, but comes once); 2 and 5 are its other errors; 3 names none, and 6 is right.
    assert worst_rows(planted(), 20) == [1, 0, 7, 4, 2, 5]


def test_there_are_no_more_than_asked_for() -> None:
    assert worst_rows(planted(), 2) == [1, 0]
    assert worst_rows(planted(), 0) == []


def test_of_equal_estimates_the_confident_network_is_first() -> None:
    equal = answers([1, 1, 1], predicted=[0, 0, 0], promised=[(0.9, 0.8)] * 3)
    told = Answers(**{**vars(equal), "confidence": np.array([0.5, 0.7, 0.7])})

    assert worst_rows(told, 20) == [1, 2, 0]


def test_images_without_a_true_class_are_no_errors() -> None:
    unlabelled = answers([0, 1], predicted=[0, 0], labels=[-1, -1])

    assert worst_rows(unlabelled, 20) == [1]


@pytest.fixture(scope="module")
def cases(digits_model: ExplainedModel, parting: list[ByteArray]) -> tuple[WorstCase, ...]:
    images = parting[:3]
    parts = digits_model.explaining.parts
    # With wrong labels, so that there are cases wherever the first choice agrees.
    found = answer_images(parts, images, None, silent)
    labels = (found.predicted + 1) % 10
    found = answer_images(parts, images, labels, silent)
    return worst_cases(digits_model, found, images, ["a", "b", "c"])


def test_a_case_holds_what_the_model_says(
    cases: tuple[WorstCase, ...], digits_model: ExplainedModel, parting: list[ByteArray]
) -> None:
    assert {case.id for case in cases} == {"a", "b", "c"}
    for case in cases:
        own = digits_model.explain(parting["abc".index(case.id)], explain="full")
        assert case.reply == own
        assert case.true != own.prediction.label
        assert case.image.startswith(b"\x89PNG")
        if case.parted:
            assert own.explanation is not None
            named = own.explanation.evidence[0].names
            assert named is not None
            assert named.label != own.prediction.label


def test_examples_are_the_nearest_of_the_same_and_of_another_class(
    cases: tuple[WorstCase, ...], digits_model: ExplainedModel, parting: list[ByteArray]
) -> None:
    parts = digits_model.explaining.parts
    for case in cases:
        assert case.same is not None
        assert case.other is not None
        label = case.reply.prediction.label
        assert case.same.predicted == label
        assert case.other.predicted != label
        image = parting["abc".index(case.id)]
        hidden = parts.network.run(parts.preprocessing.apply(image)).hidden
        alike = [
            (float(np.linalg.norm(vector - hidden)), name)
            for vector, name, predicted in zip(
                parts.representatives.vectors,
                parts.representatives.ids,
                parts.representatives.predicted,
                strict=True,
            )
            if digits_model.classes[predicted] == label
        ]
        assert case.same.id == min(alike)[1]
        # float32 vectors, of lengths up to some tens
        np.testing.assert_allclose(case.same.distance, min(alike)[0], rtol=1e-5)
        assert case.same.png == digits_model.example_png(case.same.id)


def test_the_section_shows_every_case(cases: tuple[WorstCase, ...]) -> None:
    section = worst_section(cases)

    assert section is not None
    text = section.markup()
    assert section.heading == "What do failures look like? The worst 3 cases"
    assert text.count("<article") == 3
    for case in cases:
        assert case.id in text
        for method, _, _ in named_by(case.reply):
            assert method in text


def test_without_cases_there_is_no_section() -> None:
    assert worst_section(()) is None
