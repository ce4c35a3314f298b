"""The README's commands and examples run."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png
from reasoned.reply.schema import Reply

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("readme")
    (found / "models").mkdir()
    (found / "models" / "digit.png").write_bytes(png(open_dataset("digits").image(1700)))
    return found


@pytest.mark.slow
def test_the_commands_run_and_then_the_example(place: Path) -> None:
    (example,) = blocks("python")
    commands = "".join(blocks("sh")).replace("\\\n", " ")
    for line in commands.strip().splitlines():
        program, *arguments = line.split()
        assert program == "reasoned"
        subprocess.run([sys.executable, "-m", "reasoned", *arguments], cwd=place, check=True)
    page = (place / "models" / "digit.html").read_text(encoding="utf-8")
    assert "data:image/png;base64," in page

    said = subprocess.run(
        [sys.executable, "-c", example], cwd=place, check=True, capture_output=True, text=True
    )
    assert re.match(r"\d (supported|weak|out_of_support) The network says \d\.", said.stdout)


def test_the_reply_shown_is_a_reply() -> None:
    (shown,) = blocks("json")

    reply = Reply.model_validate(json.loads(shown))

    assert reply.explanation is not None
    assert reply.explanation.evidence[0].form == "path"


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z][a-z-]+)", README))))
def test_every_make_target_named_exists(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False)  # noqa: S607  make from the path

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
