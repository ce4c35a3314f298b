"""Peers that are timed, and judges that are not asked."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from explainers.arrays import ByteArray
from explainers.fitting_contract import silent
from reasoned.assessment.figures import AssessmentSettings
from reasoned.assessment.outside import judged, timed_peers
from reasoned.assessment.request import AssessmentRequest
from reasoned.model import ExplainedModel


@pytest.fixture
def asked(digits_folder: Path) -> AssessmentRequest:
    return AssessmentRequest(digits_folder, "digits", settings=AssessmentSettings(judges=False))


def test_judges_are_asked_only_when_they_should_be(asked: AssessmentRequest) -> None:
    assert judged(asked, silent) == (None, ("Outside judges were not asked.",))


def test_peers_explain_the_class_of_the_served_network(
    asked: AssessmentRequest, digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    peers, reasons = timed_peers(asked, digits_model.explaining.parts, digits_images[0])

    assert reasons == ()
    assert [one.name for one in peers] == ["saliency", "integrated_gradients", "grad_cam"]
    assert {one.kind for one in peers} == {"peer"}
    for one in peers:
        picture = one.ask(digits_images[0])
        assert isinstance(picture, np.ndarray)
        assert picture.shape == (1, 8, 8)
        assert np.abs(picture).max() > 0


def test_sampling_peers_only_where_they_are_asked_for(
    asked: AssessmentRequest, digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    settings = asked.settings.model_copy(update={"sampling_peers": True})
    request = dataclasses.replace(asked, settings=settings)

    peers, _ = timed_peers(request, digits_model.explaining.parts, digits_images[0])

    assert [one.name for one in peers][-2:] == ["lime", "kernel_shap"]
