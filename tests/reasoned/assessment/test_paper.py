"""The papers' figures beside ours."""

import pytest

from reasoned.assessment.paper import paper_rows
from reasoned.folder.manifest import DataRecord, Figure, Manifest
from reasoned.model import ExplainedModel
from tests.reasoned.assessment.small_answers import NAN, answers, columns

EVERY = ("meta_forest", "representative", "attributes", "mixture")
# Three of four agree with the network; one of four is right where the network always is.
COLUMN = columns([0, 0, 0, 1], ["a", "a", "a", "a"], [NAN] * 4)


@pytest.fixture
def manifest(digits_model: ExplainedModel) -> Manifest:
    return digits_model.manifest


def told(
    manifest: Manifest, spec: str, *methods: str, **figures: Figure
) -> dict[tuple[str, str], tuple[str, str]]:
    data: DataRecord = manifest.data.model_copy(update={"spec": spec})
    card = manifest.model_copy(
        update={"data": data, "methods": {name: dict(figures) for name in methods}}
    )
    given = answers([0, 0, 0, 0], labels=[0, 1, 1, 1], methods=dict.fromkeys(methods, COLUMN))
    return {(row.method, row.figure): (row.paper, row.ours) for row in paper_rows(card, given)}


def test_only_methods_that_are_there(manifest: Manifest) -> None:
    assert told(manifest, "digits") == {}
    methods = {method for method, _ in told(manifest, "digits", "attributes", "mixture")}
    assert methods == {"FLINT", "DMM-MEN"}


def test_the_papers_own_data_set_is_chosen(manifest: Manifest) -> None:
    of = ("FLINT", "fidelity of g to f")

    assert told(manifest, "fashion-mnist", *EVERY)[of] == (
        "91.5 ± 0.1 % (Fashion-MNIST)",
        "75.00 %",
    )
    assert told(manifest, "mnist", *EVERY)[of][0] == "98.7 ± 0.1 % (MNIST)"
    assert told(manifest, "folder:x", *EVERY)[of][0] == "90.8 to 98.7 % (four data sets)"


def test_accuracies_are_laid_side_by_side(manifest: Manifest) -> None:
    found = told(manifest, "mnist", *EVERY)

    right = "right, the meta-level model beside its network"
    assert found["CNN-INTE (a reconstruction)", right] == (
        "no loss of accuracy",
        "50.00 % beside 25.00 %",
    )
    assert found["FLINT", "right, network f and interpreter g"][1] == "f 25.00 %, g 50.00 %"


def test_conciseness_needs_the_papers_threshold(manifest: Manifest) -> None:
    of = ("FLINT", "CNS(5), attributes of a relevance above 0.2")

    concise = told(manifest, "mnist", "attributes", threshold=0.2, validation_cns=2.349)
    assert concise[of] == ("1.2 (MNIST)", "2.35 (validation images)")
    assert of not in told(manifest, "mnist", "attributes", threshold=0.5, validation_cns=2.3)


def test_errors_of_the_mixture_come_from_its_card(manifest: Manifest) -> None:
    found = told(manifest, "mnist", "mixture", assigned_rmse=1.632, predictive_rmse=3.524)

    assert found["DMM-MEN", "root mean squared error of the log-odds"] == (
        "none that we know",
        "1.63 assigned, 3.52 predictive",
    )
