"""``reasoned ledger stats``, ``prune``, ``vacuum`` and ``backup``: the ledger as a whole."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import click

from reasoned.cli.ledger_opening import json_option, ledger_option, opened, tenant_option
from reasoned.cli.speaking import table
from reasoned.drift.display import wilson
from reasoned.ledger.retention import Retention
from reasoned.ledger.statistics import LedgerStatistics, Ratio, read_statistics
from reasoned.ledger.upkeep import back_up, vacuum

_EVER: Final = 36_500.0  # days
_CLASSES: Final = 20  # that are listed
_PRUNE_EPILOG = """\b
Examples:
  reasoned ledger prune --days 30
  reasoned ledger prune --rows 100000 --bytes 1000000000
"""
_BACKUP_EPILOG = """\b
Examples:
  reasoned ledger backup /backups/ledger-2026-11-22.sqlite3
"""


@click.command("stats", short_help="Count the decisions.")
@ledger_option
@tenant_option
@json_option
def stats_command(address: str | None, tenant: str | None, *, as_json: bool) -> None:
    """Count the decisions: by status, how often explanations agreed, what feedback said.

    Agreement is counted on the even sample alone, with its 95 % Wilson interval.
    """
    with opened(address) as ledger:
        found = read_statistics(ledger, tenant)
    click.echo(json.dumps(_counted(found), indent=2) if as_json else _text(found))


@click.command("prune", short_help="Delete the oldest decisions.", epilog=_PRUNE_EPILOG)
@click.option("--days", type=click.FloatRange(0, min_open=True), help="Delete what is older.")
@click.option("--rows", type=click.IntRange(1), help="Keep so many at the most.")
@click.option("--bytes", "volume", type=click.IntRange(1), help="Keep so many bytes at the most.")
@ledger_option
@json_option
def prune_command(
    days: float | None,
    rows: int | None,
    volume: int | None,
    address: str | None,
    *,
    as_json: bool,
) -> None:
    """Delete the oldest decisions, with all that was said of them; `vacuum` then frees the disk."""
    if days is None and rows is None and volume is None:
        raise click.UsageError("wanted at least one of --days, --rows and --bytes")
    with opened(address) as ledger:
        bounds = Retention(days or _EVER, rows or sys.maxsize, volume or sys.maxsize)
        gone = sum(iter(lambda: bounds.apply(ledger), 0))
        left = ledger.size()
    record = {"deleted": gone, "rows": left.rows, "bytes": left.bytes}
    text = f"{gone:,} decisions deleted; {left.rows:,} are left, {left.bytes:,} bytes."
    click.echo(json.dumps(record) if as_json else text)


@click.command("vacuum", short_help="Free the disk of what is deleted.")
@ledger_option
def vacuum_command(address: str | None) -> None:
    """Give the disk back what deleted decisions took; a SQLite file is written anew.

    Meanwhile nothing is written: a service keeps its answers waiting, as many as its queue
    holds.
    """
    with opened(address) as ledger:
        vacuum(ledger)
    click.echo("The ledger is as small as it can be.")


@click.command(
    "backup", short_help="Copy a SQLite ledger while it is in use.", epilog=_BACKUP_EPILOG
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@ledger_option
def backup_command(file: Path, address: str | None) -> None:
    """Copy a SQLite ledger to a new FILE, while it is in use."""
    with opened(address) as ledger:
        back_up(ledger, file)
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


def _counted(found: LedgerStatistics) -> dict[str, Any]:
    """Write the figures with the intervals of the shares, for a machine."""
    record = found.model_dump(mode="json")
    for name in ("agreement", "wrong", "useful"):
        ratio: Ratio = getattr(found, name)
        record[name]["interval"] = wilson(ratio.count, ratio.of) if ratio.of else None
    return record


def _text(found: LedgerStatistics) -> str:
    volume = "" if found.bytes is None else f", {found.bytes:,} bytes"
    rows = [("decisions", f"{found.decisions:,}{volume}")]
    if found.first is not None and found.last is not None:
        rows.append(
            ("answered", f"{found.first:%Y-%m-%d %H:%M} to {found.last:%Y-%m-%d %H:%M} UTC")
        )
    rows += [(f"status {name}", f"{count:,}") for name, count in found.statuses.items()]
    rows += [(f"class {name}", f"{count:,}") for name, count in found.classes.items()][:_CLASSES]
    rows += [(f"model {name[:12]}", f"{count:,}") for name, count in found.models.items()]
    rows += [
        ("first choice agrees", _share(found.agreement)),
        ("feedback on", f"{found.feedback:,} decisions"),
        ("wrong by feedback", _share(found.wrong)),
        ("useful by feedback", _share(found.useful)),
    ]
    return table(rows)


def _share(ratio: Ratio) -> str:
    if not ratio.of:
        return "-"
    low, high = wilson(ratio.count, ratio.of)
    share = f"{100 * ratio.count / ratio.of:.2f} %"
    return f"{share} ({ratio.count:,} of {ratio.of:,}; 95 %: {100 * low:.2f} to {100 * high:.2f} %)"
