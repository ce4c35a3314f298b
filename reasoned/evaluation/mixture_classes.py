"""The perturbation tests of one class: its images, and every ranking of them."""

import dataclasses
from typing import Final, final

import numpy as np

from explainers.arrays import DoubleArray, FloatArray, IntArray
from reasoned.evaluation.mixture_errors import RidgeFit
from reasoned.evaluation.mixture_explanations import (
    cells_of_values,
    class_mixture,
    means_of_cells,
)
from reasoned.evaluation.mixture_figures import MixtureSettings, Null
from reasoned.evaluation.mixture_network import BATCH
from reasoned.evaluation.mixture_peers import (
    Progress,
    gradient_times_input,
    integrated_gradients,
    lime_scores,
    shap_scores,
)
from reasoned.evaluation.mixture_protocols import Scene
from reasoned.evaluation.mixture_rankings import (
    Materials,
    by_feature,
    class_variance,
    own_rankings,
    ranked,
)
from reasoned.evaluation.mixture_subject import MixtureSubject

ENOUGH: Final = 2  # images of a class: fewer have no interval


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ClassScene:
    """The images of one class that are perturbed.

    Attributes
    ----------
    rows
        Shape (images). Which test images they are.
    scene
        The images, and what they are mixed with.

    """

    rows: IntArray
    scene: Scene


def class_scene(
    subject: MixtureSubject, explained: int, asked: MixtureSettings, rng: np.random.Generator
) -> ClassScene | str:
    """Draw test images that the network gives a class, and as many that it does not.

    Returns
    -------
    ClassScene or str
        Or the reason why there is none.

    """
    given = np.flatnonzero(subject.test.predicted == explained)
    others = np.flatnonzero(subject.test.predicted != explained)
    name = subject.stored.class_names[explained]
    if min(len(given), len(others)) < ENOUGH:
        return (
            f"class {name} was not tested: the network gives it {len(given)} and others "
            f"{len(others)} of the unseen images"
        )
    rows = np.sort(rng.choice(given, min(asked.images, len(given)), replace=False))
    drawn = rng.choice(others, len(rows), replace=len(others) < len(rows))
    scene = Scene(
        images=subject.values(subject.test, rows),
        others=subject.values(subject.test, drawn),
        null=null_image(subject, explained, asked.null),
        cells=cells_of_values(subject.stored),
        explained=explained,
    )
    return ClassScene(rows, scene)


def null_image(subject: MixtureSubject, explained: int, null: Null) -> FloatArray:
    """Give what removed values become: black, or the mean training image of other classes."""
    if null == "black":
        return np.zeros(int(np.prod(subject.stored.shape)), np.float32)
    others = np.flatnonzero(subject.train.predicted != explained)
    total = sum(
        subject.values(subject.train, others[start : start + BATCH]).sum(axis=0, dtype=np.float64)
        for start in range(0, len(others), BATCH)
    )
    return np.asarray(total / max(len(others), 1), np.float32)


def class_rankings(
    subject: MixtureSubject,
    chosen: ClassScene,
    ridge: RidgeFit,
    asked: MixtureSettings,
    progress: Progress,
) -> dict[str, IntArray]:
    """Rank the features of a class's images by every method; (images, ranked) each."""
    scene, stored, test = chosen.scene, subject.stored, subject.test
    explained, features = scene.explained, test.features[chosen.rows]
    own = subject.train.predicted == explained
    null = scene.null if stored.features == "pixels" else _mean_null(scene)
    materials = Materials(
        features=features,
        null=null,
        others=subject.train.features[~own].mean(axis=0, dtype=np.float64),
        selected=stored.selected[explained],
        weights=class_mixture(stored, explained).gated(features, test.read[chosen.rows]).weights,
        ridge=ridge.weights,
        variance=class_variance(subject.train.features[own]),
    )
    rng = np.random.default_rng([asked.seed, 13, explained])
    found = own_rankings(materials, rng)
    everywhere = np.ones(scene.features, np.bool_)
    for name, scores in _peers(subject, scene, asked, progress).items():
        found[name] = ranked(by_feature(scores, scene.cells), everywhere)
    return found


def _mean_null(scene: Scene) -> FloatArray:
    found: FloatArray = means_of_cells(scene.null[None], scene.cells)[0]
    return found


def _peers(
    subject: MixtureSubject, scene: Scene, asked: MixtureSettings, progress: Progress
) -> dict[str, DoubleArray]:
    module, images, explained = subject.torch, scene.images, scene.explained
    found = {}
    if not isinstance(module, str):
        found["gradient_input"] = gradient_times_input(module, images, explained)
        found["integrated_gradients"] = integrated_gradients(module, images, explained, scene.null)
    if asked.lime_samples:
        samples = (asked.lime_samples, asked.seed)
        found["lime"] = lime_scores(subject.pixels, images, explained, samples, progress)
        found["shap"] = shap_scores(subject.pixels, images, explained, samples, progress)
    return found
