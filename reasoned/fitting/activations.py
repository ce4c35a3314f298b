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
    same = _copies(network.taps)
    for start in progress(range(0, len(pixels), BATCH), f"activations of {folder.name}"):
        found = network.run_many(np.ascontiguousarray(pixels[start : start + BATCH]))
        for name in found.keys() - same.keys():
            part = found[name]
            if name not in maps:
                maps[name] = new_map(folder / f"{name}.npy", (len(pixels), *part.shape[1:]))
            maps[name][start : start + len(part)] = part
    maps |= {tap: maps[first] for tap, first in same.items()}
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
    )


def _copies(taps: Mapping[str, str]) -> dict[str, str]:
    """Name the taps that need not be stored, each with the tap that holds the same."""
    same = {}
    if taps.get("psi") == taps.get("convolution") and "psi" in taps:
        same["psi"] = "convolution"
    if taps.get("boundary") == taps.get("psi") and "psi" in taps:
        same["boundary"] = same.get("psi", "psi")
    return same


def _boundary(taps: Mapping[str, str], maps: Mapping[str, AnyArray]) -> FloatArray | None:
    found = maps.get("boundary")
    if found is None:
        return None
    flat = found.reshape(len(found), -1)
    # As large as psi where it is psi; else searched again and again, and held.
    return flat if taps["boundary"] == taps.get("psi") else np.array(flat)
