"""The whole evaluation on the digits: figures, tables, sentences and page."""

import dataclasses
import html
import re
from pathlib import Path

import numpy as np
import pytest

from explainers.fitting_contract import silent
from reasoned.errors import DataError
from reasoned.evaluation.evaluation import Evaluation, Request
from reasoned.evaluation.figures import EvaluationSettings, RepresentativeFigures, spread
from reasoned.evaluation.representative import evaluate_subject, in_company, search_modes
from reasoned.evaluation.subject import Subject
from reasoned.evaluation.verdict import verdict


def request(**changed: int) -> Request:
    settings = EvaluationSettings(
        images=12, similar=5, top=0.2, fill="mean", boundaries=50, seeds=2, seed=1
    )
    return Request(Path(), "digits", None, None, settings.model_copy(update=changed))


@pytest.fixture(scope="module")
def found(digits_subject: Subject) -> Evaluation:
    return evaluate_subject(digits_subject, request(), silent)


@pytest.fixture(scope="module")
def figures(found: Evaluation) -> RepresentativeFigures:
    assert isinstance(found.figures, RepresentativeFigures)
    return found.figures


def test_every_figure_is_of_the_images_asked_for(figures: RepresentativeFigures) -> None:
    assert (figures.explained + figures.left_out, figures.unseen) == (12, 597)
    assert (figures.references, figures.boundary_units, figures.psi) == (1200, 24, (12, 8, 8))
    assert {row.mad.of for row in figures.maps} == {figures.explained}
    assert sum(row.images for row in figures.classes) == figures.explained
    assert [row.mode for row in figures.polytopes] == ["ri_paper", "ri_served"]
    served = figures.polytopes[1]
    assert (served.tau_zero, served.tau.mean) == (1.0, 0.0)
    assert figures.maps_of("random", "shared", "none").empty == 0
    assert figures.stored is None


def test_it_is_the_same_again(digits_subject: Subject, found: Evaluation) -> None:
    again = evaluate_subject(digits_subject, request(), silent)
    other = evaluate_subject(digits_subject, request(seed=2), silent)

    assert (again.figures, again.page) == (found.figures, found.page)
    assert other.figures != found.figures


def test_what_is_written_is_read_back(
    found: Evaluation, figures: RepresentativeFigures, tmp_path: Path
) -> None:
    found.save(tmp_path)

    written = (tmp_path / "evaluation.json").read_text(encoding="utf-8")
    assert RepresentativeFigures.model_validate_json(written) == figures
    assert (tmp_path / "evaluation.html").read_text(encoding="utf-8") == found.page


def test_the_page_holds_all_it_shows(found: Evaluation) -> None:
    page = found.page

    for section in found.sections:
        assert section.heading in page
        assert all(cell in page for row in section.rows for cell in row if cell.isalnum())
    assert all(html.escape(sentence) in page for sentence in found.sentences)
    assert "12.70 ± 0.32" in page  # the paper's own
    assert page.count("<svg") == 1
    # An explained image and four similar ones, plain and overlaid, for two methods.
    assert page.count("data:image/png;base64,") == 3 * 2 * 5 * 2
    assert not re.findall(r"(?:src|href)=['\"](?!data:)(?!#)", page)


def test_sentences_say_where_it_is_worse(figures: RepresentativeFigures) -> None:
    worse, better = (
        figures.model_copy(
            update={
                "maps": tuple(
                    row.model_copy(update={"mad_beyond_grad_cam": spread([by, by, by + 0.001])})
                    for row in figures.maps
                ),
                "classes": tuple(
                    row.model_copy(update={"ri_paper": row.grad_cam + by, "images": images})
                    for row, images in zip(figures.classes[:2], (20, 19), strict=True)
                ),
            }
        )
        for by in (0.1, -0.1)
    )
    name = figures.classes[0].name

    assert verdict(worse)[0] == (
        "On similar images of its own, RI as in the paper loses 10.03 points more of the score "
        "than Grad-CAM, whose weights are reused alike."
    )
    # One class of 20 images is enough, another of 19 is not.
    assert verdict(worse)[-1].endswith(f"worse than Grad-CAM for classes {name}.")
    assert "too small to tell" in verdict(figures)[-1]
    assert "loses 9.97 points less of the score" in verdict(better)[0]
    assert "too small to tell" in verdict(better)[-1]


@pytest.mark.parametrize(
    ("values", "words"),
    [([0.9, 0.91], "RI's map is better than chance."), ([0.0, 0.01], "not better than chance.")],
)
def test_the_random_map_has_a_verdict(
    figures: RepresentativeFigures, values: list[float], words: str
) -> None:
    shown = {"ri_paper": spread([0.5, 0.51]), "random": spread(values)}
    rows = tuple(
        row.model_copy(update={"mad": shown[row.method]}) if row.method in shown else row
        for row in figures.maps
    )
    found = verdict(figures.model_copy(update={"maps": rows}))

    assert found[-2].startswith("A random map loses")
    assert found[-2].endswith(words)


def test_peers_that_lose_less_are_named(figures: RepresentativeFigures) -> None:
    rows = tuple(
        row.model_copy(update={"mad": spread([0.1 if row.method == "score_cam" else 0.5])})
        for row in figures.maps
    )
    found = verdict(figures.model_copy(update={"maps": rows}))

    assert found[3].startswith(
        "RI loses 50.00 %; on the same similar images, these lose less: Score-CAM (torchcam) (10.00"
    )
    assert "Grad-CAM++" not in found[3]


def test_a_difference_within_its_error_is_called_so(figures: RepresentativeFigures) -> None:
    rows = tuple(
        row.model_copy(update={"mad_beyond_grad_cam": spread([-0.1, 0.3])}) for row in figures.maps
    )

    found = verdict(figures.model_copy(update={"maps": rows}))

    assert found[1].endswith("is within two standard errors of no difference.")


def test_an_image_alone_in_either_mode_is_left_out(digits_subject: Subject) -> None:
    searching = digits_subject.searching
    both = {mode: searching.find(0, settings) for mode, settings in search_modes(50).items()}
    alone = dataclasses.replace(both["ri_served"], similar=np.zeros(0, np.int64))

    assert in_company(both)
    assert not in_company({**both, "ri_served": alone})


def test_without_another_image_inside_there_is_nothing_to_judge(digits_subject: Subject) -> None:
    # One image alone in the test split.
    searching = digits_subject.searching
    arrays = ("pixels", "psi", "boundary", "predicted", "probabilities")
    first = {name: getattr(searching.unseen, name)[:1] for name in arrays}
    lonely = dataclasses.replace(searching.unseen, **first)
    alone = dataclasses.replace(
        digits_subject, searching=dataclasses.replace(searching, unseen=lonely)
    )

    with pytest.raises(DataError, match="none of the 1 polytopes holds another test image"):
        evaluate_subject(alone, request(images=3), silent)
