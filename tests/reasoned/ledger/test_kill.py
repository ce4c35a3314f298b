"""What is left of a ledger whose writer is killed."""

from pathlib import Path

from benchmarks.ledger_kill import kill_once


def test_a_killed_process_loses_only_what_was_put_last(tmp_path: Path) -> None:
    """Twenty times over one database; a busy machine may wake the writer late."""
    address = str(tmp_path / "ledger.sqlite3")

    # The rows differ, so that the kills fall before, within and after a transaction; some run
    # for longer than a loss would be forgiven.
    rounds = [
        kill_once(address, tmp_path / f"{seed}.log", seed, rows=rows, grace=0.4)
        for seed, rows in enumerate([300, 410, 520, 630, 2400] * 4)
    ]

    assert all(found.intact for found in rounds)
    assert sum(found.unaccounted for found in rounds) == 0
    assert sum(found.put for found in rounds) > 20 * 300
    # Without any loss the kill would have tested nothing.
    assert sum(found.lost for found in rounds) > 0
