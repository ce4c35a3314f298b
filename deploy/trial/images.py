"""The two ways to an image with the model inside."""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

from deploy.trial.commands import run
from deploy.trial.engine import Engine
from deploy.trial.index import mounts, secrets

ROOT: Final = Path(__file__).resolve().parents[2]
ROUTES: Final = ("dockerfile", "bento")
_FILES: Final = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE", "bentofile.yaml")
_PACKAGES: Final = ("explainers", "reasoned", "service")
_UNWANTED: Final = shutil.ignore_patterns("__pycache__")


def built_image(engine: Engine, route: str, base: str, model: Path, scratch: Path) -> str:
    """Build an image by one of `ROUTES` and give its name.

    Raises
    ------
    TrialError
        When the build fails, with what it said.

    """
    scratch.mkdir(parents=True, exist_ok=True)
    by_route = {"dockerfile": _by_dockerfile, "bento": _by_bento}
    return by_route[route](engine, base, model, scratch)


def _by_dockerfile(engine: Engine, base: str, model: Path, scratch: Path) -> str:
    image, context = "localhost/reasoned-trial:dockerfile", scratch / "context"
    # A copy holds still while the tree is worked on, and the model may lie anywhere.
    context.mkdir()
    for name in _FILES:
        shutil.copyfile(ROOT / name, context / name)
    for name in _PACKAGES:
        shutil.copytree(ROOT / name, context / name, ignore=_UNWANTED)
    shutil.copytree(model, context / "model")
    arguments = [f"--build-arg=BASE_IMAGE={base}", "--build-arg=MODEL=model"]
    recipe = ["--file", str(ROOT / "deploy" / "Dockerfile"), "--tag", image]
    given = secrets(_pip_config(), scratch / "index")
    engine.call("build", *engine.building, *given, *arguments, *recipe, str(context))
    return image


def _by_bento(engine: Engine, base: str, model: Path, scratch: Path) -> str:
    image = "localhost/reasoned-trial:bento"
    environment = {
        **engine.environment,
        **mounts(engine, _pip_config(), scratch / "index"),
        "BENTOML_HOME": str(scratch / "bentoml"),
        "BENTOML_DO_NOT_TRACK": "True",
    }
    build = [sys.executable, "-m", "reasoned", "build", str(model), "--base-image", base, "--json"]
    tag = json.loads(run(build, environment=environment, place=ROOT))["tag"]
    options = ["--opt", "network=host"]
    if engine.name == "podman":
        options += ["--opt", "isolation=chroot"]
    pack = [sys.executable, "-m", "bentoml", "containerize", tag, "--backend", engine.name]
    # BentoML reads a template only below the working directory, and unpacks it into a
    # temporary one: https://github.com/bentoml/BentoML/issues/5566.
    run([*pack, *options, "--image-tag", image], environment=environment, place=Path("/"))
    return image


def _pip_config() -> str:
    return run([sys.executable, "-m", "pip", "config", "list"])
