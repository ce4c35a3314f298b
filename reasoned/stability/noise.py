"""The same image under small noise: how far its explanations change while its class stays."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import final

import numpy as np

from explainers.arrays import BoolArray, ByteArray, DoubleArray, IntArray
from explainers.contract import Explainer
from reasoned.answers import Answers, answer_images
from reasoned.errors import DataError
from reasoned.explaining import Parts
from reasoned.stability.figures import MethodNoise, NoiseFigures, NoiseLevel, NoiseSettings
from reasoned.stability.spacing import evenly
from reasoned.stability.traces import Trace, change, shared, trace_of

Progress = Callable[..., Iterable[int]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Seen:
    """What a model says of images.

    Attributes
    ----------
    answers
        Their statuses, classes and first choices.
    traces
        Per method one per image.
    nearest
        Shape (images). The nearest example's position.

    """

    answers: Answers
    traces: dict[str, list[Trace]]
    nearest: IntArray


def noise_stability(
    parts: Parts, images: Sequence[ByteArray], settings: NoiseSettings, progress: Progress
) -> NoiseFigures:
    """Explain images as they are and under noise, and compare.

    Parameters
    ----------
    parts
        Of the model: `ExplainedModel.load(folder).explaining.parts`.
    images
        Each of shape (rows, columns, channels); `settings.images` of
        them are taken, evenly spaced.
    settings
        Which noise, and how often.
    progress
        Shows the images.

    Raises
    ------
    DataError
        When there is no image.

    References
    ----------
    Alvarez-Melis and Jaakkola, On the robustness of interpretability methods, 2018. Departures:
    noise is drawn and not sought, so that the estimate is of usual noise and not of the worst;
    the change of an explanation is a share of its size, so that methods can be compared.

    """
    if not len(images):
        raise DataError("the stability under noise needs at least one image, and got none")
    rng = np.random.default_rng(settings.seed)
    taken = [images[i] for i in evenly(len(images), settings.images)]
    calm = _see(parts, taken, progress, "images as they are")
    levels = []
    for sigma in settings.sigmas:
        noisy = [disturbed(image, sigma, rng) for image in taken for _ in range(settings.draws)]
        seen = _see(parts, noisy, progress, f"noise of {sigma:g} grey levels")
        distances = [_distance(noisy[i], taken[i // settings.draws]) for i in range(len(noisy))]
        levels.append(_level(parts, sigma, _Pairs(calm, seen, np.array(distances))))
    return NoiseFigures(settings=settings, images=len(taken), levels=tuple(levels))


def disturbed(image: ByteArray, sigma: float, rng: np.random.Generator) -> ByteArray:
    """Add Gaussian noise of `sigma` grey levels; round, and cut off at black and white."""
    noisy = image + rng.normal(0.0, sigma, image.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def _distance(one: ByteArray, other: ByteArray) -> float:
    gaps = (one.astype(np.float64) - other) / 255.0
    return float(np.sqrt(np.mean(gaps * gaps)))


def _see(parts: Parts, images: list[ByteArray], progress: Progress, what: str) -> Seen:
    answers = answer_images(parts, images, None, progress, what)
    traces: dict[str, list[Trace]] = {name: [] for name in parts.explainers}
    nearest = []
    for i in progress(range(len(images)), f"explanations of {what}"):
        activations = parts.network.run(parts.preprocessing.apply(images[i]), whole=True)
        nearest.append(parts.representatives.find(activations, 1).positions[0])
        for name, method in parts.explainers.items():
            traces[name].append(trace_of(method, activations))
    return Seen(answers, traces, np.array(nearest, np.int64))


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Pairs:
    """Images as they are, and several noisy copies of each.

    Attributes
    ----------
    calm, noisy
        What is said of both; the copies of an image follow each other.
    distances
        Shape (copies). How far each copy is from its image.

    """

    calm: Seen
    noisy: Seen
    distances: DoubleArray

    @property
    def owners(self) -> IntArray:
        """The image of each copy, shape (copies)."""
        images, copies = len(self.calm.nearest), len(self.distances)
        return np.repeat(np.arange(images, dtype=np.int64), copies // images)

    @property
    def kept(self) -> BoolArray:
        """Tell where the network's class stays, shape (copies)."""
        found: BoolArray = self.noisy.answers.predicted == self.calm.answers.predicted[self.owners]
        return found


def _level(parts: Parts, sigma: float, pairs: _Pairs) -> NoiseLevel:
    kept, owners = pairs.kept, pairs.owners
    calm, noisy = pairs.calm.answers, pairs.noisy.answers
    return NoiseLevel(
        sigma=sigma,
        input_change=float(pairs.distances.mean()),
        class_kept=float(kept.mean()),
        first_changed=_mean((noisy.first_names != calm.first_names[owners])[kept]),
        status_changed=_mean((noisy.status != calm.status[owners])[kept]),
        nearest_changed=_mean((pairs.noisy.nearest != pairs.calm.nearest[owners])[kept]),
        methods=tuple(_method(method, pairs) for method in parts.explainers.values()),
    )


def _method(method: Explainer, pairs: _Pairs) -> MethodNoise:
    kept, owners = pairs.kept, pairs.owners
    before, after = pairs.calm.traces[method.name], pairs.noisy.traces[method.name]
    both = [(before[owners[i]], after[i]) for i in np.flatnonzero(kept).tolist()]
    steps = [1.0 - shared(one.steps, other.steps) for one, other in both]
    changes = np.array([change(one, other) for one, other in both])
    distances = pairs.distances[kept]
    # A copy that rounding left as it was says nothing of a rate.
    told = ~np.isnan(changes) & (distances > 0.0)
    rates, of = changes[told] / distances[told], owners[kept][told]
    largest = [rates[of == image].max() for image in np.unique(of).tolist()]
    return MethodNoise(
        method=method.name,
        form=method.form,
        draws=len(both),
        names_changed=_mean(np.array([one.names != other.names for one, other in both])),
        region_changed=_mean(np.array([one.region != other.region for one, other in both]))
        if method.regions()
        else None,
        steps_changed=_mean(np.array(steps)) if method.form == "path" else None,
        change=_mean(changes[~np.isnan(changes)]),
        lipschitz_mean=_mean(rates),
        lipschitz=_mean(np.array(largest)),
        lipschitz_largest=float(rates.max()) if rates.size else None,
    )


def _mean(values: BoolArray | DoubleArray) -> float | None:
    return float(values.mean()) if values.size else None
