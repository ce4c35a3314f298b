"""``reasoned drift status``."""

import dataclasses
from pathlib import Path

import click

from reasoned.cli.drift_subject import RUN_LENGTH, model_argument, read_reference
from reasoned.cli.ledger_opening import json_option, ledger_option, opened
from reasoned.cli.ledger_words import when
from reasoned.cli.speaking import say, share, spoken, table
from reasoned.drift.display import Display, Divergence, Ratio, display_of
from reasoned.drift.live import LAST, Share, read_live
from reasoned.drift.status import MonitorStatus, read_status, stood_run_length

CHANGED = 20
EPILOG = """\b
Examples:
  reasoned drift status models/fashion
  reasoned drift status models/fashion --last 20000 --json
"""


@click.command("status", epilog=EPILOG)
@model_argument
@click.option(
    "--last",
    type=click.IntRange(1, 100_000),
    default=LAST,
    show_default=True,
    help="Show shares of so many requests.",
)
@ledger_option
@json_option
def command(model: Path, last: int, address: str | None, *, as_json: bool) -> None:
    """Say where the detectors of a MODEL folder stand, and show the last requests.

    An alarm is raised where evidence comes to its threshold. PSI, JS and intervals are to look at:
    nothing is decided by them, and they are left out where there are too few requests.
    """
    with spoken():
        reference = read_reference(model)
    with opened(address) as ledger:
        length = stood_run_length(ledger, reference.model) or RUN_LENGTH
        with ledger.engine.connect() as connection:
            live = read_live(connection, reference, last)
        status = read_status(ledger, reference, run_length=length, live=live)
    shown = display_of(live, reference)
    record = dataclasses.asdict(status) | {"run_length": length}
    record |= {"display": dataclasses.asdict(shown)}
    say(record, as_json=as_json, text=_text(model, status, shown, length))


def _text(model: Path, status: MonitorStatus, shown: Display, length: int) -> str:
    looked = "never" if status.updated is None else f"{when(status.updated)} UTC"
    head = f"{model}: {status.counted:,} requests counted, {status.lag:,} rows to look at"
    lines = [
        f"{head}, last looked {looked}.",
        f"False alarms come at least {length:,} requests apart, on average.",
        "",
        table([("signal", "evidence", "of", "alarms", "requests"), *_signals(status)]),
        "",
        f"The last {shown.n:,} requests:",
    ]
    if not shown.n:
        return "\n".join(lines[:-2])
    lines += [table([("share", "live", "95 %", "reference", "bound"), *map(_ratio, shown.ratios)])]
    lines += ["", table([("shares", "PSI", "JS", "K", "n"), *map(_far, shown.divergences)])]
    lines += ["", table([("most changed", "", "live", "reference"), *_changed(shown.shares)])]
    return "\n".join(lines)


def _signals(status: MonitorStatus) -> list[tuple[str, ...]]:
    return [
        (s.name, f"10^{s.evidence:.1f}", f"10^{s.threshold:.1f}", str(s.alarms), f"{s.counted:,}")
        for s in status.signals
    ]


def _ratio(ratio: Ratio) -> tuple[str, ...]:
    interval = f"{share(ratio.low)} to {share(ratio.high)}"
    return ratio.name, share(ratio.live), interval, share(ratio.reference), share(ratio.bound)


def _far(found: Divergence) -> tuple[str, ...]:
    if found.grey:
        return found.name, "too few", "", str(found.cells), f"{found.n:,}"
    return found.name, f"{found.psi:.3f}", f"{found.js:.3f}", str(found.cells), f"{found.n:,}"


def _changed(shares: tuple[Share, ...]) -> list[tuple[str, ...]]:
    order = sorted(shares, key=lambda one: -abs(one.live - one.reference))[:CHANGED]
    return [(one.kind, one.key, share(one.live), share(one.reference)) for one in order]
