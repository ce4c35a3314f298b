"""What the kernel says of a running process: who it is and what it may do."""

import dataclasses
import os
from pathlib import Path
from typing import final


@final
@dataclasses.dataclass(frozen=True)
class Confinement:
    """How a container's first process is confined.

    Attributes
    ----------
    uid
        The user that it runs as.
    capabilities
        The effective ones, as the kernel's hexadecimal mask.
    no_new_privileges
        Whether it can never gain any.
    read_only_root
        Whether its root is mounted read-only.

    """

    uid: int
    capabilities: str
    no_new_privileges: bool
    read_only_root: bool


def confinement(pid: int) -> Confinement:
    """Read how a process is confined."""
    place = Path("/proc") / str(pid)
    return read_confinement(
        (place / "status").read_text(encoding="utf-8"),
        (place / "mountinfo").read_text(encoding="utf-8"),
    )


def read_confinement(status: str, mounts: str) -> Confinement:
    """Read it from the texts of ``status`` and ``mountinfo``."""
    said = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    roots = [line.split() for line in mounts.splitlines() if line.split()[4] == "/"]
    return Confinement(
        uid=int(said["Uid"].split()[1]),
        capabilities=said["CapEff"].strip(),
        no_new_privileges=said["NoNewPrivs"].strip() == "1",
        # The last one mounted is the one that is seen.
        read_only_root="ro" in roots[-1][5].split(","),
    )


def cpu_seconds(pid: int) -> float:
    """Give the processor time that a process and its descendants have taken so far."""
    place = Path("/proc") / str(pid)
    # The name in brackets may hold spaces; what follows it does not.
    fields = (place / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    own = sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    children = [
        int(child)
        for task in (place / "task").iterdir()
        for child in (task / "children").read_text(encoding="utf-8").split()
    ]
    return own + sum(cpu_seconds(child) for child in children)
