"""The whole evaluation of attributes on the digits: figures, tables, sentences and page."""

import dataclasses
import html
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.arrays import DoubleArray
from explainers.attributes.served.psi import ServedPsi
from explainers.fitting_contract import Lower, silent
from reasoned.datasets.sources import open_dataset
from reasoned.errors import DataError, FolderError
from reasoned.evaluation.attribute_examples import choose_examples, explain_examples
from reasoned.evaluation.attribute_figures import AttributeFigures
from reasoned.evaluation.attribute_measures import decoded
from reasoned.evaluation.attribute_network import rebuilt_decoder, rebuilt_psi
from reasoned.evaluation.attribute_subject import AttributeSubject, open_attribute_subject
from reasoned.evaluation.attribute_tables import attribute_verdict
from reasoned.evaluation.attributes import evaluate_attribute_subject, evaluate_attributes
from reasoned.evaluation.evaluation import Evaluation, Request
from reasoned.evaluation.figures import EvaluationSettings, Spread
from reasoned.fitting.pipeline import fit_model
from reasoned.fitting.settings import FitSettings, NetworkSettings
from reasoned.folder.writing import new_folder


def request(folder: Path = Path(), **changed: int) -> Request:
    settings = EvaluationSettings(
        images=8, similar=5, top=0.2, fill="mean", boundaries=50, seeds=2, seed=1
    )
    asked = Request(folder, "digits", None, None, settings, examples=8, lime_samples=100)
    return dataclasses.replace(asked, **changed)  # type: ignore[arg-type]  # given by name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("models") / "attributes"
    few = {"epochs": "40", "pictures": "false", "attributes": "12"}
    asked = FitSettings(
        dataset=open_dataset("digits"),
        spec="digits",
        name="digits",
        network=NetworkSettings(epochs=6),
        methods=("meta_forest", "attributes"),
        options={"attributes": few},
        threads=1,
    )
    with new_folder(target, replace=False) as made:
        fit_model(asked, made, silent)
    return target


