"""The pictures of a fitted dictionary: for each pair, what its attribute responds to."""

import copy
import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, final

import numpy as np
import torch
from torch.nn import functional

from explainers.arrays import BoolArray, ByteArray, FloatArray, IntArray
from explainers.attributes.fitting.activation_maximisation import Maximised, Maximiser, PhiOf
from explainers.attributes.fitting.interpreter import Psi
from explainers.attributes.fitting.maximisation_settings import MaximisationSettings
from explainers.attributes.fitting.observing import Scale
from explainers.attributes.fitting.picture_bytes import as_bytes
from explainers.attributes.fitting.samples import NONE, maximum_activating_samples
from explainers.fitting_contract import Lower


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Activated:
    """Images and what the interpreter made of them.

    Attributes
    ----------
    pixels
        Shape (images, channels, rows, columns). The network's input; may be a memory map.
    scale
        Of the input.
    phi
        Shape (images, attributes).
    classes
        Shape (images). c of each: g's prediction, or the true label.
    leads
        Shape (images). The attribute with the largest positive relevance for g's class, or
        -1 where there is none.

    """

    pixels: FloatArray
    scale: Scale
    phi: FloatArray
    classes: IntArray
    leads: IntArray

    def led_by(self, of_class: int, attribute: int) -> IntArray:
        """Give the positions of the images that a pair leads."""
        return np.flatnonzero((self.classes == of_class) & (self.leads == attribute))


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Pictures:
    """What shows the pairs; pictures and counts only where the network below has a gradient.

    Attributes
    ----------
    pairs
        Shape (pairs, 2). (class, attribute) of each.
    samples
        Shape (pairs, 3). The positions of the maximum activating samples; -1 for none.
    local_samples
        Shape (pairs). One more image that the pair leads, drawn at random; -1 for none.
    sample_pictures
        Shape (pairs, 3, rows, columns, channels). AM+PI from each sample, by default
        with pixels held in [0, 1]; black for none.
    random_pictures
        Shape (pairs, rows, columns, channels). From noise, for comparison.
    released_pictures
        Shape (pairs, rows, columns, channels). From the first sample, unbounded as in the
        released code, each scaled by its own range.
    released_ranges
        Shape (pairs, 2). The pixel values that became black and white there.
    local_pictures
        Shape (pairs, rows, columns, channels). AM+PI from the local samples.
    tried, raised, above_original
        How many samples the search started from; how many pictures activate the attribute
        more than the dimmed sample, and more than the sample itself.
    reason
        Why there are no pictures; empty where there are.

    """

    pairs: IntArray
    samples: IntArray
    local_samples: IntArray
    sample_pictures: ByteArray = dataclasses.field(default_factory=lambda: _nothing(5))
    random_pictures: ByteArray = dataclasses.field(default_factory=lambda: _nothing(4))
    released_pictures: ByteArray = dataclasses.field(default_factory=lambda: _nothing(4))
    released_ranges: FloatArray = dataclasses.field(
        default_factory=lambda: np.zeros((0, 2), np.float32)
    )
    local_pictures: ByteArray = dataclasses.field(default_factory=lambda: _nothing(4))
    tried: int = 0
    raised: int = 0
    above_original: int = 0
    reason: str = ""


def _nothing(axes: int) -> ByteArray:
    return np.zeros((0,) * axes, np.uint8)


def attributes_of(lower: Lower, psi: Psi) -> PhiOf | str:
    """Join the network below the tapped layers and Psi, or say why that has no gradient.

    Its values are Phi(x); its gradients are those before the last ReLU, which has none for
    an attribute that the dimmed image does not activate at all. Where the attribute is
    active the two are the same.

    Parameters
    ----------
    lower
        f_I.
    psi
        In eval mode.

    """
    maps = lower.maps
    if maps is None:
        return lower.reason

    unfolded = copy.copy(psi)
    unfolded.outer_slope = 1.0

    def phi_of(inputs: torch.Tensor) -> torch.Tensor:
        before: torch.Tensor = unfolded(maps(inputs))
        phi = functional.leaky_relu(before, psi.outer_slope)
        return before + (phi - before).detach()

    return phi_of


