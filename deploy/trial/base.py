"""The image below ours: given, pulled, or made here from Debian's packages."""

import os
import re
import shutil
from pathlib import Path
from typing import Final

from deploy.trial.commands import run
from deploy.trial.engine import Engine
from deploy.trial.errors import ForbiddenError, TrialError
from deploy.trial.running import ULIMITS

MADE: Final = "localhost/reasoned-base:bookworm"
SUITE: Final = "bookworm"
_PACKAGES: Final = "python3,python3-venv,python3-pip,ca-certificates"
_UNUSED: Final = (
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
    "var/cache/apt",
    "var/lib/apt/lists",
)
_MIRROR: Final = re.compile(
    r"^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(https?://\S*debian\S*)", re.MULTILINE
)
_DEFAULT_MIRROR: Final = "http://deb.debian.org/debian"


def ready_base(engine: Engine, base: str, scratch: Path) -> None:
    """See to it that the engine holds a base and can run it.

    Parameters
    ----------
    engine
        What builds and runs.
    base
        An image's name; `MADE` is made here, with debootstrap.
    scratch
        A folder for what is only needed meanwhile.

    Raises
    ------
    ForbiddenError
        When it can be neither pulled nor made, or a container of it does not run here.

    """
    try:
        if not engine.holds(base):
            if base == MADE:
                _make(engine, scratch)
            else:
                engine.call("pull", base)
        engine.call("run", "--rm", "--network=host", *ULIMITS, base, "python3", "-c", "pass")
    except TrialError as error:
        raise ForbiddenError(f"no container of {base} can be run here: {error}") from error


def _make(engine: Engine, scratch: Path) -> None:
    if os.geteuid():
        raise TrialError("debootstrap must be run as root; give --base IMAGE instead")
    root, archive = scratch / "rootfs", scratch / "rootfs.tar"
    packages = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}"]
    run([*packages, SUITE, str(root), mirror(_sources())])
    for name in _UNUSED:
        shutil.rmtree(root / name, ignore_errors=True)
    for marker in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        marker.unlink()  # BentoML's recipe calls the system's pip
    run(["tar", "-C", str(root), "-cf", str(archive), "."])
    shutil.rmtree(root)
    engine.call("import", str(archive), MADE)
    archive.unlink()


def _sources() -> str:
    found = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in found if path.is_file())


def mirror(sources: str) -> str:
    """Give the first Debian mirror that apt's sources name, or Debian's own."""
    found = [url for url in _MIRROR.findall(sources) if "security" not in url]
    return found[0] if found else _DEFAULT_MIRROR
