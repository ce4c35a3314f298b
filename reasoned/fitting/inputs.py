"""Settle what is given and what follows: preprocessing and the tapped graph."""

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal, final

import numpy as np
import torch
from pydantic import ValidationError

from explainers.arrays import FloatArray, IntArray
from explainers.fitting_contract import Lower, Upper
from reasoned.datasets.dataset import Dataset
from reasoned.errors import NetworkError, OptionsError
from reasoned.fitting.export_difference import export_difference
from reasoned.fitting.settings import FitSettings, InputSettings, NetworkSettings
from reasoned.fitting.tapped_network import (
    BOUNDARIES,
    NOT_READ,
    Layers,
    Plain,
    TappedNetwork,
    export_plain,
    tap_network,
    taps_read,
)
from reasoned.images.preprocessing import Preprocessing
from reasoned.inference import Network
from reasoned.inference.session import LAYERS
from reasoned.network.factory import build_network
from reasoned.network.graph import read_graph
from reasoned.network.reference import LAYER, Training, train_reference
from reasoned.network.tapping import TappedGraph, image_shape

DEFAULT_SIZE = 32
FLIPPED = ("fashion-mnist", "cifar10")
COMPARED = 256


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Built:
    """A network ready to be explained.

    Attributes
    ----------
    tapped
        The graph with its taps.
    network
        The same, loaded.
    difference
        The largest difference of a logit between torch and onnxruntime, or None for a
        network that came as ONNX.
    trained_here
        Whether this fit trained it, on its own training split alone.
    upper
        The network above the explained map, or None; `upper_reason` then says why.
    channel_map
        Shape (units, channels); see `explainers.fitting_contract.FittingData`.
    lower
        The network below the layers that attribute functions read, or None.

    """

    tapped: TappedGraph
    network: Network
    difference: float | None
    trained_here: bool
    upper: Upper | None = None
    upper_reason: str = NOT_READ
    channel_map: FloatArray | None = None
    lower: Lower | None = None


def settle_preprocessing(settings: FitSettings) -> Preprocessing:
    """Fill in what the settings leave open, from the graph or the data."""
    inputs, source = settings.inputs, settings.network.source
    first = settings.dataset.image(0)
    if source.endswith(".onnx"):
        from_graph = _graph_shape(Path(source))
        channels, size = from_graph[0], (from_graph[1], from_graph[2])
        _check_same(inputs, channels, size)
    else:
        channels = inputs.channels or (1 if first.shape[2] == 1 else 3)
        natural = (first.shape[0], first.shape[1])
        fixed = not settings.spec.startswith("folder:")
        size = inputs.size or (natural if fixed else (DEFAULT_SIZE, DEFAULT_SIZE))
    half = 0.5 if source == "reference" else 0.0
    try:
        return Preprocessing(
            height=size[0],
            width=size[1],
            channels=_one_or_three(channels),
            resize=inputs.resize,
            mean=_per_channel(inputs.mean, half, channels),
            std=_per_channel(inputs.std, half or 1.0, channels),
        )
    except ValidationError as error:
        wrong = error.errors()[0]
        where = str(wrong["loc"][0]) if wrong["loc"] else "--mean, --std"
        raise OptionsError(f"the network's input cannot be so: {where}: {wrong['msg']}") from error


def _one_or_three(channels: int) -> Literal[1, 3]:
    if channels == 1:
        return 1
    if channels == 3:
        return 3
    raise OptionsError(f"--channels must be 1 or 3, not {channels}")


def _per_channel(given: tuple[float, ...] | None, usual: float, channels: int) -> tuple[float, ...]:
    if given is None:
        return (usual,) * channels
    return given * channels if len(given) == 1 else given


def _graph_shape(path: Path) -> tuple[int, int, int]:
    return image_shape(read_graph(path))


def _check_same(inputs: InputSettings, channels: int, size: tuple[int, int]) -> None:
    if inputs.channels not in (None, channels) or inputs.size not in (None, size):
        raise OptionsError(
            f"the graph takes {channels} channels and {size[0]}x{size[1]} (rows x columns), but "
            f"--channels {inputs.channels} and --size {inputs.size} were given; leave them out"
        )


