"""The network as one ONNX graph whose taps are declared outputs."""

import dataclasses
import json
import math
from pathlib import Path
from typing import Any, Self, final

import numpy as np
import onnxruntime

from explainers.activations import Activations
from explainers.arrays import AnyArray, FloatArray
from reasoned.errors import FolderError

TAPS = (
    "logits",
    "hidden",
    "convolution",
    "affine_input",
    "psi",
    "boundary",
    "intermediate",
    "second_intermediate",
)
FLATTENED = ("hidden", "affine_input", "boundary")
LAYERS = ("intermediate", "second_intermediate")
PREFIX = "reasoned."
HEADS = "reasoned.heads"
MANY_CLASSES = 64
_Fetch = tuple[list[str], dict[str, int]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Network:
    """A loaded graph and the names of its tapped outputs.

    Attributes
    ----------
    taps
        For each of `TAPS` the graph output that holds it; all but the first two may be
        missing.
    shape
        (channels, rows, columns) of the input.
    batch
        The only batch size that the graph takes, or None where any will do.
    heads
        How many numbers each head of the graph gives, in order; see `explainers.heads`.

    """

    session: Any = dataclasses.field(repr=False)
    taps: dict[str, str]
    shape: tuple[int, int, int]
    batch: int | None
    heads: dict[str, int]

    @classmethod
    def load(cls, path: Path, *, threads: int = 1) -> Self:
        """Load a graph that `reasoned fit` has tapped.

        Raises
        ------
        FolderError
            When the file is no such graph.

        """
        try:
            session = onnxruntime.InferenceSession(
                path.read_bytes(),
                _options(path.parent, threads),
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # onnxruntime raises classes of its own, unrelated ones
            raise FolderError(
                f"{path} is not a graph that onnxruntime can load: {error}"
            ) from error
        stored = session.get_modelmeta().custom_metadata_map
        taps = {tap: stored[PREFIX + tap] for tap in TAPS if PREFIX + tap in stored}
        outputs = {output.name for output in session.get_outputs()}
        if not {"logits", "hidden"} <= set(taps) or not set(taps.values()) <= outputs:
            raise FolderError(f"{path} does not declare its logits and hidden layer as outputs")
        dims = session.get_inputs()[0].shape
        if len(dims) != 4 or not all(isinstance(d, int) for d in dims[1:]):
            raise FolderError(f"{path}: the input must be (batch, channels, rows, columns)")
        batch = dims[0] if isinstance(dims[0], int) else None
        heads = _head_sizes(path, stored.get(HEADS), outputs)
        return cls(session, taps, (dims[1], dims[2], dims[3]), batch, heads)

    def __post_init__(self) -> None:
        # With heads nothing reads the large maps per image, and they need not be copied out.
        left_out = {"psi", "convolution", *LAYERS} if self.heads else {"psi"}
        kept = {tap: value for tap, value in self.taps.items() if tap not in left_out}
        asked = {*kept.values(), self.taps.get("psi")}
        more = {tap: value for tap, value in self.taps.items() if value in asked}
        slices, start = dict[str, slice](), 0
        for name, size in self.heads.items():
            slices[name] = slice(start, start + size)
            start += size
        object.__setattr__(self, "_input", self.session.get_inputs()[0].name)
        object.__setattr__(self, "_part", _fetch(kept, heads=bool(slices)))
        object.__setattr__(self, "_whole", _fetch(more, heads=bool(slices)))
        object.__setattr__(self, "_slices", slices)
        object.__setattr__(self, "_numbers", start)

    _input: str = dataclasses.field(init=False, repr=False)
    _part: _Fetch = dataclasses.field(init=False, repr=False)
    _whole: _Fetch = dataclasses.field(init=False, repr=False)
    _slices: dict[str, slice] = dataclasses.field(init=False, repr=False)
    _numbers: int = dataclasses.field(init=False, repr=False)

    def run(self, pixels: FloatArray, *, whole: bool = False) -> Activations:
        """Run one image of shape (channels, rows, columns); `whole` gives psi(x) too."""
        names, places = self._whole if whole else self._part
        found = self.session.run(names, {self._input: pixels[None]})
        numbers = found[-1].ravel().tolist() if self._slices else []
        if len(numbers) != self._numbers or not math.isfinite(sum(numbers)):
            # Not what the layout says, or no numbers at all: their readers do it themselves.
            return self.run_without_heads(pixels)
        logits = found[places["logits"]][0]
        affine, boundary = places.get("affine_input"), places.get("boundary")
        hidden = found[places["hidden"]].reshape(-1)
        # Where the head reads the explained layer they are one array, and checked once.
        same = affine == places["hidden"]
        other = None if affine is None or same else found[affine].reshape(-1)
        return Activations(
            logits=logits,
            hidden=hidden,
            predicted=int(logits.argmax()),
            pixels=pixels,
            convolution=_first(found, places.get("convolution")),
            affine_input=hidden if same else other,
            psi=_first(found, places.get("psi")),
            boundary=None if boundary is None else found[boundary].reshape(-1),
            intermediate=_layer(found, places.get("intermediate")),
            second_intermediate=_layer(found, places.get("second_intermediate")),
            heads={name: numbers[part] for name, part in self._slices.items()},
        )

    def run_without_heads(self, pixels: FloatArray) -> Activations:
        """Run one image of shape (channels, rows, columns), and give every tap."""
        taps = {tap: array[0] for tap, array in self.run_many(pixels[None]).items()}
        return Activations(
            logits=taps["logits"],
            hidden=taps["hidden"],
            predicted=int(taps["logits"].argmax()),
            pixels=pixels,
            convolution=taps.get("convolution"),
            affine_input=taps.get("affine_input"),
            psi=taps.get("psi"),
            boundary=taps.get("boundary"),
            intermediate=taps.get("intermediate"),
            second_intermediate=taps.get("second_intermediate"),
        )

    def run_many(self, pixels: FloatArray) -> dict[str, AnyArray]:
        """Run a batch of shape (images, channels, rows, columns); give every tap."""
        if self.batch == 1 and len(pixels) > 1:
            parts = [self.run_many(pixels[i : i + 1]) for i in range(len(pixels))]
            return {tap: np.concatenate([part[tap] for part in parts]) for tap in self.taps}
        names = list(dict.fromkeys(self.taps.values()))
        found = dict(zip(names, self.session.run(names, {self._input: pixels}), strict=True))
        taps = {tap: found[name] for tap, name in self.taps.items()}
        for tap in FLATTENED:
            if tap in taps:
                taps[tap] = taps[tap].reshape(len(pixels), -1)
        return taps | {tap: map_or_flat(taps[tap]) for tap in LAYERS if tap in taps}


def map_or_flat(layer: AnyArray) -> AnyArray:
    """Give a layer's output as (images, channels, rows, columns), or (images, features)."""
    return layer if layer.ndim == 4 else layer.reshape(len(layer), -1)


def _first(found: list[AnyArray], place: int | None) -> AnyArray | None:
    return None if place is None else found[place][0]


def _layer(found: list[AnyArray], place: int | None) -> AnyArray | None:
    return None if place is None else map_or_flat(found[place])[0]


def _fetch(taps: dict[str, str], *, heads: bool) -> _Fetch:
    """Give the outputs to ask for, each once, and where each tap is among them."""
    names = list(dict.fromkeys(taps.values()))
    places = {tap: names.index(value) for tap, value in taps.items()}
    return ([*names, HEADS] if heads else names), places


def _head_sizes(path: Path, stored: str | None, outputs: set[str]) -> dict[str, int]:
    if stored is None:
        return {}
    try:
        found = json.loads(stored)
        sizes = {str(name): int(size) for name, size in found.items()}
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise FolderError(f"{path}: the layout of its heads is broken: {error}") from error
    if HEADS not in outputs or min(sizes.values(), default=1) < 1:
        raise FolderError(f"{path}: its heads are not an output of the graph")
    return sizes


def softmax(logits: FloatArray) -> list[float]:
    """Give class probabilities, in the order of the logits, in float64."""
    if len(logits) > MANY_CLASSES:
        powers = np.exp(logits.astype(np.float64) - float(logits.max()))
        found: list[float] = (powers / powers.sum()).tolist()
        return found
    # For a few classes a loop costs less than four calls into numpy.
    values: list[float] = logits.tolist()
    most = max(values)
    raised = [math.exp(value - most) for value in values]
    total = sum(raised)
    return [power / total for power in raised]


def _options(folder: Path, threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Spinning helper threads steal the core from the event loop.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # A graph may name files for its weights: none but those that the manifest names too.
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder.resolve())
    )
    return options
