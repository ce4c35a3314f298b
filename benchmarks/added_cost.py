"""What the ledger and the detectors add to a request: CPU in process, and over HTTP.

In process: the CPU of the whole process, its writer's thread included, while the same images
are answered with and without recording, in turns. Over HTTP: the CPU of two servers under the
same load in turns, one with ledger and detectors, one with both off; servers on one core, the
load on another.
"""

import argparse
import contextlib
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.bench import server
from benchmarks.http_load import cpu_seconds, load, request_bytes
from benchmarks.machine import header
from explainers.arrays import ByteArray
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png
from reasoned.model import ExplainedModel
from reasoned.reply.options import DEFAULT
from service.arrival import Arrival
from service.pictures import EncodedPicture
from service.recorded import Records
from service.settings import Settings
from service.telling import Told

ROUNDS = 10
PER_ROUND = 2000
HTTP_ROUNDS = 10
HTTP_PER_ROUND = 2000
CORES = 2
SETTLES = 1.3  # seconds until what waits is written and counted; sleep takes no CPU


def main() -> None:
    """Measure both, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    model = ExplainedModel.load(given.model)
    if model.reference is None:
        raise SystemExit(f"{given.model} has no drift reference, so detectors would cost nothing")
    dataset = open_dataset(model.manifest.data.spec, data_dir=given.data_dir)
    rows = np.random.default_rng(0).choice(len(dataset), 512, replace=False).tolist()
    images = [dataset.image(row) for row in rows]
    found = {**header(), "in_process": in_process(model, images), "http": http(given.model, images)}
    given.out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


def in_process(model: ExplainedModel, images: list[ByteArray]) -> dict[str, Any]:
    """Give the CPU microseconds per request with and without, and what is added."""
    files = [EncodedPicture(png(image)) for image in images]
    pairs = list(zip(files, images, strict=True))
    cost: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as place:
        records = Records.open(model, Settings(ledger=f"{place}/ledger.sqlite3"))
        if records is None:
            raise SystemExit("the ledger is off")
        records.start()
        try:
            numbers = itertools.count()
            for turn in range(2 * ROUNDS):
                cost[turn % 2 == 0].append(_round(model, pairs, records, numbers, turn % 2 == 0))
        finally:
            records.stop()
    with_, without = (1e6 * float(np.median(cost[key])) / PER_ROUND for key in (True, False))
    return {
        "requests": 2 * ROUNDS * PER_ROUND,
        "with_us": round(with_, 1),
        "without_us": round(without, 1),
        "added_us": round(with_ - without, 1),
    }


def _round(
    model: ExplainedModel,
    pairs: list[tuple[EncodedPicture, ByteArray]],
    records: Records,
    numbers: Iterator[int],
    recorded: bool,  # noqa: FBT001  the two sides of the comparison
) -> float:
    began = time.process_time()
    for i in range(PER_ROUND):
        picture, image = pairs[i % len(pairs)]
        identity = f"{next(numbers):032x}"
        answered = model.answer(image, DEFAULT, request_id=identity)
        if recorded:
            arrival = Arrival(identity, 0.0)
            records.observe(Told(arrival, DEFAULT, picture, image, answered, 20, "full"))
    records.flushed()
    time.sleep(SETTLES)
    return time.process_time() - began


def http(folder: Path, images: list[ByteArray]) -> dict[str, Any]:
    """Load two servers in turns; give the CPU of each per request, and the ratio."""
    requests = [request_bytes("/v1/predict", *_multipart(png(image))) for image in images]
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        kinds = {
            "on": {"REASONED_LEDGER": f"{place}/ledger.sqlite3"},
            "off": {"REASONED_LEDGER": "off"},
        }
        servers = {name: stack.enter_context(_server(folder, s)) for name, s in kinds.items()}
        _part(servers)
        cost: dict[str, list[float]] = {name: [] for name in servers}
        for _turn in range(HTTP_ROUNDS + 2):
            for name, (port, process) in servers.items():
                before = cpu_seconds(process)
                load(port, requests, HTTP_PER_ROUND, 8)
                time.sleep(SETTLES)
                cost[name].append(cpu_seconds(process) - before)
        used = {name: np.array(found[2:]) / HTTP_PER_ROUND for name, found in cost.items()}
        return {
            "requests": HTTP_ROUNDS * HTTP_PER_ROUND,
            "on_us": round(1e6 * float(np.median(used["on"])), 1),
            "off_us": round(1e6 * float(np.median(used["off"])), 1),
            "cpu_ratio": round(float(used["on"].sum() / used["off"].sum()), 4),
            "median_ratio": round(float(np.median(used["on"] / used["off"])), 4),
        }


def _part(servers: dict[str, tuple[int, psutil.Process]]) -> None:
    """Give the servers one core and the load another: a shared cache makes each look slower."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < CORES:
        return
    for _, process in servers.values():
        for one in (process, *process.children(recursive=True)):
            for thread in one.threads():
                os.sched_setaffinity(thread.id, {cores[0]})
    os.sched_setaffinity(0, {cores[1]})


def _multipart(data: bytes) -> tuple[bytes, str]:
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="i.png"\r\n'
    body = head + b"Content-Type: image/png\r\n\r\n" + data + b"\r\n--b--\r\n"
    return body, "multipart/form-data; boundary=b"


@contextlib.contextmanager
def _server(folder: Path, settings: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    command = [sys.executable, "-m", "reasoned", "serve", str(folder), "--port"]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "BENTOML_HOME": home, **settings}
        with server(command, environment, "/readyz") as started:
            yield started


if __name__ == "__main__":
    main()
