"""The evaluation of a mixture of regressions, from a model folder to a report."""

import dataclasses
import tempfile
from pathlib import Path
from typing import final

import numpy as np

from explainers.arrays import IntArray
from reasoned.errors import OptionsError
from reasoned.evaluation.evaluation import Evaluation, Request
from reasoned.evaluation.mixture_classes import class_rankings, class_scene
from reasoned.evaluation.mixture_errors import class_errors, fit_ridge, named_classes
from reasoned.evaluation.mixture_figures import ErrorFigures, MixtureFigures, MixtureSettings
from reasoned.evaluation.mixture_judging import Judged, judge, pooled
from reasoned.evaluation.mixture_page import mixture_page
from reasoned.evaluation.mixture_peers import Progress
from reasoned.evaluation.mixture_perturbing import SIZES, Hits, curves
from reasoned.evaluation.mixture_protocols import PROTOCOLS
from reasoned.evaluation.mixture_subject import MixtureSubject, open_mixture_subject
from reasoned.evaluation.mixture_tables import mixture_sections
from reasoned.evaluation.mixture_verdict import mixture_verdict
from reasoned.evaluation.mixture_vulnerabilities import Tried, try_class


def evaluate_mixture(request: Request, progress: Progress) -> Evaluation:
    """Evaluate the mixture that a model carries, on its test images.

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
        When the model carries no mixture, or the data is not what it was fitted on.
    OptionsError
        When a class is asked for that the model does not have.

    """
    with tempfile.TemporaryDirectory(prefix="reasoned-evaluate-") as scratch:
        subject = open_mixture_subject(request, Path(scratch), progress)
        return evaluate_mixture_subject(subject, request, progress)


def evaluate_mixture_subject(
    subject: MixtureSubject, request: Request, progress: Progress
) -> Evaluation:
    """Do the same with what was opened."""
    asked = MixtureSettings(
        images=request.settings.images,
        classes=request.classes,
        protocol=request.protocol,
        null=request.null,
        lime_samples=request.lime_samples,
        seed=request.settings.seed,
    )
    found = [_one_class(subject, c, asked, progress) for c in _tested(subject, asked).tolist()]
    lines, apart = _judged(found, asked)
    tried = [one for part in found for one in part.tried]
    figures = MixtureFigures(
        model=subject.name,
        data=request.data,
        features=subject.stored.features,
        unseen=len(subject.test.labels),
        settings=asked,
        sizes=SIZES,
        fidelity=float((named_classes(subject) == subject.test.predicted).mean()),
        curves=lines,
        differences=apart,
        errors=tuple(part.errors for part in found if part.errors is not None),
        vulnerabilities=tuple(one.figures for one in tried),
        left_out=_left_out(subject, asked, found),
    )
    sections, sentences = mixture_sections(figures), mixture_verdict(figures)
    page = mixture_page(figures, sections, sentences, tried, subject.stored.shape)
    return Evaluation(figures, sections, sentences, page)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _OfClass:
    """What one class gave; `hits` is a reason where there are none."""

    name: str
    errors: ErrorFigures | None
    hits: Hits | str
    tried: list[Tried]


def _tested(subject: MixtureSubject, asked: MixtureSettings) -> IntArray:
    names = subject.stored.class_names
    unknown = [name for name in asked.classes if name not in names]
    if unknown:
        raise OptionsError(
            f"a tested class must be one of {', '.join(names)}, not {', '.join(unknown)}"
        )
    wanted = [place for place, name in enumerate(names) if name in (asked.classes or names)]
    return np.array(wanted, np.int64)


def _one_class(
    subject: MixtureSubject, explained: int, asked: MixtureSettings, progress: Progress
) -> _OfClass:
    rng = np.random.default_rng([asked.seed, 12, explained])
    ridge = fit_ridge(subject, explained, rng)
    errors = class_errors(subject, explained, ridge, rng)
    name = subject.stored.class_names[explained]
    if subject.stored.features == "hidden":
        return _OfClass(name, errors, "", [])
    chosen = class_scene(subject, explained, asked, rng)
    if isinstance(chosen, str):
        return _OfClass(name, errors, chosen, try_class(subject, explained, rng))
    rankings = class_rankings(subject, chosen, ridge, asked, progress)
    protocol = PROTOCOLS[asked.protocol]
    hits = curves(subject.pixels.logits, chosen.scene, rankings, rng, protocol)
    return _OfClass(name, errors, hits, try_class(subject, explained, rng))


def _judged(found: list[_OfClass], asked: MixtureSettings) -> Judged:
    rng = np.random.default_rng([asked.seed, 14])
    known = [(part.name, part.hits) for part in found if not isinstance(part.hits, str)]
    if not known:
        return (), ()
    parts = [judge(hits, name, rng) for name, hits in known]
    if len(known) > 1:
        parts.insert(0, judge(pooled([hits for _, hits in known]), "", rng))
    lines, apart = zip(*parts, strict=True)
    return tuple(one for part in lines for one in part), tuple(
        one for part in apart for one in part
    )


def _left_out(
    subject: MixtureSubject, asked: MixtureSettings, found: list[_OfClass]
) -> tuple[str, ...]:
    reasons = [part.hits for part in found if isinstance(part.hits, str)]
    if subject.stored.features == "hidden":
        reasons.append(
            "no pixels were perturbed and no insights pasted: the regressions read the hidden "
            "layer, and its units are not pixels"
        )
    if isinstance(subject.torch, str):
        reasons.append(f"no gradient x input and no integrated gradients: {subject.torch}")
    if not asked.lime_samples:
        reasons.append("no LIME and no SHAP: 0 samples were asked for")
    return tuple(reason for reason in reasons if reason)
