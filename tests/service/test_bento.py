import os
import shutil
import tomllib
from pathlib import Path

import httpx2
import pytest
import yaml  # type: ignore[import-untyped]  # ships no types

from reasoned.model import ExplainedModel
from reasoned.reply.schema import Reply
from service.bento import build_bento
from service.errors import PackagingError
from tests.service.live_server import serving

ROOT = Path(__file__).parents[2]


def test_a_bento_has_the_runtime_dependencies_and_no_others() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    bentofile = yaml.safe_load((ROOT / "bentofile.yaml").read_text(encoding="utf-8"))

    assert bentofile["python"]["packages"] == project["project"]["dependencies"]


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackagingError, match=r"must be a model folder, but has no manifest\.json"):
        build_bento(tmp_path)


@pytest.mark.slow
def test_a_bento_gives_the_same_replies(
    digits_folder: Path, digits_model: ExplainedModel, tmp_path: Path
) -> None:
    tag = build_bento(digits_folder, name="digits-test", version="1")
    bento = tmp_path / "bento"
    shutil.copytree(Path(os.environ["BENTOML_HOME"]) / "bentos" / tag.replace(":", "/"), bento)
    data = next(iter(digits_model.thumbnails.values()))

    # No path to the checkout: what is served is what the Bento holds.
    with serving({"PYTHONPATH": ""}, cwd=bento, target=".") as server:
        there = httpx2.post(f"{server.url}/v1/predict", files={"image": data}).content
    here = digits_model.reply(digits_model.decode(data))

    assert tag == "digits-test:1"
    assert not (bento / "src" / "reasoned" / "fitting").exists()
    assert without_id(there) == without_id(here)


def without_id(reply: bytes) -> dict[str, object]:
    return Reply.model_validate_json(reply).model_dump(exclude={"id"})