@pytest.fixture(scope="module")
def subject(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> AttributeSubject:
    return open_attribute_subject(request(folder), tmp_path_factory.mktemp("scratch"), silent)


@pytest.fixture(scope="module")
def found(subject: AttributeSubject) -> Evaluation:
    return evaluate_attribute_subject(subject, request(), silent)


@pytest.fixture(scope="module")
def figures(found: Evaluation) -> AttributeFigures:
    assert isinstance(found.figures, AttributeFigures)
    return found.figures


def test_the_figures_are_of_the_unseen_images(
    figures: AttributeFigures, subject: AttributeSubject
) -> None:
    answers = subject.answers
    assert figures.unseen == len(subject.labels)
    assert sum(one.images for one in figures.classes) == figures.unseen
    assert figures.fidelity == float((answers.f == answers.g).mean())
    weighted = sum(one.images * (one.fidelity or 0.0) for one in figures.classes)
    np.testing.assert_allclose(weighted / figures.unseen, figures.fidelity, rtol=1e-12)
    assert figures.errors == round((1 - figures.f) * figures.unseen)
    assert figures.cns["5"] >= figures.cns["1.5"]
    assert np.shape(figures.table) == (10, 12)
    assert figures.inputs.rebuilt is not None
    assert figures.inputs.rebuilt < figures.inputs.mean_image
    assert figures.lime is not None
    assert (figures.lime.images, figures.lime.lime.of, figures.lime.cells) == (8, 8, 49)


def test_answers_are_those_of_the_torch_modules(subject: AttributeSubject) -> None:
    maps = subject.lower.maps
    assert maps is not None
    stored = subject.stored
    with torch.no_grad():
        phi = rebuilt_psi(stored)(maps(torch.from_numpy(np.array(subject.pixels)))).numpy()

    # Summed in another order, in float32.
    np.testing.assert_allclose(subject.answers.phi, phi, rtol=0, atol=1e-3)
    logits = phi @ stored.class_weights.T + stored.class_bias
    np.testing.assert_allclose(subject.answers.g_logits, logits, rtol=0, atol=1e-2)
    by_batches = subject.packaged.logits(subject.pixels)
    np.testing.assert_allclose(subject.answers.f_logits, by_batches, rtol=0, atol=1e-3)


def test_without_heads_in_the_graph_the_numbers_are_the_same(subject: AttributeSubject) -> None:
    pixels = np.array(subject.pixels[:3])
    taps = subject.packaged.network.run_many(pixels)
    psi = ServedPsi.of(subject.stored)
    renamed = dataclasses.replace(subject.packaged.network, heads={})

    plain = dataclasses.replace(subject.packaged, network=renamed).answers(pixels, silent, "")

    numbers = [psi.numbers((one,)) for one in taps["intermediate"]]
    np.testing.assert_allclose(np.hstack([plain.phi, plain.g_logits]), numbers, rtol=1e-6)
    np.testing.assert_allclose(plain.phi, subject.answers.phi[:3], rtol=0, atol=1e-3)


def test_the_decoder_is_the_one_that_was_fitted(
    figures: AttributeFigures, subject: AttributeSubject
) -> None:
    decoder = rebuilt_decoder(subject.stored, (1, 8, 8))
    assert decoder is not None

    made = torch.from_numpy(decoded(decoder, subject.answers.phi))
    images = subject.scale.to_pixels(torch.from_numpy(np.array(subject.pixels)))
    error = float((made - images).square().mean())
    np.testing.assert_allclose(figures.inputs.rebuilt or 0.0, error, rtol=1e-5)
    # The validation images' error was written when it was fitted.
    np.testing.assert_allclose(subject.stored.input_error, error, rtol=0.2)
    none = dataclasses.replace(
        subject.stored, decoder_numbers=0, decoder_parameters=np.zeros(0, np.float32)
    )
    assert rebuilt_decoder(none, (1, 8, 8)) is None
    with pytest.raises(FolderError, match=r"the decoder must have \d+ numbers for images of \(3,"):
        rebuilt_decoder(subject.stored, (3, 8, 8))


def test_a_broken_architecture_is_refused(subject: AttributeSubject) -> None:
    wrong = dataclasses.replace(subject.stored, decoder_settings="{}}")
    narrow = dataclasses.replace(subject.stored, decoder_settings='{"attributes": 3}')

    with pytest.raises(FolderError, match="decoder_settings of the method attributes is no arch"):
        rebuilt_psi(wrong)
    with pytest.raises(
        FolderError, match=r"the stored Psi has 12 attributes and .* architecture 3"
    ):
        rebuilt_psi(narrow)


def test_every_leading_attribute_is_raised(figures: AttributeFigures) -> None:
    made = figures.maximisation

    assert 8 <= made.tried <= 3 * 8
    assert made.raised >= 0.95 * made.tried
    assert (made.steps, made.reason) == (150, "")


def test_without_a_gradient_there_are_no_pictures(
    subject: AttributeSubject, found: Evaluation
) -> None:
    blind = dataclasses.replace(subject, lower=Lower(subject.stored.layers, None, "it is Erf"))

    without = evaluate_attribute_subject(blind, request(lime_samples=0), silent)

    assert isinstance(without.figures, AttributeFigures)
    assert without.figures.lime is None
    assert without.figures.maximisation.reason == "it is Erf"
    assert "No changed pictures: it is Erf." in without.page
    assert without.page.count("data:image") < found.page.count("data:image")


def test_examples_hold_some_on_which_both_disagree(subject: AttributeSubject) -> None:
    answers = subject.answers
    swapped = answers.g_logits.copy()
    swapped[:50] = np.roll(answers.f_logits[:50], 1, axis=1)
    torn = dataclasses.replace(subject, answers=dataclasses.replace(answers, g_logits=swapped))

    chosen = choose_examples(torn, 8, np.random.default_rng(0))
    agree = torn.answers.f[chosen] == torn.answers.g[chosen]

    assert agree.tolist() == [True] * 6 + [False] * 2
    assert len(set(chosen.tolist())) == 8
    every = choose_examples(torn, 10_000, np.random.default_rng(0))
    assert sorted(every.tolist()) == list(range(len(subject.labels)))


def test_it_is_the_same_again(subject: AttributeSubject, found: Evaluation) -> None:
    again = evaluate_attribute_subject(subject, request(), silent)

    assert (again.figures, again.page) == (found.figures, found.page)


def test_what_is_written_is_read_back(
    found: Evaluation, figures: AttributeFigures, tmp_path: Path
) -> None:
    found.save(tmp_path)

    written = (tmp_path / "evaluation.json").read_text(encoding="utf-8")
    assert AttributeFigures.model_validate_json(written) == figures


def test_the_page_holds_all_it_shows(found: Evaluation) -> None:
    page = found.page

    for section in found.sections:
        assert section.heading in page
        assert all(cell in page for row in section.rows for cell in row if cell.isalnum())
    assert all(html.escape(sentence) in page for sentence in found.sentences)
    assert "91.5 ± 0.1" in page  # the paper's own
    # The curve, the map, and the bars of each example.
    assert page.count("<svg") == 2 + 8
    assert not re.findall(r"(?:src|href)=['\"](?!data:)(?!#)", page)


def test_attributes_that_are_classes_are_called_so(figures: AttributeFigures) -> None:
    lone = tuple(one.model_copy(update={"gap": 0.95}) for one in figures.classes)
    mixed = tuple(one.model_copy(update={"gap": 0.3}) for one in figures.classes)

    said = attribute_verdict(figures.model_copy(update={"classes": lone}))
    assert "nearly the classes under other names" in said[2]
    unsaid = attribute_verdict(figures.model_copy(update={"classes": mixed}))
    assert not any("under other names" in sentence for sentence in unsaid)


def test_sharing_is_counted_by_hand(figures: AttributeFigures) -> None:
    gaps = (0.9, 0.81, 0.8, *[0.1] * 7)
    classes = tuple(
        one.model_copy(update={"gap": gap}) for one, gap in zip(figures.classes, gaps, strict=True)
    )
    changed = {"served": (0, 1, 1, 2, 3, *[0] * 7), "classes": classes}

    assert attribute_verdict(figures.model_copy(update=changed))[1] == (
        "4 of 12 attributes are used: 2 by one class only, 2 by several. For 2 of 10 classes one "
        "attribute alone nearly makes the class (gap above 0.8)."
    )


def test_who_is_ahead_is_said_only_beyond_twice_the_errors_combined(
    figures: AttributeFigures,
) -> None:
    def some(mean: float, error: float | None) -> Spread:
        return Spread(mean=mean, standard_error=error, of=100)

    def told(lime: Spread, g: Spread, removed_lime: Spread, removed_g: Spread) -> str:
        assert figures.lime is not None
        changed = {"lime": lime, "g": g, "removed_lime": removed_lime, "removed_g": removed_g}
        made = figures.lime.model_copy(update=changed)
        return attribute_verdict(figures.model_copy(update={"lime": made}))[-1]

    # 0.03 and 0.04 combine to 0.05: ahead beyond 0.1.
    said = told(some(0.5, 0.03), some(0.61, 0.04), some(0.9, 0.03), some(0.81, 0.04))
    assert "LIME 50.00 ± 3.00 %, the interpreter 61.00 ± 4.00 %; the interpreter is ahead." in said
    assert "LIME 90.00 ± 3.00 %, the interpreter 81.00 ± 4.00 %; no difference can be to" in said
    said = told(some(0.9, 0.03), some(0.7, 0.04), some(0.9, None), some(0.1, 0.01))
    assert "The image itself: LIME 90.00 ± 3.00 %, the interpreter 70.00 ± 4.00 %; LIME is" in said
    assert "the interpreter 10.00 ± 1.00 %; no difference can be told." in said


def test_examples_list_no_dead_attribute_and_none_below_a_fiftieth(
    subject: AttributeSubject,
) -> None:
    found = np.zeros((len(subject.labels), 12))
    found[:, :4] = (1.0, 0.5, 0.02, 0.019)
    phi = subject.answers.phi.copy()
    phi[:, :4] = (1.0, 0.0, 1.0, 1.0)
    still = dataclasses.replace(subject, answers=dataclasses.replace(subject.answers, phi=phi))
    blind = dataclasses.replace(still, lower=Lower(subject.stored.layers, None, "it is Erf"))

    def listed(rows: DoubleArray) -> list[int]:
        rng = np.random.default_rng(0)
        shown, _ = explain_examples(blind, rows, np.array([0]), rng, silent)
        return [one.attribute for one in shown[0].attributes]

    assert listed(found) == [0, 2]
    found[:, 2] = 0.0199
    assert listed(found) == [0]
    assert listed(-found) == []


def test_the_page_says_that_disagreements_were_picked(
    subject: AttributeSubject, found: Evaluation
) -> None:
    answers = subject.answers
    swapped = answers.g_logits.copy()
    swapped[:50] = np.roll(answers.f_logits[:50], 1, axis=1)
    torn = dataclasses.replace(subject, answers=dataclasses.replace(answers, g_logits=swapped))
    made = evaluate_attribute_subject(torn, request(lime_samples=0), silent)

    assert isinstance(made.figures, AttributeFigures)
    share = f"{100 * (1 - made.figures.fidelity):.2f} % of all unseen images"
    assert f"was picked on purpose: 2 of 8 here, but {share}." in made.page
    assert "dashed: 0.2, the threshold (1/tau)" in found.page


def test_a_model_without_attributes_is_refused(digits_folder: Path) -> None:
    with pytest.raises(DataError, match=r"no attributes; fit it with --methods \.\.\.,attributes"):
        evaluate_attributes(request(digits_folder), silent)
