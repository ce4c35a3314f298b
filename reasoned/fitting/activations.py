"""The served graph over whole splits."""

from collections.abc import Callable, Iterable
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
    for start in progress(range(0, len(pixels), BATCH), f"activations of {folder.name}"):
        found = network.run_many(np.ascontiguousarray(pixels[start : start + BATCH]))
        for name, part in found.items():
            if name not in maps:
                maps[name] = new_map(folder / f"{name}.npy", (len(pixels), *part.shape[1:]))
            maps[name][start : start + len(part)] = part
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
    )