def build(
    settings: FitSettings,
    preprocessing: Preprocessing,
    train: tuple[FloatArray, IntArray],
    folder: Path,
    progress: Callable[..., Iterable[int]],
) -> Built:
    """Train, load or take over the network, export it, and tap it into ``network.onnx``.

    Parameters
    ----------
    settings
        Which network.
    preprocessing
        The shape of its input.
    train
        Pixels and labels of the training split, for the reference network and for the
        comparison of the export.
    folder
        Where ``network.onnx`` goes.
    progress
        Shows the training.

    Raises
    ------
    NetworkError
        When the network cannot be loaded or exported, or the export differs from torch by
        more than 1e-4 in a logit (for large logits, a millionth of the largest).

    """
    # For all that torch does in this fit: bytes must not depend on how many cores there are.
    torch.set_num_threads(settings.threads)
    source, threads, trained = settings.network.source, settings.threads, settings.trained
    reads = taps_read(settings.methods)
    _check_read(settings.network, settings.methods, reads)
    target = folder / "network.onnx"
    if source.endswith(".onnx") and trained is None:
        plain = Plain(Path(source), _layers(settings, _given_layer(settings.network), reads))
        found = tap_network(plain, target, train[0], reads=reads, threads=threads)
        _check_classes(found.tapped, settings.dataset)
        return _built(found, None, trained_here=False)
    module, layer = _module(settings, train, progress)
    shape = (preprocessing.channels, preprocessing.height, preprocessing.width)
    plain = export_plain(module, _layers(settings, layer, reads), shape, folder / "plain.onnx")
    found = tap_network(plain, target, train[0], reads=reads, threads=threads)
    plain.path.unlink()
    _check_classes(found.tapped, settings.dataset)
    difference = export_difference(module, found.network, np.array(train[0][:COMPARED]))
    return _built(found, difference, trained_here=trained is not None or source == "reference")


def _check_read(asked: NetworkSettings, methods: tuple[str, ...], reads: frozenset[str]) -> None:
    """Refuse to be told of a layer that nothing reads."""
    given = (
        ("--boundary-layer", asked.boundary_layer is not None, BOUNDARIES, "representative"),
        ("--attribute-layers", bool(asked.attribute_layers), frozenset(LAYERS), "attributes"),
    )
    for option, is_given, taps, reader in given:
        if is_given and not reads & taps:
            raise OptionsError(
                f"{option} is read by none of the methods {', '.join(methods)}; leave it out, or "
                f"add {reader} to --methods"
            )


def _layers(settings: FitSettings, layer: str, reads: frozenset[str]) -> Layers:
    asked, trained = settings.network, settings.trained
    attributes = asked.attribute_layers if trained is None else trained.layers
    return Layers(layer, asked.boundary_layer, attributes if reads & set(LAYERS) else ())


def _given_layer(asked: NetworkSettings) -> str:
    if asked.layer is None:
        raise OptionsError("--layer is needed; `reasoned layers NETWORK` lists the layers")
    return asked.layer


def _built(found: TappedNetwork, difference: float | None, *, trained_here: bool) -> Built:
    return Built(
        tapped=found.tapped,
        network=found.network,
        difference=difference,
        trained_here=trained_here,
        upper=found.upper,
        upper_reason=found.upper_reason,
        channel_map=found.channel_map,
        lower=found.lower,
    )


def _module(
    settings: FitSettings,
    train: tuple[FloatArray, IntArray],
    progress: Callable[..., Iterable[int]],
) -> tuple[torch.nn.Module, str]:
    asked = settings.network
    if settings.trained is not None:
        return settings.trained.network, settings.trained.layer
    if asked.source != "reference":
        layer = _given_layer(asked)
        return build_network(asked.source, asked.weights), layer
    flip = settings.dataset.name in FLIPPED if asked.flip is None else asked.flip
    training = Training(asked.epochs, flip, settings.seed, settings.threads)
    classes = len(settings.dataset.classes)
    return train_reference(*train, classes, training, progress), asked.layer or LAYER


def _check_classes(tapped: TappedGraph, dataset: Dataset) -> None:
    if tapped.classes != len(dataset.classes):
        raise NetworkError(
            f"the network gives {tapped.classes} classes, but the data has "
            f"{len(dataset.classes)}: {', '.join(dataset.classes[:20])}"
        )
