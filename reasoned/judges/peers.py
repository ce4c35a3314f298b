"""Pictures of other methods on the same network, by captum; and one that knows nothing."""

import dataclasses
import zlib
from collections.abc import Callable
from typing import ClassVar, Final, final

import numpy as np
import torch
from captum.attr import IntegratedGradients, LayerGradCam, Saliency

from explainers.arrays import DoubleArray, FloatArray, IntArray
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.pictures import Kind, PictureMethod, enlarged

STEPS: Final = 32
_AT_ONCE: Final = 128
_FEW: Final = 8  # times the steps of the path: no more images at once than elsewhere
Attribute = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@final
@dataclasses.dataclass(frozen=True)
class SaliencyMaps(PictureMethod):
    """The size of the gradient of the class's logit, summed over channels.

    References
    ----------
    Simonyan et al., Deep inside convolutional networks, 2014.

    """

    name: ClassVar[str] = "saliency"
    kind: ClassVar[Kind] = "peer"
    signed: ClassVar[bool] = False

    def attribute(
        self, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> DoubleArray:
        """See `PictureMethod`."""
        method = Saliency(network)
        return _summed(
            pixels, classes, _AT_ONCE, lambda some, named: method.attribute(some, target=named)
        )


@final
@dataclasses.dataclass(frozen=True, eq=False)
class IntegratedGradientMaps(PictureMethod):
    """The gradients along the way from a black image, times the way, summed over channels.

    Attributes
    ----------
    black
        Shape (channels). The input of a black pixel.

    References
    ----------
    Sundararajan et al., Axiomatic attribution for deep networks, ICML 2017.

    """

    name: ClassVar[str] = "integrated_gradients"
    kind: ClassVar[Kind] = "peer"
    signed: ClassVar[bool] = True

    black: FloatArray

    def attribute(
        self, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> DoubleArray:
        """See `PictureMethod`."""
        method = IntegratedGradients(network)
        base = torch.from_numpy(np.array(self.black))[None, :, None, None]
        return _summed(
            pixels,
            classes,
            _FEW,
            lambda some, named: method.attribute(
                some, base.expand_as(some), target=named, n_steps=STEPS
            ),
        )


@final
@dataclasses.dataclass(frozen=True)
class GradCamMaps(PictureMethod):
    """Grad-CAM on the last map, or on the one whose boundaries are explained.

    References
    ----------
    Selvaraju et al., Grad-CAM, ICCV 2017.

    """

    name: ClassVar[str] = "grad_cam"
    kind: ClassVar[Kind] = "peer"
    signed: ClassVar[bool] = False

    def attribute(
        self, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> DoubleArray:
        """See `PictureMethod`."""
        method = LayerGradCam(network, network.lower)
        small = _summed(
            pixels,
            classes,
            _AT_ONCE,
            lambda some, named: method.attribute(some, target=named, relu_attributions=True),
        )
        return enlarged(small, pixels)


@final
@dataclasses.dataclass(frozen=True)
class RandomMaps(PictureMethod):
    """Numbers drawn at random, the same ones for the same image: what nothing may fall below."""

    name: ClassVar[str] = "random"
    kind: ClassVar[Kind] = "control"
    signed: ClassVar[bool] = False
    stays: ClassVar[str] = "it does not read the network"

    seed: int

    def attribute(
        self,
        network: JudgedNetwork,  # noqa: ARG002  that is its point
        pixels: FloatArray,
        classes: IntArray,
    ) -> DoubleArray:
        """See `PictureMethod`."""
        size = pixels.shape[2:]
        seeds = [zlib.crc32(np.ascontiguousarray(image).tobytes()) for image in pixels]
        return np.stack(
            [
                np.random.default_rng([self.seed, own, label]).random(size)
                for own, label in zip(seeds, classes.tolist(), strict=True)
            ]
        )


def gradient_peers(network: JudgedNetwork, black: FloatArray) -> list[PictureMethod]:
    """Give the methods that need a few passes, without Grad-CAM where there is no map."""
    found: list[PictureMethod] = [SaliencyMaps(), IntegratedGradientMaps(black)]
    return found if network.lower is None else [*found, GradCamMaps()]


def _summed(pixels: FloatArray, classes: IntArray, size: int, attribute: Attribute) -> DoubleArray:
    parts = []
    for start in range(0, len(pixels), size):
        some = torch.from_numpy(np.array(pixels[start : start + size], np.float32))
        named = torch.from_numpy(classes[start : start + size].copy())
        found = attribute(some.requires_grad_(), named)
        parts.append(found.detach().double().sum(dim=1).numpy())
    return np.concatenate(parts)
