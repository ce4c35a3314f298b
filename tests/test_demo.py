"""`make demo`, without the setting up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reasoned.reply.schema import Reply
from tests.service.live_server import free_port

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_it_fits_serves_posts_and_prints(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, str(ROOT / "examples" / "demo.py"), "--stop"]
    command += ["--models", str(tmp_path / "models"), "--port", str(port)]

    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )

    text = done.stdout
    printed = text[text.index("\n{\n") : text.index("\n}\n") + 2]
    assert Reply.model_validate(json.loads(printed)).prediction.label == "5"
    assert f"curl -F image=@{tmp_path}/models/digit.png http://127.0.0.1:{port}/v1/predict" in text
