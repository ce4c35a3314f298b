"""The served graph over whole splits."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, FloatArray, IntArray
from reasoned.fitting.pixels import new_map
from reasoned.inference import Network

BATCH = 128


def tabulate(
    network: Network,
    pixels: FloatArray,
    rows: IntArray,
    labels: IntArray,
    folder: Path,
    progress: Callable[..., Iterable[int]],
) -> ActivationTable:
    """Run every image of a split through the graph.

    Parameters
    ----------
    network
        The tapped graph.
    pixels
        Shape (images, channels, rows, columns).
    rows, labels
        Shape (images).
    folder
        Where the memory maps go.
    progress
        Shows the batches.

    """
    folder.mkdir(parents=True, exist_ok=True)
    maps: dict[str, AnyArray] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    same = _copies(network.taps)
    for start in progress(range(0, len(pixels), BATCH), f"activations of {folder.name}"):
        found = network.run_many(np.ascontiguousarray(pixels[start : start + BATCH]))
        shapes = {name: (len(pixels), *part.shape[1:]) for name, part in found.items()}
        for name in found.keys() - same.keys():
            part = found[name]
            if name not in maps:
                maps[name] = new_map(folder / f"{name}.npy", shapes[name])
            maps[name][start : start + len(part)] = part
    maps |= {tap: maps[first].reshape(shapes[tap]) for tap, first in same.items()}
    # Small enough to hold, and read again and again.
    logits, hidden = np.array(maps["logits"]), np.array(maps["hidden"])
    return ActivationTable(
        rows=rows,
        labels=labels,
        predicted=logits.argmax(axis=1).astype(np.int64),
        logits=logits,
        hidden=hidden,
        pixels=pixels,
        convolution=maps.get("convolution"),
        affine_input=maps.get("affine_input"),
        psi=maps.get("psi"),
        boundary=_boundary(network.taps, maps),
        intermediate=maps.get("intermediate"),
        second_intermediate=maps.get("second_intermediate"),
    )


def _copies(taps: Mapping[str, str]) -> dict[str, str]:
    """Name the taps that need not be stored, each with the tap that holds the same."""
    first: dict[str, str] = {}
    for tap, value in taps.items():
        first.setdefault(value, tap)
    return {tap: first[value] for tap, value in taps.items() if first[value] != tap}


def _boundary(taps: Mapping[str, str], maps: Mapping[str, AnyArray]) -> FloatArray | None:
    flat = maps.get("boundary")
    if flat is None:
        return None
    # As large as psi where it is psi; else searched again and again, and held.
    return flat if taps["boundary"] == taps.get("psi") else np.array(flat)
