"""What a user may set of the method, for a fixed network."""

import dataclasses
from collections.abc import Mapping
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from explainers.attributes.fitting.architecture import Architecture, Shape
from explainers.attributes.fitting.maximisation_settings import Mode
from explainers.attributes.fitting.presets import Preset
from explainers.attributes.fitting.schedule import Schedule, Stage, staged
from explainers.attributes.fitting.training import Precision
from explainers.attributes.fitting.variants import VARIANTS
from explainers.option_reading import read_options

Positive = Annotated[int, Field(ge=1)]
Weight = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
LARGEST_SIDE = 7  # of a map that Psi convolves at every request
IMAGES_SEEN = 800_000
LEAST_STEPS = 1500


class AttributeOptions(BaseModel):
    """How the interpreter is trained afterwards, and shown.

    Attributes
    ----------
    attributes
        J, the size of the dictionary.
    width
        Channels of Psi's convolution.
    tau
        Attributes with a relevance above 1 / tau are the local interpretation.
    epochs
        0 for about 800,000 images.
    batch, rate
        Of Adam, under a one-cycle schedule.
    beta, gamma, delta, l1
        The weights of L_of, L_if, the entropies of L_cd, and the size of Phi.
    pool
        By how much maps are averaged before Psi; 0 for as much as leaves sides of 7.
    outer_slope
        Of the leaky ReLU at the end of Psi; 0, a ReLU, keeps Phi from being negative.
    positive_head
        Whether W >= 0 is held.
    variant
        The losses as ``released`` or as ``printed``.
    samples
        Whether maximum activating samples are taken among the images that g puts into a
        class (``predicted``) or among those that belong there (``true``).
    pictures
        Whether activation maximisation is done.
    maximisation
        With pixels held in range (``bounded``), or as ``released``, where they are not.
    rounds
        Of activation maximisation, 50 steps each; the paper has 12; three bounded ones come
        within 1 %.
    precision
        Of the forward passes.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    attributes: Annotated[int, Field(ge=1, le=4096)] = 25
    width: Annotated[int, Field(ge=1, le=4096)] = 48
    tau: Annotated[float, Field(gt=1.0, le=1e6)] = 5.0
    epochs: Annotated[int, Field(ge=0)] = 0
    batch: Positive = 128
    rate: Annotated[float, Field(gt=0.0, le=1.0)] = 2e-3
    beta: Weight = 1.0
    gamma: Weight = 0.8
    delta: Weight = 0.3
    l1: Weight = 0.05
    pool: Annotated[int, Field(ge=0, le=512)] = 0
    outer_slope: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    positive_head: bool = False
    variant: Literal["released", "printed"] = "released"
    samples: Literal["predicted", "true"] = "predicted"
    pictures: bool = True
    maximisation: Mode = "bounded"
    rounds: Annotated[int, Field(ge=1, le=1000)] = 3
    precision: Precision = "float32"

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read what was set; raise `FittingError` on an unknown name or a wrong value."""
        return read_options(cls, "attributes", given)

    def preset(self, images: int, shapes: tuple[Shape, ...]) -> Preset:
        """Give what a training of so many images on maps of these shapes needs."""
        batch = min(self.batch, images)
        passes = max(IMAGES_SEEN // images, LEAST_STEPS * batch // images)
        epochs = self.epochs or int(np.clip(passes, 4, 100))
        third, half = 1 + epochs // 3, 1 + epochs // 2
        return Preset(
            architecture=self._architecture(shapes),
            predictor="lenet",
            schedule=Schedule(
                (
                    *staged(beta=(self.beta, 1), gamma=(self.gamma, 1), delta=(self.delta, half)),
                    Stage("l1", third, self.l1),
                )
            ),
            epochs=epochs,
            batch=batch,
            rate=self.rate,
            rates="one_cycle",
            variant=VARIANTS[self.variant],
        )

    def _architecture(self, shapes: tuple[Shape, ...]) -> Architecture:
        smallest = min(max(shape[1:]) for shape in shapes)
        # Never more than a map has rows or columns.
        most = min((min(shape[1:]) for shape in shapes if max(shape[1:]) > 1), default=1)
        pool = self.pool or max(1, min(-(-smallest // LARGEST_SIDE), most))
        return dataclasses.replace(
            Architecture(),
            attributes=self.attributes,
            width=self.width,
            pool=pool,
            outer_slope=self.outer_slope,
            positive_head=self.positive_head,
        )
