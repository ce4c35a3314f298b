"""What the evidence of a method adds to one pass of the network."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from benchmarks.in_process import PER_ROUND, ROUNDS, bare_session
from explainers.arrays import AnyArray, FloatArray
from explainers.contract import Explainer
from explainers.representative.served.search import Boundaries, References, cut_sets
from reasoned.inference import Network
from reasoned.inference.session import PREFIX
from reasoned.network.heads import add_heads
from reasoned.network.tapping import tap

READ = ("psi", "boundary", "intermediate", "second_intermediate")


def block_cost(method: Explainer, model: Path, bare: Path, pixels: FloatArray) -> dict[str, Any]:
    """Interleave the bare network, the tapped one, that with the head, and the evidence.

    What is added is what the head's nodes and the evidence in Python take; the ratio is
    to one pass of the bare network.
    """
    plain, tapped, headed = bare_session(bare), *networks(method, model, bare)
    name = plain.get_inputs()[0].name
    times: dict[str, list[float]] = {"bare": [], "tapped": [], "head": [], "evidence": []}
    for number in range(ROUNDS):
        start = (number * PER_ROUND) % (len(pixels) - PER_ROUND)
        batch, clock = pixels[start : start + PER_ROUND], time.perf_counter
        marks = [clock()]
        for image in batch:
            plain.run(None, {name: image[None]})
        marks.append(clock())
        for image in batch:
            tapped.run(image)
        marks.append(clock())
        found = [headed.run(image) for image in batch]
        marks.append(clock())
        for one in found:
            method.explain(one)
        marks.append(clock())
        for key, seconds in zip(times, np.diff(marks).tolist(), strict=True):
            times[key].append(seconds)
    spent = {key: np.array(values) for key, values in times.items()}
    added = spent["head"] - spent["tapped"] + spent["evidence"]
    record: dict[str, Any] = {
        f"{key}_microseconds": round(1e6 * float(np.median(values)) / PER_ROUND, 1)
        for key, values in spent.items()
    }
    nodes = spent["head"] - spent["tapped"]
    return record | {
        "nodes_over_bare": round(float(np.median(nodes / spent["bare"])), 3),
        "added_over_bare": round(float(np.median(added / spent["bare"])), 3),
    }


def networks(method: Explainer, model: Path, bare: Path) -> tuple[Network, Network]:
    """Tap the bare network without what the method reads, and with it and its head."""
    stored = {p.key: p.value for p in onnx.load(model / "network.onnx").metadata_props}
    taps = {name: stored[f"{PREFIX}{name}"] for name in READ if f"{PREFIX}{name}" in stored}
    without, with_head = (bare.with_name(f"{name}.onnx") for name in ("tapped", "head"))
    tap(bare, stored[f"{PREFIX}hidden"], None, without)
    tap(bare, stored[f"{PREFIX}hidden"], None, with_head, taps)
    head = method.head()
    add_heads(with_head, [] if head is None else [head])
    return Network.load(without), Network.load(with_head)


def side_tests(points: FloatArray, psi: AnyArray) -> dict[str, Any]:
    """Time 100 side tests of the same images in boundary space and in psi's own space."""
    rng, images = np.random.default_rng(0), len(psi)
    flat = np.ascontiguousarray(psi.reshape(images, -1))
    spent = {}
    for name, rows in (("boundary space", points[:images]), ("psi", flat)):
        boundaries = random_boundaries(rows, rng)
        references = References(rows, np.zeros(images, dtype=np.int64))
        began = time.process_time()
        for _ in range(3):
            cut_sets(boundaries, references)
        spent[name] = (time.process_time() - began) / 3
    return {
        "images": images,
        "units": int(points.shape[1]),
        "psi_size": int(flat.shape[1]),
        "boundary_space_cpu_seconds": round(spent["boundary space"], 4),
        "psi_cpu_seconds": round(spent["psi"], 4),
        "saved": round(spent["psi"] / spent["boundary space"], 1),
    }


def random_boundaries(points: FloatArray, rng: np.random.Generator) -> Boundaries:
    """Draw planes through the middle of the points: only their cost is of interest."""
    normals = rng.normal(size=(100, points.shape[1]))
    offsets = -(normals @ points.mean(axis=0))
    classes = np.zeros(100, dtype=np.int64)
    return Boundaries(normals, offsets, classes, classes, np.zeros(100, dtype=np.bool_))
