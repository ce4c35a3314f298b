"""The program that builds and runs images: Docker where its engine answers, else podman."""

import dataclasses
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final, final

from deploy.trial.commands import run
from deploy.trial.errors import ForbiddenError, TrialError

# Overlay shares the layers; vfs copies them, and works where the kernel has no overlay.
_DRIVERS: Final = ("overlay", "vfs")


@final
@dataclasses.dataclass(frozen=True)
class Engine:
    """How to call it.

    Attributes
    ----------
    name
        ``docker`` or ``podman``.
    command
        The program and the flags that come before its verb.
    building
        Flags of ``build``.
    environment
        Variables that it needs.

    """

    name: str
    command: tuple[str, ...]
    building: tuple[str, ...]
    environment: Mapping[str, str]

    def call(self, *arguments: str) -> str:
        """Run one of its verbs and give what it prints, without the line's end.

        Raises
        ------
        TrialError
            When it fails, with what it said.

        """
        return run((*self.command, *arguments), environment=self.environment).strip()

    def size(self, image: str) -> int:
        """Give an image's size in bytes, all layers together."""
        return int(self.call("image", "inspect", "--format", "{{.Size}}", image))

    def holds(self, image: str) -> bool:
        """Tell whether an image is in its store."""
        try:
            self.call("image", "inspect", "--format", "{{.Id}}", image)
        except TrialError:
            return False
        return True


def find_engine(storage: Path) -> Engine:
    """Find an engine that answers; podman keeps what it makes under `storage`.

    Raises
    ------
    ForbiddenError
        When none does, with what was tried and what it said.

    """
    tried = list[str]()
    for candidate in (_docker(), *(_podman(storage, driver) for driver in _DRIVERS)):
        if shutil.which(candidate.name) is None:
            tried.append(f"{candidate.name}: not installed")
            continue
        try:
            candidate.call("info")
        except TrialError as error:
            tried.append(str(error))
        else:
            return candidate
    raise ForbiddenError(
        "no container engine answers here; install podman, runc and buildah, or start Docker. "
        "Tried:\n  " + "\n  ".join(tried)
    )


def _docker() -> Engine:
    return Engine("docker", ("docker",), ("--network", "host"), {"DOCKER_BUILDKIT": "1"})


def _podman(storage: Path, driver: str) -> Engine:
    storage.mkdir(parents=True, exist_ok=True)
    written = storage / f"storage-{driver}.conf"
    written.write_text(
        f'[storage]\ndriver = "{driver}"\ngraphroot = "{storage / driver}"\n'
        f'runroot = "{storage / driver}-run"\n',
        encoding="utf-8",
    )
    # systemd and crun's cgroups are missing inside of other containers; these are not.
    runtime = ("--runtime", "runc") if shutil.which("runc") else ()
    return Engine(
        "podman",
        ("podman", "--cgroup-manager=cgroupfs", *runtime),
        ("--isolation", "chroot", "--network", "host"),
        {"CONTAINERS_STORAGE_CONF": str(written), "BUILDAH_ISOLATION": "chroot"},
    )
