"""An interpreter for the training images: one that came with the network, or a new one."""

import dataclasses
import json
from collections.abc import Callable, Iterable
from typing import final

import numpy as np
import torch
from pydantic import TypeAdapter, ValidationError

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray
from explainers.attributes.fitting.architecture import Architecture, Shape, shape_of
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.observing import Cached, Scale
from explainers.attributes.fitting.options import AttributeOptions
from explainers.attributes.fitting.training import Trainer, log_of, with_numbers
from explainers.errors import FittingError, NotApplicableError
from explainers.fitting_contract import Companion, FittingData

_ARCHITECTURE = TypeAdapter(Architecture)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Trained:
    """An interpreter in eval mode.

    Attributes
    ----------
    interpreter
        Psi, head and decoder.
    architecture
        What they were made from.
    shapes
        (channels, rows, columns) of the maps that it reads.
    log
        Of its training, as JSON.
    by_design
        Whether it was trained together with the network.
    relevance
        The threshold of global pairs that its preset has, or None for 1 / tau.

    """

    interpreter: Interpreter
    architecture: Architecture
    shapes: tuple[Shape, ...]
    log: str
    by_design: bool
    relevance: float | None = None


def cached(table: ActivationTable, scale: Scale) -> Cached:
    """Take the images of a split, with what the fixed network made of them.

    Raises
    ------
    NotApplicableError
        When no hidden layer was tapped.

    """
    given = (table.intermediate, table.second_intermediate)
    maps: tuple[AnyArray, ...] = tuple(array for array in given if array is not None)
    if not maps:
        raise NotApplicableError(
            "attributes needs the outputs of one or two hidden layers, but none was tapped"
        )
    return Cached(table.pixels, table.labels, table.logits, maps, scale)


def scale_of(data: FittingData) -> Scale:
    """Say which inputs are black and white pixels; without knowing, 0 and 1."""
    if data.input_range is None:
        channels = data.train.pixels.shape[1]
        return Scale(np.zeros(channels, np.float32), np.ones(channels, np.float32))
    return Scale(*data.input_range)


def shapes_of(source: Cached) -> tuple[Shape, ...]:
    """Give (channels, rows, columns) of each map; a flat layer is (features, 1, 1)."""
    return tuple(shape_of(array.shape[1:]) for array in source.maps)


def taken_over(companion: Companion, shapes: tuple[Shape, ...], data: FittingData) -> Trained:
    """Rebuild the interpreter that was trained together with the network.

    Raises
    ------
    FittingError
        When the weights do not fit the layers.

    """
    try:
        settings = json.loads(companion.settings)
        relevance = settings.get("preset", {}).get("relevance")
        architecture = _ARCHITECTURE.validate_python(settings["architecture"])
        interpreter = new_interpreter(shapes, data, architecture)
        weights = {name: torch.from_numpy(np.array(a)) for name, a in companion.arrays.items()}
        interpreter.load_state_dict(weights)
    except (ValueError, KeyError, ValidationError, RuntimeError) as error:
        raise FittingError(
            f"what was trained together with the network does not fit it: {error}"
        ) from error
    log = json.dumps(settings.get("log", []))
    return Trained(
        interpreter.eval(), architecture, shapes, log, by_design=True, relevance=relevance
    )


def train_afterwards(
    source: Cached,
    data: FittingData,
    options: AttributeOptions,
    rng: np.random.Generator,
    progress: Callable[..., Iterable[int]],
) -> Trained:
    """Train Psi, head and decoder on cached activations; the network is not even loaded."""
    shapes = shapes_of(source)
    preset = options.preset(len(source), shapes)
    seed = int(rng.integers(2**62))
    # The caller's own draws from torch go on as if nothing had been drawn here.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        interpreter = new_interpreter(shapes, data, preset.architecture)
        trainer = Trainer(interpreter, source, preset, seed, options.precision)
        advice = f"set a rate of attributes below {options.rate:g}, or smaller weights"
        records = [
            with_numbers(trainer.epoch(number, progress), advice)
            for number in range(1, preset.epochs + 1)
        ]
    log = json.dumps(log_of(records))
    return Trained(interpreter.eval(), preset.architecture, shapes, log, by_design=False)


def new_interpreter(
    shapes: tuple[Shape, ...], data: FittingData, architecture: Architecture
) -> Interpreter:
    """Make an untrained interpreter for the data."""
    pixels = data.train.pixels.shape
    return Interpreter(shapes, (pixels[1], pixels[2], pixels[3]), len(data.classes), architecture)
