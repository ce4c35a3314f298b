"""``reasoned audit``: take decisions out of the ledger, and see that nobody changed them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from reasoned.audit.export import Exported, check_out, export, wanted_rows
from reasoned.audit.manifest import MANIFEST, Asked
from reasoned.audit.rows import count
from reasoned.audit.verify import Expected, rows_of, verify
from reasoned.cli.ledger_opening import ledger_option, opened
from reasoned.cli.speaking import FINDING, say, spoken

EPILOG = """\b
Examples:
  reasoned audit export --out audit/2026-10 --since 2026-10-01 --until 2026-11-01
  reasoned audit verify audit/2026-10 --expect 0f3a5c77...
"""
_EXPORT = """Write decisions as Parquet files, one for each day, and a manifest.

Every row carries the digest of the row before it, so that none can be changed, removed,
added or moved unseen. The SHA-256 of the manifest is printed: keep it elsewhere, since
with it alone nobody can write a whole other export in place of this one. --replies adds
the replies themselves; without it their digests are there. Images are never exported.
Times are UTC. Ids of training images that were withheld later are in it: they are what
was answered.

\b
Examples:
  reasoned audit export --out audit/all
  reasoned audit export --out audit/day --day 2026-11-22 --tenant acme --replies
  reasoned audit export --out audit/next --after audit/all/manifest.json

\b
Exit codes:
  0  written
  2  it cannot be written; the message says why
"""
_VERIFY = """Look at every byte of an export and walk its chain.

\b
Examples:
  reasoned audit verify audit/all
  reasoned audit verify audit/next --expect 0f3a5c77... --after audit/all/manifest.json --json

\b
Exit codes:
  0  all is as it was written
  1  something is not; the first finding is told
  2  an argument cannot be used
"""
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S"])
_manifest = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(epilog=EPILOG)
def command() -> None:
    """Export decisions so that no change goes unseen, and verify exports."""


@command.command("export", help=_EXPORT)
@ledger_option
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A folder to be made.")
@click.option("--since", type=_MOMENT, help="From this time on.")
@click.option("--until", type=_MOMENT, help="Before this time, which must be past.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="One day that is over.")
@click.option("--tenant", help="One tenant's alone.")
@click.option("--replies", is_flag=True, help="The bytes of the replies, too.")
@click.option("--after", type=_manifest, help="Go on from the export with this manifest.")
@click.option("--replace", is_flag=True, help="Replace an export that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export_command(
    address: str | None,
    out: Path,
    after: Path | None,
    *,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401  click passes a mapping
) -> None:
    """Export, and print the manifest's digest."""
    replace = bool(chosen.pop("replace"))
    asked = _asked(**chosen)
    with opened(address) as ledger:
        check_out(out, replace=replace)
        wanted = wanted_rows(ledger, asked, after)
        with _progress(count(ledger, wanted), "Exporting") as told:
            found = export(ledger, wanted, out, replace=replace, told=told)
    say(_record(found, out), as_json=as_json, text=_text(found, out))


def _asked(
    since: datetime | None,
    until: datetime | None,
    day: datetime | None,
    tenant: str | None,
    *,
    replies: bool,
) -> Asked:
    if day is not None:
        if since is not None or until is not None:
            raise click.UsageError("--day stands for --since and --until; give it alone")
        since, until = day, day + timedelta(days=1)
    return Asked(since=_utc(since), until=_utc(until), tenant=tenant, replies=replies)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _record(found: Exported, out: Path) -> dict[str, object]:
    manifest = found.manifest
    return {
        "folder": str(out),
        "manifest_sha256": found.sha256,
        "rows": manifest.rows,
        "files": len(manifest.files),
        "chain": manifest.chain,
    }


def _text(found: Exported, out: Path) -> str:
    manifest = found.manifest
    return (
        f"{out}: {manifest.rows:,} decisions of {len(manifest.files)} days.\n"
        f"{found.sha256}  {out / MANIFEST}"
    )


@command.command("verify", help=_VERIFY)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--expect", metavar="SHA256", help="The manifest's digest, as it was printed.")
@click.option("--after", type=_manifest, help="The manifest of the export that it goes on from.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_command(folder: Path, expect: str | None, after: Path | None, *, as_json: bool) -> None:
    """Verify, and tell the first finding."""
    with spoken(), _progress(rows_of(folder), "Verifying") as told:
        found = verify(folder, Expected(expect, after), told)
    known = "" if expect is not None else " (of itself: without --expect, as far as it says)"
    text = found.finding or f"{folder}: {found.rows:,} decisions are as they were written{known}."
    record = {"folder": str(folder), "ok": found.finding is None}
    record |= {"finding": found.finding, "rows": found.rows}
    say(record, as_json=as_json, text=text)
    if found.finding is not None:
        sys.exit(FINDING)


@contextmanager
def _progress(rows: int, label: str) -> Iterator[Callable[[int], object]]:
    """Show how far it is, where somebody looks."""
    if not sys.stderr.isatty():
        yield lambda _rows: None
        return
    with click.progressbar(length=rows, label=label, file=sys.stderr) as shown:
        yield shown.update
