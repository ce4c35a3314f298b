import os
import shutil
import tomllib
from pathlib import Path

import httpx2
import pytest
import yaml

from reasoned.model import ExplainedModel
from reasoned.reply.schema import Reply
from service.bento import build_bento, on_base
from service.errors import PackagingError
from service.model_holder import disclosure_of
from service.settings import Settings
from tests.service.live_server import serving

ROOT = Path(__file__).parents[2]


def test_a_bento_has_the_runtime_dependencies_and_no_others() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    bentofile = yaml.safe_load((ROOT / "bentofile.yaml").read_text(encoding="utf-8"))

    assert bentofile["python"]["packages"] == project["project"]["dependencies"]


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackagingError, match=r"must be a model folder, but has no manifest\.json"):
        build_bento(tmp_path)


def test_another_base_image_takes_the_place_of_ours() -> None:
    written = (ROOT / "bentofile.yaml").read_text(encoding="utf-8")
    name = "registry.example:5000/python@sha256:" + "0" * 64

    assert on_base(written, None) == written
    before, after = (yaml.safe_load(text) for text in (written, on_base(written, name)))
    assert after["docker"] == {"base_image": name}
    assert {**before, "docker": None} == {**after, "docker": None}


def test_both_images_stand_on_the_same_base() -> None:
    bentofile = yaml.safe_load((ROOT / "bentofile.yaml").read_text(encoding="utf-8"))
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")

    assert f"ARG BASE_IMAGE={bentofile['docker']['base_image']}\n" in dockerfile


@pytest.mark.parametrize("name", ["", "a b", "python\nRUN true", "-v"])
def test_what_is_no_image_s_name_is_refused(name: str) -> None:
    with pytest.raises(PackagingError, match="--base-image must be an image's name such as"):
        on_base("docker:\n  base_image: x\n", name)


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
    served = digits_model.disclosing(disclosure_of(Settings()))
    here = served.reply(served.decode(data))

    assert tag == "digits-test:1"
    assert not (bento / "src" / "reasoned" / "fitting").exists()
    assert without_id(there) == without_id(here)


def without_id(reply: bytes) -> dict[str, object]:
    return Reply.model_validate_json(reply).model_dump(exclude={"id"})
