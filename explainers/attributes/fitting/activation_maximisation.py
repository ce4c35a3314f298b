"""AM+PI: which image, near a dimmed real one, would activate an attribute the most."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Final, final

import numpy as np
import torch

from explainers.arrays import AnyArray, BoolArray, DoubleArray, FloatArray, IntArray, check_shape
from explainers.attributes.fitting.maximisation_settings import MaximisationSettings
from explainers.attributes.fitting.observing import Scale

PhiOf = Callable[[torch.Tensor], torch.Tensor]
NOISE: Final = 0.3  # the brightest pixel of a start from noise: as dim as the others


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Maximised:
    """The images that were found.

    Attributes
    ----------
    pictures
        Shape (starts, channels, rows, columns). Pixels; in [0, 1] where they were bounded.
    original_phi, start_phi, final_phi
        Shape (starts). phi_j of the given image, of the dimmed one and of the picture.

    """

    pictures: FloatArray
    original_phi: FloatArray
    start_phi: FloatArray
    final_phi: FloatArray

    @property
    def raised(self) -> BoolArray:
        """Which pictures activate their attribute more than the dimmed image, (starts)."""
        return self.final_phi > self.start_phi

    @property
    def above_original(self) -> BoolArray:
        """Which pictures activate their attribute more than the whole image, (starts)."""
        return self.final_phi > self.original_phi

    @property
    def ranges(self) -> FloatArray:
        """Shape (starts, 2). The least and the largest pixel of each picture."""
        lows, highs = (find(self.pictures, axis=(1, 2, 3)) for find in (np.min, np.max))
        return np.stack([lows, highs], axis=1)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Maximiser:
    """A network whose attributes are maximised.

    Attributes
    ----------
    phi_of
        Gives Phi, shape (images, attributes), for inputs of the network (images, channels,
        rows, columns), in eval mode; differentiable, and each row for itself.
    scale
        Of those inputs.
    settings
        How.

    """

    phi_of: PhiOf
    scale: Scale
    settings: MaximisationSettings

    def maximise(
        self,
        starts: FloatArray | DoubleArray,
        attributes: IntArray,
        rng: np.random.Generator,
        progress: Callable[..., Iterable[int]],
        label: str,
    ) -> Maximised:
        """Maximise ``C phi_j(x) - l_tv TV(x) - l_bo Bo(x)`` from each start.

        The sum over a batch is maximised, so that every image is on its own: Adam keeps its
        moments by pixel.

        Parameters
        ----------
        starts
            Shape (starts, channels, rows, columns). Pixels in [0, 1]; in float64 all is
            computed in float64.
        attributes
            Shape (starts). j of each.
        rng
            Draws the noise, where the start is noise, and the jitter.
        progress, label
            Show the batches.

        Raises
        ------
        ShapeError
            When there is not one attribute per start.

        """
        check_shape("starts", starts, "starts", "channels", "rows", "columns")
        check_shape("attributes", attributes, "starts", starts=len(starts))
        size = self.settings.batch
        parts = [
            self._batch(starts[i : i + size], attributes[i : i + size], rng)
            for i in progress(range(0, len(starts), size), label)
        ]
        if not parts:
            nothing = np.zeros(0, np.float32)
            return Maximised(np.zeros(starts.shape, np.float32), *3 * (nothing,))
        return Maximised(*(np.concatenate(found) for found in zip(*parts, strict=True)))

    def _batch(
        self, starts: FloatArray | DoubleArray, attributes: IntArray, rng: np.random.Generator
    ) -> tuple[AnyArray, ...]:
        # Channels last: a third of the time, where there are several.
        given = torch.from_numpy(np.array(starts)).contiguous(memory_format=torch.channels_last)
        wanted = torch.from_numpy(np.array(attributes))[:, None]
        dimmed = _dimmed(given, self.settings.start, rng)
        picture = dimmed.clone().requires_grad_()
        for optimiser, variation in _steps(picture, self.settings):
            moved = _jittered(picture, self.settings.jitter, rng)
            # Only the image's gradient: the network's own stay as they are.
            (picture.grad,) = torch.autograd.grad(self._loss(moved, wanted, variation), picture)
            optimiser.step()
            if self.settings.mode == "bounded":
                with torch.no_grad():
                    picture.clamp_(0.0, 1.0)
        with torch.no_grad():
            values = [self._phi(image, wanted).numpy() for image in (given, dimmed, picture)]
        return picture.detach().numpy(), *values

    def _loss(self, images: torch.Tensor, wanted: torch.Tensor, variation: float) -> torch.Tensor:
        gain = self.settings.activation * self._phi(images, wanted)
        held = variation * total_variation(images) + self.settings.bounds * out_of_bounds(images)
        return (held - gain).sum()

    def _phi(self, images: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        return self.phi_of(self.scale.to_input(images)).gather(1, wanted)[:, 0]


def total_variation(images: torch.Tensor) -> torch.Tensor:
    """Give TV: mean absolute vertical plus mean absolute horizontal differences.

    Parameters
    ----------
    images
        Shape (images, channels, rows, columns).

    Returns
    -------
    torch.Tensor
        Shape (images).

    """
    vertical, horizontal = images.diff(dim=2).abs(), images.diff(dim=3).abs()
    return vertical.mean(dim=(1, 2, 3)) + horizontal.mean(dim=(1, 2, 3))


def out_of_bounds(images: torch.Tensor) -> torch.Tensor:
    """Give Bo: the mean of ``|x|`` where x is outside [0, 1], and 0 elsewhere.

    Parameters
    ----------
    images
        Shape (images, channels, rows, columns).

    Returns
    -------
    torch.Tensor
        Shape (images).

    """
    outside = (images < 0.0) | (images > 1.0)
    return torch.where(outside, images.abs(), 0.0).mean(dim=(1, 2, 3))


def _steps(
    picture: torch.Tensor, settings: MaximisationSettings
) -> Iterator[tuple[torch.optim.Adam, float]]:
    """Give the optimiser and l_tv of every step; as released, a new Adam for each round."""
    for phase in settings.phases:
        for number in range(phase.rounds):
            optimiser = torch.optim.Adam([picture], settings.rate * settings.decay**number)
            for _ in range(phase.steps):
                yield optimiser, phase.variation


def _dimmed(given: torch.Tensor, strength: float, rng: np.random.Generator) -> torch.Tensor:
    if strength > 0.0:
        return strength * given
    noise = torch.from_numpy(rng.random(given.shape))
    return (NOISE * noise).to(given.dtype)


def _jittered(images: torch.Tensor, most: int, rng: np.random.Generator) -> torch.Tensor:
    if not most:
        return images
    down, right = rng.integers(-most, most + 1, 2).tolist()
    return torch.roll(images, (down, right), (2, 3))
