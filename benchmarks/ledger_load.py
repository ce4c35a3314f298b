"""What the ledger does under load: ``python -m benchmarks.ledger_load --out FILE``.

Rows cite ten of 2,000 things and have a reply of 7,000 bytes. The database lies in a folder
that is deleted at the end.
"""

import argparse
import functools
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.ledger_kill import kill_once
from benchmarks.ledger_rows import REPLY_BYTES, Rows
from benchmarks.machine import header
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.query import Query
from reasoned.ledger.reading import read
from reasoned.ledger.retention import Retention
from reasoned.ledger.search import search

BATCH: Final = 200
SMALL_BATCH: Final = 50
READS: Final = 2_000
KILLS: Final = 20
_TENANT: Final = "default"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ledger", dir=asked.folder) as made:
        found = header() | measure(Path(made), asked.rows)
    asked.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


def measure(folder: Path, rows: int) -> dict[str, Any]:
    file = folder / "ledger.sqlite3"
    ledger = Ledger.open(str(file))
    generator = np.random.default_rng(7)
    ids = names()
    found: dict[str, Any] = {"rows": rows, "reply_bytes": REPLY_BYTES}
    found["cpu_us_per_row_young"] = writing_cost(ledger, generator, ids)
    found |= fill(ledger, generator, ids, rows)
    found["bytes_per_row"] = taken(file) / ledger.size().rows
    found["tally_bytes_per_row"] = ledger.size().bytes / ledger.size().rows
    found["cpu_us_per_row_full"] = writing_cost(ledger, generator, ids)
    found |= reading(ledger, generator, rows)
    found["delete_us_per_row"] = deleting(ledger)
    ledger.close()
    found["bytes_per_row_without_replies"] = plain_size(
        folder / "plain.sqlite3", min(rows, 100_000)
    )
    return found | killing(folder)


def names() -> Iterator[str]:
    """Name requests as the service does: 32 hexadecimal digits in no order."""
    number = 0
    while True:
        yield name_of(number)
        number += 1


def name_of(number: int) -> str:
    """Scatter numbers by a map that is one to one."""
    odd = 0x9E3779B97F4A7C15F39CC0605CEDC835
    return f"{number * odd % (1 << 128):032x}"


def fill(
    ledger: Ledger, generator: np.random.Generator, ids: Iterator[str], rows: int
) -> dict[str, Any]:
    """Write rows up to a number, making them on the way; say how many came in a second."""
    source = Rows(generator)
    before, began, marks = ledger.size().rows, time.perf_counter(), [(0.0, 0)]
    used = time.process_time()
    written = 0
    while before + written < rows:
        some = min(BATCH, rows - before - written)
        ledger.write([source.one(next(ids)) for _ in range(some)])
        written += some
        if time.perf_counter() - began > marks[-1][0] + 20.0:
            marks.append((time.perf_counter() - began, written))
            print(f"{before + written} rows, {written / marks[-1][0]:.0f} a second", flush=True)
    seconds = time.perf_counter() - began
    spans = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.pairwise(marks)]
    return {
        "ledger_rows_per_second": written / seconds,
        "slowest_twenty_seconds": min(spans, default=written / seconds),
        "seconds": seconds,
        "cpu_us_per_row_with_making": 1e6 * (time.process_time() - used) / written,
    }


def writing_cost(
    ledger: Ledger, generator: np.random.Generator, ids: Iterator[str]
) -> dict[str, float]:
    """Say what writing alone costs of the processor, in microseconds per row."""
    source, found = Rows(generator), {}
    for size in (SMALL_BATCH, BATCH):
        batches = [[source.one(next(ids)) for _ in range(size)] for _ in range(4000 // size)]
        ledger.write(batches.pop())
        used = time.thread_time()
        for batch in batches:
            ledger.write(batch)
        found[f"batches_of_{size}"] = 1e6 * (time.thread_time() - used) / (size * len(batches))
    return found


def reading(ledger: Ledger, generator: np.random.Generator, rows: int) -> dict[str, float]:
    chosen = [name_of(int(number)) for number in generator.integers(0, rows, READS)]
    wanted = [Query(cited=("example", f"train-{number:06d}"), limit=50) for number in range(200)]

    def by_id(name: str) -> None:
        if read(ledger, name, _TENANT) is None:
            raise RuntimeError(f"{name} was written and is not found")

    ids = timed([functools.partial(by_id, name) for name in chosen])
    cited = timed([functools.partial(search, ledger, query) for query in wanted])
    return {
        "by_id_p50_ms": quantile(ids, 0.5),
        "by_id_p99_ms": quantile(ids, 0.99),
        "cited_p50_ms": quantile(cited, 0.5),
        "cited_p99_ms": quantile(cited, 0.99),
    }


def timed(calls: Sequence[Callable[[], object]]) -> list[float]:
    found = []
    for call in calls:
        began = time.perf_counter()
        call()
        found.append(1e3 * (time.perf_counter() - began))
    return found


def quantile(values: Sequence[float], share: float) -> float:
    return float(np.quantile(values, share, method="higher"))


def deleting(ledger: Ledger) -> float:
    """Say what deleting costs of the processor, in microseconds per row."""
    retention = Retention(days=1e6, rows=ledger.size().rows - 5_000, bytes=10**15)
    used = time.thread_time()
    gone = retention.apply(ledger)
    return 1e6 * (time.thread_time() - used) / gone


def plain_size(file: Path, rows: int) -> float:
    """Say how large a row without a reply is, with its indexes and citations."""
    ledger, ids = Ledger.open(str(file)), names()
    source = Rows(np.random.default_rng(8), replies=False)
    for _ in range(0, rows, BATCH):
        ledger.write([source.one(next(ids)) for _ in range(BATCH)])
    held = ledger.size().rows
    ledger.close()
    return taken(file) / held


def taken(file: Path) -> int:
    """Say how large a database is, without what waits in its log to be copied into it."""
    return file.stat().st_size


def killing(folder: Path) -> dict[str, Any]:
    address = str(folder / "killed.sqlite3")
    rounds = [
        kill_once(address, folder / f"{seed}.log", seed, rows=1200 + 137 * seed % 700, grace=0.1)
        for seed in range(KILLS)
    ]
    return {
        "kill9_times": KILLS,
        "kill9_put_rows": sum(found.put for found in rounds),
        "kill9_lost_rows": sum(found.lost for found in rounds),
        "kill9_oldest_lost_ms": 1e3 * max(found.window for found in rounds),
        "kill9_intact": all(found.intact for found in rounds),
        "kill9_lost_rows_unaccounted": sum(found.unaccounted for found in rounds),
    }


if __name__ == "__main__":
    main()
