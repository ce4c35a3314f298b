import json
import re
from pathlib import Path

import click
import pytest

from reasoned.cli.main import cli
from service.settings import PREFIX, Settings
from tests.deploy.promql import DEPLOY, alerts

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
FLAT = " ".join(TEXT.split())
PARTS = {part.partition("\n")[0]: part for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]}
COMMANDS = sorted(set(re.findall(r"`reasoned ([a-z]+ [a-z][^`]*)`", FLAT)))
PICTURES = [
    (board, title)
    for board, rest in re.findall(r"board \*(\w+)\*,? ?([^.]*)", FLAT)
    for title in re.findall(r'"([^"]+)"', rest)
]


def test_every_alert_has_its_part_and_there_is_no_other() -> None:
    assert sorted(PARTS) == sorted(alerts())


@pytest.mark.parametrize("name", PARTS)
def test_a_part_says_what_it_means_where_to_look_and_what_to_do(name: str) -> None:
    for word in ("Means", "Look", "Do"):
        assert f"**{word}.**" in PARTS[name]
    assert f"*{alerts()[name]['labels']['severity']}.*" in PARTS[name]


@pytest.mark.parametrize("written", COMMANDS)
def test_every_command_is_one(written: str) -> None:
    words = written.split()
    group = cli.get_command(click.Context(cli), words[0])
    assert isinstance(group, click.Group)
    command = group.get_command(click.Context(group), words[1])
    assert command is not None
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}

    assert {word for word in words if word.startswith("--")} <= known


def test_every_setting_is_one() -> None:
    named = set(re.findall(rf"`{PREFIX}([A-Z_]+)", TEXT))

    assert {name.lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.parametrize(("board", "title"), PICTURES)
def test_every_picture_is_on_its_board(board: str, title: str) -> None:
    path = DEPLOY / "grafana" / "dashboards" / f"{board}.json"
    panels = json.loads(path.read_text(encoding="utf-8"))["panels"]

    assert any(panel["title"].startswith(title) for panel in panels)


def test_there_is_something_to_check() -> None:
    assert len(COMMANDS) >= 8
    assert len(PICTURES) >= 8
