"""A Bento that holds the model, built from ``bentofile.yaml``."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import explainers
import reasoned
import service
from service.errors import PackagingError

_PACKAGES: Final = (explainers, reasoned, service)
_TAG: Final = "__tag__:"
_EXAMPLE: Final = "docker.io/library/python:3.11-slim"
_IMAGE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]*")
_BENTOML_LINE: Final = re.compile(r"^bentoml==.*\n", re.MULTILINE)
_BASE_LINE: Final = re.compile(r"^( *base_image: ).*$", re.MULTILINE)


def build_bento(
    folder: Path,
    *,
    name: str | None = None,
    version: str | None = None,
    base_image: str | None = None,
) -> str:
    """Build a Bento from the installed code and a model folder.

    Parameters
    ----------
    folder
        A folder that ``reasoned fit`` wrote.
    name
        What the Bento is called; ``reasoned`` by default.
    version
        Its version; BentoML makes one up by default.
    base_image
        What `bentoml containerize` builds on; by default the one in ``bentofile.yaml``. It
        must have Python 3.11 and pip.

    Returns
    -------
    str
        The tag, ``name:version``, under which BentoML's store holds it.

    Raises
    ------
    PackagingError
        When `folder` holds no model, or BentoML fails; with what it said.

    """
    if not (folder / "manifest.json").is_file():
        raise PackagingError(f"{folder} must be a model folder, but has no manifest.json")
    with tempfile.TemporaryDirectory(prefix="reasoned-bento-") as scratch:
        staging, versions = Path(scratch, "staging"), Path(scratch, "constraints.txt")
        _stage(folder, staging, base_image)
        constraints = _shipped("constraints.txt").read_text(encoding="utf-8")
        versions.write_text(without_bentoml(constraints), encoding="utf-8")
        return _built(staging, versions, name, version)


def _stage(folder: Path, staging: Path, base_image: str | None) -> None:
    for package in _PACKAGES:
        source = Path(str(package.__file__)).parent
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, staging / source.name, ignore=ignored)
    shutil.copytree(folder, staging / "model")
    written = _shipped("bentofile.yaml").read_text(encoding="utf-8")
    (staging / "bentofile.yaml").write_text(on_base(written, base_image), encoding="utf-8")


def on_base(bentofile: str, base_image: str | None) -> str:
    """Give the text of a build file with another base image.

    Raises
    ------
    PackagingError
        When the name is no image's: whatever stands there becomes a line of a Dockerfile.

    """
    if base_image is None:
        return bentofile
    if not _IMAGE.fullmatch(base_image):
        raise PackagingError(
            f"--base-image must be an image's name such as {_EXAMPLE}, not {base_image!r}"
        )
    return _BASE_LINE.sub(lambda found: f'{found[1]}"{base_image}"', bentofile, count=1)


def without_bentoml(constraints: str) -> str:
    """Give constraints that leave BentoML's own version open: it asks for the one that builds."""
    return _BENTOML_LINE.sub("", constraints)


def _shipped(name: str) -> Path:
    """Find a file of the build: at the top of a checkout, inside the package of a wheel."""
    here = Path(__file__).resolve().parent
    found = [path for path in (here, here.parent) if (path / name).is_file()]
    if not found:
        raise PackagingError(f"{name} must lie in {here} or above it; reinstall reasoned")
    return found[0] / name


def _built(staging: Path, versions: Path, name: str | None, version: str | None) -> str:
    command = [sys.executable, "-m", "bentoml", "build", str(staging), "--output", "tag"]
    command += ["--name", name] if name else []
    command += ["--version", version] if version else []
    # The lock is made by uv, which takes its constraints from there.
    environment = {"UV_CONSTRAINT": str(versions), **os.environ, "BENTOML_DO_NOT_TRACK": "True"}
    # A process of its own, so that BentoML imports the staged code and not this one.
    finished = subprocess.run(  # noqa: S603  our own interpreter, arguments as a list
        command, cwd=staging, env=environment, capture_output=True, text=True, check=False
    )
    tags = [line for line in finished.stdout.splitlines() if line.startswith(_TAG)]
    if finished.returncode or not tags:
        said = (finished.stderr or finished.stdout).strip()[-2000:]
        hint = ""
        if "already exists" in said:
            hint = f"; give another --version, or `bentoml delete {name}:{version}`"
        raise PackagingError(f"bentoml build ended with {finished.returncode}: {said}{hint}")
    return tags[-1].removeprefix(_TAG).strip()
