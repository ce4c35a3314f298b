"""Everything that an assessment measures, one part after another."""

import time
from collections.abc import Callable, Iterable, Sequence

from reasoned.answers import Answers
from reasoned.assessment.cost import cost_figures, our_costs
from reasoned.assessment.figures import AssessmentFigures
from reasoned.assessment.outside import judged, timed_peers
from reasoned.assessment.paper import paper_rows
from reasoned.assessment.reliability import reliability_of
from reasoned.assessment.request import AssessmentRequest
from reasoned.assessment.sentences import summary
from reasoned.assessment.shifted import shift_figures
from reasoned.assessment.strangers import Strangers, stranger_figures
from reasoned.assessment.unseen import Unseen
from reasoned.stability.figures import NoiseSettings
from reasoned.stability.noise import noise_stability

Progress = Callable[..., Iterable[int]]


def measure(
    request: AssessmentRequest,
    unseen: Unseen,
    answers: Answers,
    strangers: Sequence[Strangers],
    progress: Progress,
) -> AssessmentFigures:
    """Measure everything that was asked for.

    Parameters
    ----------
    request
        What is asked.
    unseen
        The model and its images.
    answers
        To these images.
    strangers
        Images of other kinds.
    progress
        Shows the images.

    """
    started = time.perf_counter()
    settings, manifest = request.settings, unseen.model.manifest
    parts, few = unseen.model.explaining.parts, unseen.some(settings.shift_images, settings.seed)
    reliability = reliability_of(answers, unseen.model.classes)
    shift = shift_figures(parts, [*few.images], few.labels, settings.seed, progress)
    strange = tuple(stranger_figures(parts, one, progress) for one in strangers)
    peers, without_peers = timed_peers(request, parts, few.images[0])
    cost = cost_figures(
        [*our_costs(unseen.model), *peers], few.images[: settings.cost_images], progress
    )
    judges, without_judges = judged(request, progress)
    return AssessmentFigures(
        model=manifest.name,
        sha256=unseen.model.sha256,
        data=manifest.data.spec,
        command=request.command,
        settings=settings,
        splits=_splits(unseen),
        network_trained_here=manifest.network.trained_here,
        libraries=manifest.libraries,
        seconds=time.perf_counter() - started,
        left_out=tuple(dict.fromkeys((*without_peers, *without_judges))),
        summary=summary(reliability, shift, strange),
        reliability=reliability,
        shift=shift,
        strangers=strange,
        judges=judges,
        stability=_stability(unseen, request, progress),
        cost=cost,
        paper=paper_rows(manifest, answers),
    )


def _splits(unseen: Unseen) -> dict[str, int]:
    """Count the images of each split, and those that were assessed."""
    data = unseen.model.manifest.data
    counts = {name: getattr(data, name) for name in ("train", "validation", "calibration", "test")}
    return {**counts, "assessed": len(unseen)}


def _stability(
    unseen: Unseen, request: AssessmentRequest, progress: Progress
) -> dict[str, object] | None:
    count, seed = request.settings.stability_images, request.settings.seed
    if not count:
        return None
    found = noise_stability(
        unseen.model.explaining.parts,
        unseen.some(count, seed).images,
        NoiseSettings(images=count, seed=seed),
        progress,
    )
    return found.model_dump(mode="json")
