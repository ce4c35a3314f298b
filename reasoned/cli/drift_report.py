"""``reasoned drift report``."""

from pathlib import Path

import click

from reasoned.cli.drift_subject import RUN_LENGTH, model_argument, read_reference
from reasoned.cli.ledger_opening import ledger_option, opened, tenant_option
from reasoned.cli.speaking import spoken
from reasoned.drift.live import LAST
from reasoned.drift.overview import read_overview
from reasoned.drift.status import stood_run_length
from reasoned.folder.checking import read_manifest
from reasoned.pages.drift_page import drift_page

EPILOG = """\b
Examples:
  reasoned drift report models/fashion --out drift.html
  reasoned drift report models/fashion --out drift.html --last 20000 --replace
"""


@click.command("report", epilog=EPILOG)
@model_argument
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--last",
    type=click.IntRange(1, 100_000),
    default=LAST,
    show_default=True,
    help="Show shares of so many requests.",
)
@tenant_option
@ledger_option
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
def command(
    model: Path, *, out: Path, last: int, tenant: str | None, address: str | None, replace: bool
) -> None:
    """Write where the detectors of a MODEL folder stand, and its alarms, as a page.

    The page needs nothing else; the service shows the same at /v1/drift.html.
    """
    if out.exists() and not replace:
        raise click.UsageError(f"--out {out} exists; pass --replace, or choose another")
    with spoken():
        reference, name = read_reference(model), read_manifest(model)[0].name
    with opened(address) as ledger:
        length = stood_run_length(ledger, reference.model) or RUN_LENGTH
        found = read_overview(ledger, reference, name, tenant=tenant, run_length=length, last=last)
    try:
        out.write_text(drift_page(found, links=False), encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--out {out} cannot be written: {error.strerror}") from error
    click.echo(f"{out}: {found.status.counted:,} requests, {len(found.alarms)} alarms")
