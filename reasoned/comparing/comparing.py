"""Two models, compared: figures, tables, sentences and a page."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from reasoned.comparing.changes import changes, changes_by_class, named_classes
from reasoned.comparing.differences import differences
from reasoned.comparing.examples import compare_examples
from reasoned.comparing.figures import Check, ComparisonFigures, ModelFigures, RegionFigures
from reasoned.comparing.gate import (
    CLUSTERS,
    check_changes,
    check_differences,
    check_examples,
    check_methods,
    check_regions,
)
from reasoned.comparing.matching import compare_regions
from reasoned.comparing.moved_images import moved_images
from reasoned.comparing.page import comparison_page
from reasoned.comparing.pair import CompareRequest, Pair, open_pair
from reasoned.comparing.sentences import sentences
from reasoned.comparing.sides import Side, ask, in_both
from reasoned.comparing.tables import tables
from reasoned.evaluation.evaluation import Report
from reasoned.model import ExplainedModel

Comparison = Report[ComparisonFigures]


def compare_models(request: CompareRequest, progress: Callable[..., Iterable[int]]) -> Comparison:
    """Compare two models on images that neither has seen. The same request, the same answer.

    Parameters
    ----------
    request
        Which models, on which data.
    progress
        Shows the images.

    Raises
    ------
    FolderError
        When a folder is not as it was written, or the models answer with different classes.
    DataError
        When the data is not what A was fitted on, or no image of it is new to both.
    ArtefactError
        When a model packages no method with regions.

    """
    pair = open_pair(request)
    before = ask(pair.before, pair, progress, "A")
    after = ask(pair.after, pair, progress, "B")
    moved = moved_images(pair, before, after)
    worst = tuple(one.figures for one in moved)
    figures = compare_sides(request, pair, before, after)
    whole = figures.model_copy(update={"worst": worst})
    told, said = tables(whole), sentences(whole)
    page = comparison_page(whole, told, said, [one.picture for one in moved])
    return Comparison(whole, told, said, page, "comparison")


def compare_sides(
    request: CompareRequest, pair: Pair, before: Side, after: Side
) -> ComparisonFigures:
    """Compare what two models answer to the same images; the moved images are left out."""
    classes = pair.before.classes
    moved = differences(before, after, np.random.default_rng([request.seed, 1]))
    turned = changes(before, after)
    regions = _regions(before, after, classes, request.seed)
    examples = compare_examples(pair, before, after)
    lost, gained = _missing(pair.before, pair.after), _missing(pair.after, pair.before)
    thresholds = request.thresholds
    checks: tuple[Check, ...] = (
        *check_differences(moved, thresholds),
        *check_changes(turned, thresholds),
        *check_regions(regions, thresholds),
        *check_examples(examples, thresholds),
        check_methods(lost, thresholds),
    )
    return ComparisonFigures(
        before=_model(request.before, pair.before),
        after=_model(request.after, pair.after),
        data=request.data,
        images=len(pair.rows),
        seed=request.seed,
        thresholds=thresholds,
        crossed=any(check.outcome == "over" for check in checks),
        checks=checks,
        notes=pair.notes,
        lost=lost,
        gained=gained,
        differences=moved,
        changes=turned,
        regions=regions,
        examples=examples,
        classes=changes_by_class(before, after, classes),
        named=named_classes(before, after, classes),
        worst=(),
    )


def _regions(
    before: Side, after: Side, classes: tuple[str, ...], seed: int
) -> tuple[RegionFigures, ...]:
    about = np.array([classes[index] for index in before.answers.predicted.tolist()], object)
    divisions = {
        name: (before.answers.methods[name].regions, after.answers.methods[name].regions)
        for name in in_both(before, after)
    }
    divisions[CLUSTERS] = (before.nearest.clusters, after.nearest.clusters)
    return tuple(
        compare_regions(name, *both, about, np.random.default_rng([seed, 2]))
        for name, both in divisions.items()
    )


def _missing(has: ExplainedModel, lacks: ExplainedModel) -> tuple[str, ...]:
    return tuple(name for name in has.methods if name not in lacks.methods)


def _model(folder: Path, model: ExplainedModel) -> ModelFigures:
    return ModelFigures(
        folder=str(folder),
        name=model.name,
        version=model.version,
        sha256=model.sha256,
        methods=model.methods,
    )
