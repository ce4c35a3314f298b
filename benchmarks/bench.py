"""What an explanation costs: in process and over HTTP, interleaved in one run."""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import psutil

from benchmarks.http_load import cpu_seconds, load, request_bytes, summary
from benchmarks.in_process import measure
from benchmarks.machine import header
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png
from reasoned.model import ExplainedModel

IMAGES = 1000
ROUNDS = 6
PER_ROUND = 600
BOUNDARY = "reasoned-bench"


def main() -> None:
    """Measure, print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", default=None, help="default: the model's own data set")
    parser.add_argument("--data-dir", type=Path, default=None)
    parser.add_argument("--out", type=Path, default=None)
    asked = parser.parse_args()
    model = ExplainedModel.load(asked.model)
    dataset = open_dataset(asked.data or model.manifest.data.spec, data_dir=asked.data_dir)
    rows = np.random.default_rng(0).choice(
        np.flatnonzero(dataset.official_test), IMAGES, replace=False
    )
    images = [dataset.image(int(row)) for row in rows]
    with tempfile.TemporaryDirectory() as place:
        bare = Path(place) / "bare.onnx"
        cut_bare(asked.model / "network.onnx", bare)
        found = {
            **header(),
            "model": {"name": model.name, "sha256": model.sha256},
            "in_process": measure(model, bare, images),
            "http": over_http(asked.model, bare, [png(image) for image in images]),
        }
    print(json.dumps(found, indent=1))
    if asked.out is not None:
        asked.out.write_text(json.dumps(found, indent=1) + "\n")


def cut_bare(graph: Path, target: Path) -> None:
    """Write the network alone, without the heads that explain."""
    model = onnx.load(graph)
    logits = next(p.value for p in model.metadata_props if p.key == "reasoned.logits")
    names = [value.name for value in model.graph.input]
    onnx.utils.extract_model(str(graph), str(target), names, [logits])


def multipart(data: bytes) -> bytes:
    """Wrap a picture as the field `image`."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


def over_http(folder: Path, network: Path, pictures: list[bytes]) -> dict[str, Any]:
    """Interleave explain=none, the default and bare FastAPI at two concurrencies."""
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    bodies = [multipart(data) for data in pictures]
    with reasoned_server(folder) as ours, bare_server(network) as bare:
        series = {
            "explain=none": (
                ours,
                [request_bytes("/v1/predict?explain=none", b, kind) for b in bodies],
            ),
            "default": (ours, [request_bytes("/v1/predict", b, kind) for b in bodies]),
            "bare FastAPI": (bare, [request_bytes("/predict", b, kind) for b in bodies]),
        }
        return {f"concurrency {c}": _interleave(series, c) for c in (1, 16)}


def _interleave(
    series: dict[str, tuple[tuple[int, psutil.Process], list[bytes]]], concurrency: int
) -> dict[str, Any]:
    times: dict[str, list[float]] = {name: [] for name in series}
    cost: dict[str, list[float]] = {name: [] for name in series}
    seconds = dict.fromkeys(series, 0.0)
    for _ in range(ROUNDS):
        for name, ((port, process), requests) in series.items():
            before, began = cpu_seconds(process), time.perf_counter()
            times[name] += load(port, requests, PER_ROUND, concurrency)
            seconds[name] += time.perf_counter() - began
            cost[name].append(cpu_seconds(process) - before)
    found = {n: summary(times[n], seconds[n], sum(cost[n])) for n in series}
    base = found["explain=none"]
    for record in found.values():
        record["p50_ratio"] = round(record["p50_ms"] / base["p50_ms"], 3)
        record["cpu_ratio"] = round(record["cpu_us"] / base["cpu_us"], 3)
    return found


@contextlib.contextmanager
def reasoned_server(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Serve the model folder with one worker."""
    command = [sys.executable, "-m", "reasoned", "serve", str(folder), "--port"]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "BENTOML_HOME": home, "XDG_STATE_HOME": home}
        with server(command, environment, "/readyz") as started:
            yield started


@contextlib.contextmanager
def bare_server(network: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Serve the same network behind bare FastAPI."""
    command = [sys.executable, "-m", "uvicorn", "benchmarks.bare_fastapi:app"]
    command += ["--no-access-log", "--log-level", "warning", "--port"]
    environment = {**os.environ, "BARE_NETWORK": str(network)}
    with server(command, environment, "/openapi.json") as started:
        yield started


@contextlib.contextmanager
def server(
    command: list[str], environment: dict[str, str], ready: str
) -> Iterator[tuple[int, psutil.Process]]:
    """Start a server on a free port, wait until it answers, and stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [*command, str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}{ready}", process)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own server
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError(f"no answer from {url}; the server's exit code is {process.poll()}")


if __name__ == "__main__":
    main()
