"""A model's pictures before outside judges, from the folder to the figures."""

import dataclasses
import functools
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import final

import numpy as np

from explainers.arrays import FloatArray, IntArray
from reasoned.folder.manifest import Frozen
from reasoned.judges.explaining_again import Judged
from reasoned.judges.figures import JudgeFigures, MethodFigures, SanityFigures, ShuffledFigures
from reasoned.judges.keeping import kept_folder, kept_or_made
from reasoned.judges.pictures import PictureMethod
from reasoned.judges.quantus_scores import quantus_version
from reasoned.judges.sanity import check_faithful, check_true, sanity_figures
from reasoned.judges.scoring import (
    ImageScores,
    Scored,
    check_scores,
    image_scores,
    mean_curves,
    mean_scores,
    not_judged,
    rivalries,
    score_method,
)
from reasoned.judges.settings import JudgeSettings, Metric
from reasoned.judges.shuffled_labels import train_on_shuffled
from reasoned.judges.subject import JudgeSubject, open_judge_subject

Progress = Callable[..., Iterable[int]]


@final
@dataclasses.dataclass(frozen=True)
class JudgeRequest:
    """Which model, on which data, and how.

    Attributes
    ----------
    model
        A model folder.
    data, data_dir, groups
        The data that it was fitted on, as `reasoned fit` was told.
    settings
        Every parameter.
    kept
        Where results are kept for a later run, or None.

    """

    model: Path
    data: str
    data_dir: Path | None = None
    groups: str | None = None
    settings: JudgeSettings = dataclasses.field(default_factory=JudgeSettings)
    kept: Path | None = None


class Sanity(Frozen):
    """What the sanity checks found."""

    checks: tuple[SanityFigures, ...]
    shuffled: ShuffledFigures


def judge(request: JudgeRequest, progress: Progress) -> JudgeFigures:
    """Let outside judges score every picture that a model gives, and those of peers.

    Parameters
    ----------
    request
        Which model, on which data, and how.
    progress
        Shows what is being done.

    Raises
    ------
    OptionsError
        When Quantus is not installed.
    FolderError
        When the folder is not as it was written.
    DataError
        When the data is not what the model was fitted on, or what was kept is broken.
    NetworkError
        When the network cannot be rebuilt in torch.

    """
    quantus_version()  # before anything that takes long
    settings = request.settings
    subject = open_judge_subject(
        request.model, request.data, request.data_dir, request.groups, settings
    )
    return judge_subject(subject, settings, request.kept, progress)


def judge_subject(
    subject: JudgeSubject, settings: JudgeSettings, kept: Path | None, progress: Progress
) -> JudgeFigures:
    """Do the same for a model that is open."""
    started = time.perf_counter()
    folder = kept_folder(kept, subject.sha256, settings)
    classes = subject.network.logits(subject.pixels).argmax(axis=1).astype(np.int64)
    scored, methods = list[Scored](), list[MethodFigures]()
    for method in subject.pictures:
        drawing = _Drawing(method, subject, classes)
        metrics = score_method(drawing.scores, method.name, settings, folder, progress)
        scored.append(Scored(method, metrics))
        check_scores(scored[-1], len(subject.pixels))
        cost = functools.partial(drawing.cost, settings)
        methods.append(kept_or_made(folder, f"{method.name}-cost", MethodFigures, cost))
    sanity = kept_or_made(folder, "sanity", Sanity, lambda: _sanity(subject, settings, progress))
    return JudgeFigures(
        model=subject.name,
        sha256=subject.sha256,
        images=len(subject.pixels),
        settings=settings,
        quantus=quantus_version(),
        network_difference=subject.network_difference,
        methods=tuple(methods),
        scores=mean_scores(scored, settings.seed),
        rivalries=rivalries(scored, settings.seed),
        curves=mean_curves(scored),
        sanity=sanity.checks,
        shuffled=sanity.shuffled,
        left_out={**subject.without, **not_judged(scored)},
        seconds=time.perf_counter() - started,
    )


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Drawing:
    """One method, and what it draws."""

    method: PictureMethod
    subject: JudgeSubject
    classes: IntArray

    @functools.cached_property
    def judged(self) -> Judged:
        """The pictures, drawn when they are first needed."""
        return Judged.of(self.method, self.subject.network, self.subject.pixels, self.classes)

    def scores(self, metric: Metric, settings: JudgeSettings) -> ImageScores:
        """Judge them by one metric."""
        return image_scores(metric, self.judged, settings)

    def cost(self, settings: JudgeSettings) -> MethodFigures:
        """Draw some again, one at a time."""
        count = min(settings.timed, len(self.classes))
        pixels, classes = self.subject.pixels[:count], self.classes[:count]
        return MethodFigures(
            name=self.method.name,
            kind=self.method.kind,
            signed=self.method.signed,
            stays=self.method.stays,
            flat=float((np.ptp(self.judged.pictures, axis=(1, 2)) == 0).mean()),
            seconds=statistics.median(self._seconds(pixels, classes)),
        )

    def _seconds(self, pixels: FloatArray, classes: IntArray) -> Sequence[float]:
        found = []
        for i in range(len(pixels)):
            started = time.perf_counter()
            self.method.attribute(self.subject.network, pixels[i : i + 1], classes[i : i + 1])
            found.append(time.perf_counter() - started)
        return found


def _sanity(subject: JudgeSubject, settings: JudgeSettings, progress: Progress) -> Sanity:
    own, count = subject.network, settings.sanity_images
    pixels, labels = subject.pixels[:count], subject.labels[:count]
    seen = settings.shuffled_images
    train, dealt = subject.train_pixels[:seen], subject.train_labels[:seen]
    shuffled = train_on_shuffled(own, train, dealt, settings, progress)
    # What takes hundreds of passes for one picture would take hours for three networks.
    pictures = [one for one in subject.pictures if one.kind == "ours" or not one.slow]
    networks = (own, own.drawn_again(settings.seed), shuffled.network)
    checks = [
        (
            check_true(networks[i], pixels, labels),
            *check_faithful(subject.explainers, pictures, own, networks[i], pixels),
        )
        for i in progress(range(len(networks)), "sanity checks")
    ]
    stays = {one.name: one.stays for one in pictures}
    predicted = [shuffled.network.logits(some).argmax(axis=1) for some in (train, pixels)]
    return Sanity(
        checks=sanity_figures(checks[0], checks[1], checks[2], stays),
        shuffled=ShuffledFigures(
            images=len(train),
            epochs=settings.shuffled_epochs,
            accuracy_on_shuffled=float((predicted[0] == shuffled.labels).mean()),
            accuracy_on_unseen=float((predicted[1] == labels).mean()),
            chance=1.0 / own.logits(pixels[:1]).shape[1],
        ),
    )
