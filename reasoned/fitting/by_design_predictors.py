"""The predictor f that is trained together with an interpreter: a preset's, or one's own."""

import dataclasses
from collections.abc import Callable
from typing import Final, final

import torch
from torch import nn

from explainers.attributes.fitting.architecture import Shape
from explainers.attributes.fitting.presets import Predictor
from reasoned.errors import NetworkError
from reasoned.network import lenet_based, resnet_based
from reasoned.network.exporting import Tapped, find_layer
from reasoned.network.factory import build_network


@final
@dataclasses.dataclass(frozen=True)
class OwnPredictor:
    """A user's own network, to be trained from scratch.

    Attributes
    ----------
    source
        ``package.module:factory``.
    layers
        The one or two layers that the interpreter reads.
    layer
        The hidden layer that other methods explain.

    """

    source: str
    layers: tuple[str, ...]
    layer: str


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Chosen:
    """A new predictor.

    Attributes
    ----------
    network
        f, untrained.
    layers
        The layers that the interpreter reads, by name.
    layer
        The hidden layer that other methods explain.

    """

    network: nn.Module
    layers: tuple[str, ...]
    layer: str


_OF_PRESETS: dict[Predictor, tuple[Callable[..., nn.Module], tuple[str, ...], str]] = {
    "lenet": (lenet_based.LenetBased, lenet_based.TAPPED, lenet_based.LAYER),
    "resnet": (resnet_based.ResnetBased, resnet_based.TAPPED, resnet_based.LAYER),
}
# Below, nothing is left after the last pooling.
LEAST_SIDES: Final[dict[Predictor, int]] = {"lenet": 2, "resnet": 25}


def new_predictor(
    kind: Predictor, image: Shape, classes: int, own: OwnPredictor | None = None
) -> Chosen:
    """Make a predictor with weights drawn from torch's generator.

    Parameters
    ----------
    kind
        Which one of the paper's, where there is no own.
    image
        (channels, rows, columns).
    classes
        C.
    own
        A user's.

    Raises
    ------
    NetworkError
        When the user's cannot be made, or the images are too small for the paper's.

    """
    if own is not None:
        return Chosen(build_network(own.source, None), own.layers, own.layer)
    if min(image[1:]) < LEAST_SIDES[kind]:
        raise NetworkError(
            f"the {kind} needs images of at least {LEAST_SIDES[kind]} rows and columns, not "
            f"{image[1]} x {image[2]}; give a larger --size, or another --preset such as pooled"
        )
    factory, layers, layer = _OF_PRESETS[kind]
    return Chosen(factory(*image, classes), layers, layer)


def tap_predictor(
    chosen: Chosen, image: Shape, classes: int
) -> tuple[Tapped, tuple[torch.Size, ...]]:
    """Tap a predictor, and try it out on an empty image.

    Returns
    -------
    Tapped
        The predictor, giving the outputs of its layers too.
    tuple
        The shape of each of these outputs, without the axis of images.

    Raises
    ------
    NetworkError
        When a layer is unknown, or the network does not suit the images or the classes.

    """
    find_layer(chosen.network, chosen.layer)
    found = [find_layer(chosen.network, name, "--attribute-layers") for name in chosen.layers]
    tapped = Tapped(chosen.network, found).eval()
    size = f"{image[0]} x {image[1]} x {image[2]} (channels, rows, columns)"
    try:
        with torch.no_grad():
            logits, *maps = tapped(torch.zeros(1, *image))
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise NetworkError(
            f"the network to be trained does not run on images of {size}: {error}; choose "
            "another --size, --channels or --preset, and layers that the forward pass uses"
        ) from error
    if not all(isinstance(given, torch.Tensor) for given in (logits, *maps)):
        raise NetworkError(
            "the network to be trained and its tapped layers must give one tensor each, not "
            f"{type(logits).__name__} and {', '.join(type(given).__name__ for given in maps)}"
        )
    odd = [tuple(given.shape) for given in maps if given.ndim not in (2, 4)]
    if odd:
        raise NetworkError(
            "--attribute-layers must name layers that give maps of shape (images, channels, rows, "
            f"columns) or (images, features), not {odd[0]}; choose another, or flatten it"
        )
    if logits.shape != (1, classes):
        raise NetworkError(
            f"the network to be trained must give {classes} logits, one for each class of the "
            f"data, but gives an output of shape {tuple(logits.shape)} for one image"
        )
    return tapped, tuple(map_.shape[1:] for map_ in maps)
