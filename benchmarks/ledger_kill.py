"""A process that records as a service does is killed; what is lost is counted.

A row is accounted for if it is in the ledger, or was put within the last 200 milliseconds
before the kill, not counting the time that transactions took since then.
"""

import dataclasses
import multiprocessing
import os
import struct
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, final

import numpy as np
from sqlalchemy import event, select, text

from benchmarks.ledger_rows import Rows
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import DECISION
from reasoned.ledger.writer import LedgerWriter

EVERY: Final = 0.2  # seconds between two transactions
_ENTRY: Final = struct.Struct("<cqd")
_PUT: Final = b"p"
_BEGAN: Final = b"b"
_ENDED: Final = b"e"
_PAUSE: Final = 0.005
_PER_PAUSE: Final = 10  # rows: two thousand in a second


@final
@dataclasses.dataclass(frozen=True)
class Killed:
    """What was found after one kill.

    Attributes
    ----------
    put, lost
        Rows that the writer had taken, and those of them that are not in the ledger.
    unaccounted
        Rows that are lost though they were put early enough, or out of order.
    intact
        Whether the database says that it is.
    window
        How long before the kill the oldest lost row was put, in seconds.

    """

    put: int
    lost: int
    unaccounted: int
    intact: bool
    window: float


def record(address: str, log: Path, seed: int) -> None:
    """Record rows without end, and note each in a file once it is put."""
    notes = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def note(kind: bytes, number: int = 0) -> None:
        os.write(notes, _ENTRY.pack(kind, number, time.monotonic()))

    ledger = Ledger.open(address)
    event.listen(ledger.engine, "begin", lambda _: note(_BEGAN))
    writer = LedgerWriter(
        ledger, most_waiting=10_000, every=EVERY, afterwards=[lambda: note(_ENDED)]
    )
    writer.start()
    rows = Rows(np.random.default_rng(seed))
    number = 0
    while True:
        for _ in range(_PER_PAUSE):
            if writer.put(rows.one(f"{seed:08x}{number:024x}")):
                note(_PUT, number)
            number += 1
        time.sleep(_PAUSE)


def kill_once(address: str, log: Path, seed: int, *, rows: int, grace: float) -> Killed:
    """Start a recording process, kill it once it has put so many rows, and look.

    Parameters
    ----------
    address
        Of the ledger.
    log
        A file that is not there yet.
    seed
        Of the rows; it tells the rounds apart.
    rows
        After so many the kill comes.
    grace
        Seconds by which a busy machine may wake the writer late.

    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__])
    process = context.Process(target=record, args=(address, log, seed), daemon=True)
    process.start()
    until = time.monotonic() + 60.0
    while not log.exists() or log.stat().st_size < rows * _ENTRY.size:
        if not process.is_alive() or time.monotonic() > until:
            raise RuntimeError(f"the recording process ended by itself ({process.exitcode})")
        process.join(0.01)
    process.kill()
    process.join()
    return _looked_at(address, log.read_bytes(), seed, grace)


def _looked_at(address: str, noted: bytes, seed: int, grace: float) -> Killed:
    whole = len(noted) - len(noted) % _ENTRY.size
    entries = list(_ENTRY.iter_unpack(noted[:whole]))
    put = [(number, at) for kind, number, at in entries if kind == _PUT]
    ledger = Ledger.open(address)
    with ledger.engine.connect() as connection:
        said = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        mine = select(DECISION.c.id).where(DECISION.c.id.startswith(f"{seed:08x}"))
        found = list(connection.execute(mine.order_by(DECISION.c.seq)).scalars())
    ledger.close()
    held = [int(name[8:], 16) for name in found]
    # The last may have been put, and even written, before it could be noted.
    prefix = held[: len(put)] == [number for number, _ in put][: len(held)]
    lost = put[len(held) :]
    killed = entries[-1][2]
    late = [at for _, at in lost if killed - at - _writing(entries, at) > EVERY + grace]
    unaccounted = len(late) if prefix else len(put)
    window = killed - lost[0][1] if lost else 0.0
    return Killed(len(put), len(lost), unaccounted, said == ["ok"], window)


def _writing(entries: Sequence[tuple[bytes, int, float]], since: float) -> float:
    """Sum the seconds since a moment in which a transaction was under way."""
    total, began = 0.0, None
    for kind, _, at in entries:
        if kind == _BEGAN and began is None:
            began = at
        elif kind == _ENDED and began is not None:
            total += max(0.0, at - max(began, since))
            began = None
    if began is not None:
        total += entries[-1][2] - max(began, since)
    return total
