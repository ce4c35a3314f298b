"""Running commands, and a picture to explain."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, final

import pytest
from click.testing import CliRunner
from PIL import Image

from explainers.arrays import ByteArray
from reasoned.cli.main import cli
from tests.reasoned.conftest import Fitted


@final
@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> dict[str, Any]:
        """What was printed, as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Answer]


@pytest.fixture
def run() -> Run:
    def start(*arguments: object) -> Answer:
        found = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        # An error that was not meant would be a traceback to the user.
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return Answer(found.exit_code, found.stdout, found.stderr)

    return start


@pytest.fixture
def three(tmp_path: Path, digits_images: list[ByteArray]) -> Path:
    path = tmp_path / "three.png"
    Image.fromarray(digits_images[3][:, :, 0]).save(path)
    return path


@pytest.fixture(scope="session")
def mixture_fitted(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """Fit a small network and the preview of a mixture on the digits, from the command line."""
    out = tmp_path_factory.mktemp("models") / "mixture"
    asked = ["fit", "--network", "reference", "--data", "digits", "--epochs", "5"]
    asked += ["--methods", "mixture", "--threads", "1", "--out", str(out), "--json"]
    for option in ("preset=preview", "components=2", "rows=300"):
        asked += ["--set", f"mixture.{option}"]
    found = CliRunner().invoke(cli, asked)
    assert found.exit_code == 0, found.output
    return Fitted(out, json.loads(found.stdout))
