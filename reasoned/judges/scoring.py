"""Every method by every metric: scores of images, their means and who is ahead."""

import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, final

import numpy as np

from explainers.arrays import DoubleArray
from explainers.errors import NotApplicableError
from reasoned.errors import DataError
from reasoned.evaluation.mixture_bootstrap import bootstrap
from reasoned.folder.manifest import Frozen
from reasoned.judges.curves import CURVES, areas
from reasoned.judges.explaining_again import Judged
from reasoned.judges.figures import Curve, Rivalry, Score, Verdict
from reasoned.judges.keeping import kept_or_made
from reasoned.judges.pictures import Kind, PictureMethod
from reasoned.judges.quantus_scores import quantus_scores
from reasoned.judges.settings import DIRECTIONS, JudgeSettings, Metric

_DIGITS: Final = 6
Progress = Callable[..., Iterable[int]]


class ImageScores(Frozen):
    """One method by one metric, image by image, or why it is not judged by it.

    `curve` is the mean curve of a metric that is an area under one.
    """

    scores: tuple[float, ...]
    curve: tuple[float, ...]
    not_judged: str


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Scored:
    """One method's scores.

    Attributes
    ----------
    method
        Whose they are.
    metrics
        By metric.

    """

    method: PictureMethod
    metrics: Mapping[Metric, ImageScores]


def score_method(
    scores: Callable[[Metric, JudgeSettings], ImageScores],
    name: str,
    settings: JudgeSettings,
    folder: Path | None,
    progress: Progress,
) -> dict[Metric, ImageScores]:
    """Judge one method by every metric that is asked for, but for those that were kept.

    Parameters
    ----------
    scores
        Judges it by one metric.
    name
        The method's.
    settings
        The metrics and their parameters.
    folder
        Where results are kept, or None.
    progress
        Shows the metrics.

    """
    found: dict[Metric, ImageScores] = {}
    for i in progress(range(len(settings.metrics)), f"judging {name}"):
        metric = settings.metrics[i]
        make = functools.partial(scores, metric, settings)
        found[metric] = kept_or_made(folder, f"{name}-{metric}", ImageScores, make)
    return found


def check_scores(one: Scored, images: int) -> None:
    """Raise `DataError` where scores are not one of each image, as kept ones may not be."""
    for metric, own in one.metrics.items():
        fit = len(own.scores) in (0, images) and bool(np.isfinite(own.scores).all())
        if not fit:
            raise DataError(
                f"the scores of {one.method.name} by {metric} must be {images} finite numbers, but "
                f"are {len(own.scores)}, or not finite; delete those that were kept"
            )


def image_scores(metric: Metric, judged: Judged, settings: JudgeSettings) -> ImageScores:
    """Judge pictures by one metric, image by image."""
    if metric in CURVES:
        curves = CURVES[metric](judged, settings)
        mean = tuple(curves.mean(axis=0).round(_DIGITS).tolist())
        return ImageScores(scores=_told(areas(curves)), curve=mean, not_judged="")
    try:
        found = quantus_scores(metric, judged, settings)
    except NotApplicableError as error:
        return ImageScores(scores=(), curve=(), not_judged=str(error))
    return ImageScores(scores=_told(found), curve=(), not_judged="")


def _told(scores: DoubleArray) -> tuple[float, ...]:
    told: list[float] = scores.round(_DIGITS).tolist()
    return tuple(told)


def mean_scores(scored: Sequence[Scored], seed: int) -> tuple[Score, ...]:
    """Give every method's mean by every metric, with its interval."""
    found = []
    for one in scored:
        for metric, own in one.metrics.items():
            if own.scores:
                bounds = bootstrap(np.array(own.scores)[:, None], np.random.default_rng([seed, 5]))
                mean, low, high = (float(a[0]) for a in (bounds.mean, bounds.low, bounds.high))
                found.append(
                    Score(
                        method=one.method.name,
                        kind=one.method.kind,
                        metric=metric,
                        direction=DIRECTIONS[metric],
                        mean=mean,
                        low=low,
                        high=high,
                        of=len(own.scores),
                    )
                )
    return tuple(found)


def mean_curves(scored: Sequence[Scored]) -> tuple[Curve, ...]:
    """Give every method's mean curves."""
    return tuple(
        Curve(
            method=one.method.name,
            metric=metric,
            shares=tuple(np.linspace(0.0, 1.0, len(own.curve)).round(_DIGITS).tolist()),
            chances=own.curve,
        )
        for one in scored
        for metric, own in one.metrics.items()
        if own.curve
    )


def rivalries(scored: Sequence[Scored], seed: int) -> tuple[Rivalry, ...]:
    """Hold our best picture against the peers' best, metric by metric, image by image."""
    found = []
    for metric, direction in DIRECTIONS.items():
        sign = 1.0 if direction == "higher" else -1.0
        ours, peer = (_best(scored, metric, kind, sign) for kind in ("ours", "peer"))
        if ours is None or peer is None:
            continue
        gains = sign * (_array(peer, metric) - _array(ours, metric))
        bounds = bootstrap(gains[:, None], np.random.default_rng([seed, 5]))
        low, high = float(bounds.low[0]), float(bounds.high[0])
        found.append(
            Rivalry(
                metric=metric,
                ours=ours.method.name,
                peer=peer.method.name,
                gain=float(bounds.mean[0]),
                low=low,
                high=high,
                verdict=_verdict(low, high),
            )
        )
    return tuple(found)


def _best(scored: Sequence[Scored], metric: Metric, kind: Kind, sign: float) -> Scored | None:
    of_kind = [
        one
        for one in scored
        if one.method.kind == kind and metric in one.metrics and one.metrics[metric].scores
    ]
    return max(of_kind, key=lambda one: sign * _array(one, metric).mean(), default=None)


def _array(one: Scored, metric: Metric) -> DoubleArray:
    return np.array(one.metrics[metric].scores)


def _verdict(low: float, high: float) -> Verdict:
    if low > 0.0:
        return "the peer is better"
    return "ours is better" if high < 0.0 else "no clear difference"


def not_judged(scored: Sequence[Scored]) -> dict[str, str]:
    """Say of every method and metric that did not come together why."""
    return {
        f"{one.method.name} by {metric}": own.not_judged
        for one in scored
        for metric, own in one.metrics.items()
        if own.not_judged
    }
