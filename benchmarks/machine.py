"""What stands on top of every results file."""

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def header() -> dict[str, Any]:
    """Give the command, the commit and the machine."""
    return {
        "command": " ".join(["python", *_relative(sys.argv)]),
        "commit": _git("rev-parse", "HEAD") + ("+changes" if _git("status", "--porcelain") else ""),
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
    }


def _relative(arguments: list[str]) -> list[str]:
    """Name files by their place in the project, and what lies elsewhere not at all."""
    inside = [a.replace(f"{ROOT}/", "") for a in arguments]
    return ["PATH" if a.startswith("/") else a for a in inside]


def _git(*arguments: str) -> str:
    run = subprocess.run(
        ["git", *arguments],  # noqa: S607  git from the path
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.strip()


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
