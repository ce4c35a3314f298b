"""``reasoned drift alarms``."""

import dataclasses
import json
import sys
from pathlib import Path

import click

from reasoned.cli.drift_subject import model_argument
from reasoned.cli.ledger_opening import json_option, ledger_option, opened, tenant_option
from reasoned.cli.ledger_words import when
from reasoned.cli.speaking import FINDING, share, spoken
from reasoned.drift.alarms import Alarm, read
from reasoned.drift.change import Contributor
from reasoned.folder.checking import read_manifest

EPILOG = """\b
Examples:
  reasoned drift alarms models/fashion
  reasoned drift alarms models/fashion --tenant hospital --limit 5 --json
  reasoned drift alarms models/fashion --check || echo "somebody should look"
"""
_RAISED = (
    "Evidence and shares are of when an alarm was raised; its requests go on while the change "
    "does,\nuntil `reasoned drift acknowledge`."
)


@click.command("alarms", epilog=EPILOG)
@model_argument
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--check", is_flag=True, help="Exit with 1 where one is not acknowledged.")
@tenant_option
@ledger_option
@json_option
def command(
    model: Path, limit: int, tenant: str | None, address: str | None, *, check: bool, as_json: bool
) -> None:
    """List the alarms of a MODEL folder, the newest first; with --json one line each."""
    with spoken():
        _, sha256 = read_manifest(model)
    with opened(address) as ledger:
        alarms = read(ledger, sha256, tenant, most=limit)
    for alarm in alarms:
        click.echo(json.dumps(alarm_record(alarm)) if as_json else alarm_text(alarm))
    if not as_json:
        click.echo(_RAISED if alarms else "No alarm was raised.", err=bool(alarms))
    if check and any(alarm.acknowledged is None for alarm in alarms):
        sys.exit(FINDING)


def alarm_record(alarm: Alarm) -> dict[str, object]:
    """Write an alarm for a machine."""
    fields = {f.name: getattr(alarm, f.name) for f in dataclasses.fields(alarm)}
    return fields | {"contributors": [one.model_dump() for one in alarm.contributors]}


def alarm_text(alarm: Alarm) -> str:
    """Write an alarm for a person."""
    seen = "not acknowledged"
    if alarm.acknowledged is not None:
        seen = f"acknowledged {when(alarm.acknowledged)} UTC"
    evidence = f"evidence 10^{alarm.evidence:.1f} of 10^{alarm.threshold:.1f}"
    where = f"requests {alarm.first_seq} to {alarm.last_seq}"
    head = f"{alarm.number}  {when(alarm.at)} UTC  {alarm.signal}"
    lines = [f"{head}: {evidence}, {where}, {seen}"]
    lines += [f"     {_contributor(one)}" for one in alarm.contributors]
    if alarm.examples:
        lines.append(f"     see {', '.join(alarm.examples[:5])}")
    return "\n".join(lines)


def _contributor(one: Contributor) -> str:
    live = f"{share(one.live)} of {one.n:,}"
    word = "above" if one.side == "above" else "below"
    bound = one.bound if one.side == "above" else 1.0 - one.bound
    return (
        f"{one.member}: {live}, {word} {share(bound)}; the reference had {share(one.reference)} "
        f"(10^{one.evidence:.1f})"
    )
