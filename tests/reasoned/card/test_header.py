"""The header, read by the library of the hub itself."""

from pathlib import Path

import pytest
from huggingface_hub import ModelCardData
from hypothesis import given
from hypothesis import strategies as st

from reasoned.card.header import header, metrics_of, quoted
from reasoned.card.measured import Measured
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import Manifest
from tests.reasoned.card.evaluated import header_of, measured, subject


@pytest.fixture
def manifest(digits_folder: Path) -> Manifest:
    return read_manifest(digits_folder)[0]


def data_of(manifest: Manifest, found: Measured | None = None) -> ModelCardData:
    return header_of(f"{header(subject(manifest, found))}\n\n# A title\n")


def results(data: ModelCardData) -> dict[str, float]:
    return {result.metric_type: result.metric_value for result in data.eval_results or []}


def on(manifest: Manifest, spec: str) -> Manifest:
    return manifest.model_copy(update={"data": manifest.data.model_copy(update={"spec": spec})})


def test_the_hub_reads_the_header(manifest: Manifest) -> None:
    data = data_of(manifest)

    assert (data.license, data.library_name) == ("apache-2.0", "reasoned")
    assert data.pipeline_tag == "image-classification"
    assert {"explainability", *manifest.methods} <= set(data.tags or [])
    assert data.metrics == ["accuracy"]
    assert data.model_name == manifest.name
    assert data.datasets is None  # the hub does not hold them


def test_the_results_of_the_fit_are_those_of_the_manifest(manifest: Manifest) -> None:
    figures = {**manifest.figures, "accuracy": 0.9729, "first_choice_fidelity": 0.00001}
    figures |= {"supported_share": None, "supported_fidelity": True}
    data = data_of(manifest.model_copy(update={"figures": figures}))

    assert results(data) == {"accuracy": 0.9729, "fidelity": 0.00001}
    for result in data.eval_results or []:
        assert (result.task_type, result.dataset_split) == ("image-classification", "test")
        assert (result.dataset_type, result.dataset_name) == ("digits", "digits")


def test_an_evaluation_comes_before_the_fit(manifest: Manifest) -> None:
    assert results(data_of(manifest, measured())) == {
        "accuracy": 0.9725,
        "fidelity": 0.985,
        "calibration_error": 0.0042,
        "supported_share": 0.9,
        "supported_fidelity": 0.995,
    }


def test_without_figures_there_are_no_results(manifest: Manifest) -> None:
    bare = manifest.model_copy(update={"figures": {}})

    assert metrics_of(subject(bare)) == []
    assert data_of(bare).eval_results is None


def test_known_data_has_the_hubs_id(manifest: Manifest) -> None:
    data = data_of(on(manifest, "fashion-mnist"))

    assert data.datasets == ["zalando-datasets/fashion_mnist"]
    assert (data.eval_results or [])[0].dataset_name == "Fashion-MNIST"


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("folder:/home/me/signs/", "signs"),
        ("folder:C:\\me\\signs", "signs"),
        ("folder:/", "folder"),
    ],
)
def test_where_a_folder_lies_is_not_told(manifest: Manifest, spec: str, shown: str) -> None:
    found = header(subject(on(manifest, spec)))

    assert "/me" not in found
    assert "\\me" not in found
    assert (data_of(on(manifest, spec)).eval_results or [])[0].dataset_name == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_in_the_header(text: str) -> None:
    assert header_of(f"---\nlicense: {quoted(text)}\n---\n").license == text
