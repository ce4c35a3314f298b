"""The assessment of a model, from its folder to a report."""

import time
from collections.abc import Callable, Iterable, Sequence

from reasoned.answers import answer_images
from reasoned.assessment.figures import AssessmentFigures
from reasoned.assessment.measuring import measure
from reasoned.assessment.page import assessment_page
from reasoned.assessment.page_samples import Samples
from reasoned.assessment.request import AssessmentRequest
from reasoned.assessment.shifted import shifted
from reasoned.assessment.shifts import SEVERITIES, SHIFTS
from reasoned.assessment.strangers import Strangers, made_strangers, other_data, usual_strangers
from reasoned.assessment.tables import assessment_sections
from reasoned.assessment.unseen import Unseen, open_unseen
from reasoned.assessment.worst import worst_cases
from reasoned.evaluation.evaluation import Report

Progress = Callable[..., Iterable[int]]
_SHOWN = 4


Assessment = Report[AssessmentFigures]


def assess(request: AssessmentRequest, progress: Progress) -> Assessment:
    """Assess a model on its test split.

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
        When the data is not what the model was fitted on, or strangers cannot be opened.
    ArtefactError
        When no method of the model has regions, so that there is nothing to judge.

    """
    started = time.perf_counter()
    settings = request.settings
    # Opened first: a name that is wrong should not cost a wait.
    others = _others(request)
    unseen = open_unseen(request.model, request.data, request.data_dir, request.groups)
    if settings.images is not None:
        unseen = unseen.some(settings.images, settings.seed)
    few = unseen.some(settings.shift_images, settings.seed)
    strangers = (*made_strangers(few.images, settings.seed), *others)
    parts = unseen.model.explaining.parts
    answers = answer_images(parts, unseen.images, unseen.labels, progress, "test images")
    figures = measure(request, unseen, answers, strangers, progress)
    worst = worst_cases(unseen.model, answers, unseen.images, unseen.ids)
    figures = figures.model_copy(update={"seconds": time.perf_counter() - started})
    page = assessment_page(figures, worst, _samples(few, strangers, settings.seed))
    return Assessment(figures, assessment_sections(figures), figures.left_out, page)


def _others(request: AssessmentRequest) -> tuple[Strangers, ...]:
    settings = request.settings
    specs = settings.strangers or usual_strangers(request.data)
    return tuple(other_data(spec, settings.shift_images, settings.seed) for spec in specs)


def _samples(few: Unseen, strangers: Sequence[Strangers], seed: int) -> Samples:
    """Choose pictures for the page: one image throughout, and a few of each set of strangers."""
    one = [few.images[0]]
    changed = {
        (shift.name, severity): next(shifted(shift, severity, one, seed))
        for shift in SHIFTS
        for severity in (0, *SEVERITIES)
    }
    return Samples(changed, {group.name: group.images[:_SHOWN] for group in strangers})