def draw_pictures(
    given: Activated,
    pairs: IntArray,
    phi_of: PhiOf | str,
    settings: MaximisationSettings,
    rng: np.random.Generator,
    progress: Callable[..., Iterable[int]],
) -> Pictures:
    """Find the samples of each pair, and draw what its attribute responds to.

    Parameters
    ----------
    given
        The training images.
    pairs
        Shape (pairs, 2). (class, attribute) of each.
    phi_of
        From `attributes_of`, in eval mode; or why there is no gradient, and so no picture.
    settings
        Of the search; two more pictures of each pair start from noise, or have no bounds.
    rng
        Draws the noise and the local samples.
    progress
        Shows the batches.

    """
    samples = maximum_activating_samples(given.phi, given.classes, pairs)
    others = np.array([_other(given, row, samples[i], rng) for i, row in enumerate(pairs)])
    found = Pictures(pairs, samples, others.astype(np.int64))
    if isinstance(phi_of, str):
        return dataclasses.replace(found, reason=phi_of or "the network has no gradient")
    return _drawn(found, _Drawing(given, phi_of, settings, rng, progress))


def _other(given: Activated, pair: IntArray, samples: IntArray, rng: np.random.Generator) -> int:
    """Draw an image that the pair leads and that is not one of its samples; -1 for none."""
    rest = np.setdiff1d(given.led_by(int(pair[0]), int(pair[1])), samples)
    return int(rng.choice(rest)) if len(rest) else NONE


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Drawing:
    """Everything that one search after another needs."""

    given: Activated
    phi_of: PhiOf
    settings: MaximisationSettings
    rng: np.random.Generator
    progress: Callable[..., Iterable[int]]

    def find(self, rows: IntArray, attributes: IntArray, label: str, **changed: Any) -> Maximised:  # noqa: ANN401  fields of the settings
        """Maximise attributes from images; both of shape (starts)."""
        settings = dataclasses.replace(self.settings, **changed)
        chosen = torch.from_numpy(np.array(self.given.pixels[rows], np.float32))
        starts = self.given.scale.to_pixels(chosen).clamp(0.0, 1.0).numpy()
        maximiser = Maximiser(self.phi_of, self.given.scale, settings)
        return maximiser.maximise(starts, attributes, self.rng, self.progress, label)


def _drawn(found: Pictures, drawing: _Drawing) -> Pictures:
    attributes, mode = found.pairs[:, 1], drawing.settings.mode
    there, others = found.samples != NONE, found.local_samples != NONE
    begun = there[:, 0]
    repeated = np.broadcast_to(attributes[:, None], found.samples.shape)
    sampled = drawing.find(found.samples[there], repeated[there], "pictures of samples")
    first = found.samples[begun, 0]
    noise = drawing.find(first, attributes[begun], "pictures from noise", start=0.0)
    free = drawing.find(first, attributes[begun], "unbounded pictures", mode="released")
    local = drawing.find(
        found.local_samples[others], attributes[others], "pictures of other images"
    )
    return dataclasses.replace(
        found,
        sample_pictures=_placed(as_bytes(sampled.pictures, mode), there),
        random_pictures=_placed(as_bytes(noise.pictures, mode), begun),
        released_pictures=_placed(as_bytes(free.pictures, "released"), begun),
        released_ranges=_ranges(free.ranges, begun),
        local_pictures=_placed(as_bytes(local.pictures, mode), others),
        tried=len(sampled.pictures),
        raised=int(sampled.raised.sum()),
        above_original=int(sampled.above_original.sum()),
    )


def _ranges(ranges: FloatArray, there: BoolArray) -> FloatArray:
    placed = np.zeros((len(there), 2), np.float32)
    placed[there] = ranges
    return placed


def _placed(pictures: ByteArray, there: BoolArray) -> ByteArray:
    placed = np.zeros((*there.shape, *pictures.shape[1:]), np.uint8)
    placed[there] = pictures
    return placed
