"""Prometheus's own tools, as Debian packs them."""

import os
import shutil
import subprocess

import pytest


def tool(name: str) -> str:
    """Find `prometheus` or `promtool`; outside of CI they may be absent."""
    found = shutil.which(name)
    if found is not None:
        return found
    words = f"{name} is absent: `apt-get install prometheus` brings it"
    if os.environ.get("CI") or os.environ.get("REASONED_CI"):
        pytest.fail(words)
    pytest.skip(words)


def check_metrics(text: bytes) -> None:
    """Let `promtool` lint what was served."""
    command = [tool("promtool"), "check", "metrics"]
    done = subprocess.run(command, input=text, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
