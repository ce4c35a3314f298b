"""LIME and Kernel SHAP: pictures that cost hundreds of passes each, by captum."""

import dataclasses
from typing import ClassVar, Final, final

import numpy as np
import torch
from captum.attr import KernelShap

from explainers.arrays import DoubleArray, FloatArray, IntArray
from reasoned.evaluation.lime_fidelity import cells_of, fit_lime
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.pictures import Kind, PictureMethod
from reasoned.judges.settings import JudgeSettings

_AT_ONCE: Final = 128


@final
@dataclasses.dataclass(frozen=True, eq=False)
class LimeMaps(PictureMethod):
    """The weight of each cell of a 7 x 7 grid in LIME's linear model of the probability.

    Every image gets the same draws of removed cells, which is kind to its stability.

    Attributes
    ----------
    black
        Shape (channels). What stands where a cell is removed.
    samples
        How many images with cells removed each model is fitted on.
    seed
        Of the draws.

    """

    name: ClassVar[str] = "lime"
    kind: ClassVar[Kind] = "peer"
    signed: ClassVar[bool] = True
    slow: ClassVar[bool] = True

    black: FloatArray
    samples: int
    seed: int

    def attribute(
        self, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> DoubleArray:
        """See `PictureMethod`."""
        cells = cells_of(*pixels.shape[2:])
        found = [
            fit_lime(image, network.logits, self.black, self.samples, self.seed).weights[label]
            for image, label in zip(pixels, classes.tolist(), strict=True)
        ]
        return np.stack([weights[cells] for weights in found])


@final
@dataclasses.dataclass(frozen=True, eq=False)
class KernelShapMaps(PictureMethod):
    """Kernel SHAP's value of each cell of a 7 x 7 grid; attributes as of `LimeMaps`.

    References
    ----------
    Lundberg and Lee, A unified approach to interpreting model predictions, NeurIPS 2017.

    """

    name: ClassVar[str] = "kernel_shap"
    kind: ClassVar[Kind] = "peer"
    signed: ClassVar[bool] = True
    slow: ClassVar[bool] = True

    black: FloatArray
    samples: int
    seed: int

    def attribute(
        self, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> DoubleArray:
        """See `PictureMethod`."""
        cells = cells_of(*pixels.shape[2:])
        mask = torch.from_numpy(cells)[None, None]
        base = torch.from_numpy(np.array(self.black))[None, :, None, None]

        def chances(given: torch.Tensor) -> torch.Tensor:
            return torch.from_numpy(network.logits(given.numpy())).softmax(dim=1)

        method, found = KernelShap(chances), []
        for image, label in zip(pixels, classes.tolist(), strict=True):
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(self.seed)
                weights = method.attribute(
                    torch.from_numpy(image[None]),
                    baselines=base,
                    target=label,
                    feature_mask=mask,
                    n_samples=self.samples,
                    perturbations_per_eval=_AT_ONCE,
                    return_input_shape=False,
                )
            found.append(weights.double().numpy().ravel()[cells])
        return np.stack(found)


def sampling_peers(black: FloatArray, settings: JudgeSettings) -> list[PictureMethod]:
    """Give both, or none where they are not asked for; `black` is as of `LimeMaps`."""
    if not settings.sampling_peers:
        return []
    samples, seed = settings.samples, settings.seed
    return [LimeMaps(black, samples, seed), KernelShapMaps(black, samples, seed)]
