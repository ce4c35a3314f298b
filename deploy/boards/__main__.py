"""``python -m deploy.boards``: write the dashboards for Grafana."""

import json
from pathlib import Path
from typing import Final

import click

from deploy.boards import drift, explanations, service
from deploy.boards.board import Board

BOARDS: Final = (explanations.BOARD, drift.BOARD, service.BOARD)
EPILOG: Final = """\b
Examples:
  python -m deploy.boards --out deploy/grafana/dashboards
"""


def text_of(board: Board) -> str:
    """Give the text of a dashboard's file."""
    return json.dumps(board.record(), indent=1, ensure_ascii=False) + "\n"


@click.command(epilog=EPILOG)
@click.option(
    "--out",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that Grafana reads.",
)
def command(out: Path) -> None:
    """Write each dashboard into a file of its own."""
    for board in BOARDS:
        path = out / f"{board.name}.json"
        path.write_text(text_of(board), encoding="utf-8")
        click.echo(f"{path}: {len(board.panels)} panels")


if __name__ == "__main__":
    command()
