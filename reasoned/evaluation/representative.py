"""The evaluation of representative interpretations, from a model folder to a report."""

import dataclasses
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import final

import numpy as np

from explainers.arrays import IntArray
from explainers.representative.served.search import SearchSettings
from reasoned.errors import DataError
from reasoned.evaluation.comparison import Entrant, Judged, Scene, compare
from reasoned.evaluation.evaluation import Evaluation, Request
from reasoned.evaluation.figures import RepresentativeFigures, StoredFigures
from reasoned.evaluation.image_polytope import ImagePolytope, paper_search
from reasoned.evaluation.map_figures import class_figures, map_figures
from reasoned.evaluation.masking import Masking
from reasoned.evaluation.page import evaluation_page
from reasoned.evaluation.page_pictures import shown_examples
from reasoned.evaluation.polytope_figures import curves, polytope_figures, stability
from reasoned.evaluation.stored_rules import stored_figures
from reasoned.evaluation.subject import Subject, open_subject
from reasoned.evaluation.tables import sections
from reasoned.evaluation.verdict import verdict

STABILITY_IMAGES, CURVE_IMAGES = 20, 50
Progress = Callable[..., Iterable[int]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Compared:
    """The explained images that every mode has similar images for, and how all did there."""

    polytopes: Sequence[Mapping[str, ImagePolytope]]
    judged: Sequence[Mapping[Entrant, Judged]]


def evaluate_representative(request: Request, progress: Progress) -> Evaluation:
    """Evaluate heat maps and polytopes of single images, and the stored rule set if there is one.

    Parameters
    ----------
    request
        Which model, on which data, and how.
    progress
        Shows the images.

    Raises
    ------
    FolderError
        When the folder is not as it was written.
    DataError
        When the data is not what the model was fitted on, or no image has another inside.
    NetworkError, NotApplicableError
        When the network cannot be cut at a map, or not be differentiated above it.

    """
    with tempfile.TemporaryDirectory(prefix="reasoned-evaluate-") as scratch:
        subject = open_subject(request, Path(scratch), progress)
        return evaluate_subject(subject, request, progress)


def evaluate_subject(subject: Subject, request: Request, progress: Progress) -> Evaluation:
    """Do the same with what was opened."""
    asked, searching = request.settings, subject.searching
    masking = Masking(asked.top, asked.fill)
    scene = Scene(searching.network, searching.unseen, masking, asked.similar, asked.seed)
    modes = search_modes(asked.boundaries)
    drawn = _draw(len(searching.unseen), asked.images, asked.seed)
    found = [
        {mode: searching.find(int(drawn[i]), settings) for mode, settings in modes.items()}
        for i in progress(range(len(drawn)), "polytopes of unseen images")
    ]
    compared = _compare(scene, found, progress)
    figures = RepresentativeFigures(
        model=subject.name,
        data=request.data,
        psi=searching.unseen.map_shape,
        boundary_units=searching.unseen.boundary.shape[1],
        references=len(searching.references),
        unseen=len(searching.unseen),
        explained=len(compared.polytopes),
        left_out=len(found) - len(compared.polytopes),
        approximate=searching.network.above.approximate,
        settings=asked,
        preprocessing=searching.unseen.preprocessing,
        maps=map_figures(compared.judged),
        classes=class_figures(_classes_of(compared), compared.judged, subject.classes),
        polytopes=tuple(
            polytope_figures(mode, [one[mode] for one in found], searching.unseen.predicted)
            for mode in modes
        ),
        stability=tuple(
            stability(mode, searching, drawn[:STABILITY_IMAGES], (chosen, asked.seeds), progress)
            for mode, chosen in modes.items()
        ),
        curves=curves(searching, drawn[:CURVE_IMAGES], progress),
        stored=_stored(subject),
    )
    examples = shown_examples(scene, compared.polytopes, subject.classes)
    tables = sections(figures)
    page = evaluation_page(figures, tables, examples)
    return Evaluation(figures, tables, verdict(figures), page)


def search_modes(boundaries: int) -> dict[str, SearchSettings]:
    """Give the two ways of searching that are judged: the paper's, and the one that is served."""
    return {"ri_paper": paper_search(boundaries), "ri_served": SearchSettings()}


def in_company(polytopes: Mapping[str, ImagePolytope]) -> bool:
    """Say whether an image's polytopes hold another unseen image in every mode."""
    return all(len(polytope.similar) for polytope in polytopes.values())


def _stored(subject: Subject) -> StoredFigures | None:
    rules = subject.rules
    if rules is None:
        return None
    unseen = subject.searching.unseen
    return stored_figures(rules.polytopes, rules.polytope_classes, unseen, rules.least_depth)


def _draw(images: int, wanted: int, seed: int) -> IntArray:
    rng = np.random.default_rng([seed, 0])
    drawn: IntArray = rng.choice(images, min(wanted, images), replace=False).astype(np.int64)
    return drawn


def _compare(
    scene: Scene, found: Sequence[Mapping[str, ImagePolytope]], progress: Progress
) -> Compared:
    """Compare on the images whose polytopes hold another unseen image in either mode."""
    usable = [one for one in found if in_company(one)]
    if not usable:
        raise DataError(
            f"none of the {len(found)} polytopes holds another test image to judge a map on; give "
            "more --images, or a model with more training images"
        )
    judged = [compare(scene, usable[i]) for i in progress(range(len(usable)), "maps compared")]
    return Compared(usable, judged)


def _classes_of(compared: Compared) -> list[int]:
    return [one["ri_paper"].of_class for one in compared.polytopes]
