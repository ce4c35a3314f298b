"""``reasoned replay``: whether a recorded answer comes out the same again."""

import json
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import click

from reasoned.cli.ledger_opening import ledger_option, opened
from reasoned.cli.speaking import FINDING, OK, USAGE, say
from reasoned.errors import ReplayError
from reasoned.model import ExplainedModel
from reasoned.replay.disclosed import read_ids
from reasoned.replay.replay import Replay
from reasoned.replay.session import Counts, ReplaySession

_HELP = """Compute a recorded answer again, and say whether it is equal.

ID is the reply's id, or what the client called the request. The answer is made from the
image or the activations that the ledger keeps (REASONED_LEDGER_KEEP=image or activations),
with the same id and options and under the same disclosure of training images, and compared
step by step, in the order of the work. A deadline is left aside: what it left out is said
and not compared. On another kind of processor the last digits of a network's numbers may
differ; activations leave the network out.

\b
Examples:
  reasoned replay 3f0c9a... --model models/fashion
  reasoned replay 3f0c9a... --model models/fashion --ledger ledger.sqlite3 --json
  reasoned replay --all --model models/fashion --since 2026-11-01 --limit 100

\b
Exit codes:
  0  equal
  1  something differs; the first step that does is named
  2  it cannot be replayed: another model, or too little is kept
"""
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S"])


@click.command("replay", help=_HELP)
@click.argument("name", metavar="ID", required=False)
@click.option(
    "--model",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the model that answered.",
)
@ledger_option
@click.option("--all", "many", is_flag=True, help="Replay many, the newest first, and count.")
@click.option("--since", type=_MOMENT, help="With --all: none before this time, in UTC.")
@click.option("--limit", type=click.IntRange(1), help="With --all: so many at the most.")
@click.option(
    "--opt-out-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ids that were withheld, beside those in the ledger, as REASONED_OPT_OUT_FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    name: str | None,
    folder: Path,
    *,
    address: str | None,
    opt_out_file: Path | None,
    many: bool,
    as_json: bool,
    **bounds: Any,  # noqa: ANN401  click passes a mapping
) -> None:
    """Replay one decision, or many."""
    since, limit = bounds["since"], bounds["limit"]
    _check_usage(name, many=many, bounded=since is not None or limit is not None)
    with opened(address) as ledger:
        also = frozenset[str]() if opt_out_file is None else read_ids(opt_out_file)
        session = ReplaySession(ledger, ExplainedModel.load(folder), also)
        if name is not None:
            sys.exit(_one(session, name, as_json=as_json))
        start = None if since is None else since.replace(tzinfo=UTC).timestamp()
        sys.exit(_many(session, start, limit, as_json=as_json))


def _check_usage(name: str | None, *, many: bool, bounded: bool) -> None:
    if (name is None) != many:
        raise click.UsageError("name one decision by its ID, or give --all")
    if bounded and not many:
        raise click.UsageError("--since and --limit come with --all")


def _one(session: ReplaySession, name: str, *, as_json: bool) -> int:
    found = session.replay(session.find(name))
    say(_record(found), as_json=as_json, text=_text(found))
    return OK if found.equal else FINDING


def _record(found: Replay) -> dict[str, object]:
    return {
        "id": found.id,
        "equal": found.equal,
        "kept": found.kept,
        "step": found.step,
        "finding": found.finding,
        "bytes_compared": found.bytes_compared,
        "left_out": list(found.left_out),
    }


def _text(found: Replay) -> str:
    made = f"from the stored {found.kept}"
    verdict = (
        f"{found.id}: equal, {'byte for byte, ' if found.bytes_compared else ''}{made}."
        if found.equal
        else f"{found.id}: {made} it differs first at {found.step}: {found.finding}"
    )
    return "\n".join([verdict, *(f"  Not compared: {words}." for words in found.left_out)])


def _many(session: ReplaySession, since: float | None, limit: int | None, *, as_json: bool) -> int:
    counts, first = Counts(), list[str]()
    for found in session.all(since, limit):
        counts.add(found)
        if isinstance(found, ReplayError):
            first = first or [str(found)]
        elif not found.equal and not as_json:
            click.echo(_text(found))
    record = {
        "replayed": counts.replayed,
        "equal": counts.equal,
        "byte_for_byte": counts.whole,
        "differing": dict(counts.differing),
        "not_replayed": counts.refused,
        "first_reason": first[0] if first else None,
    }
    click.echo(json.dumps(record, indent=2) if as_json else _counted(counts, first))
    if counts.differing:
        return FINDING
    return OK if counts.replayed else USAGE


def _counted(counts: Counts, first: list[str]) -> str:
    equal = f"{counts.equal} of {counts.replayed} replays are equal"
    lines = [f"{equal}, {counts.whole} of them byte for byte."]
    if counts.refused:
        lines.append(f"{counts.refused} could not be replayed; the first: {first[0]}")
    return "\n".join(lines)
