import os
import re
import shutil
import tomllib
from pathlib import Path

import httpx2
import pytest
import yaml

from reasoned.model import ExplainedModel
from reasoned.reply.schema import Reply
from service.bento import build_bento, on_base, without_bentoml
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
    assert after["docker"] == {**before["docker"], "base_image": name}
    assert {**before, "docker": None} == {**after, "docker": None}


def test_both_images_stand_on_the_same_base() -> None:
    bentofile = yaml.safe_load((ROOT / "bentofile.yaml").read_text(encoding="utf-8"))
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")

    assert f"ARG BASE_IMAGE={bentofile['docker']['base_image']}\n" in dockerfile


@pytest.mark.parametrize("name", ["", "a b", "python\nRUN true", "-v"])
def test_what_is_no_image_s_name_is_refused(name: str) -> None:
    with pytest.raises(PackagingError, match="--base-image must be an image's name such as"):
        on_base("docker:\n  base_image: x\n", name)


def test_a_wheel_has_what_a_build_reads() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    bentofile = yaml.safe_load((ROOT / "bentofile.yaml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    template = ROOT / bentofile["docker"]["dockerfile_template"]

    for name in ("bentofile.yaml", "constraints.txt"):
        assert wheel["force-include"][name] == f"service/{name}"
    assert template.is_file()
    assert template.relative_to(ROOT).parts[0] in wheel["packages"]


def test_bentoml_s_version_is_left_to_bentoml() -> None:
    constraints = "attrs==1\nbentoml==1.4.39\nbentoml-extra==2\n"

    assert without_bentoml(constraints) == "attrs==1\nbentoml-extra==2\n"


@pytest.fixture(scope="module")
def built(digits_folder: Path) -> tuple[str, Path]:
    """A Bento's tag and its folder in BentoML's store."""
    tag = build_bento(digits_folder, name="digits-test", version="1")
    return tag, Path(os.environ["BENTOML_HOME"]) / "bentos" / tag.replace(":", "/")


@pytest.mark.slow
def test_a_bento_gives_the_same_replies(
    built: tuple[str, Path], digits_model: ExplainedModel, tmp_path: Path
) -> None:
    tag, stored = built
    bento = tmp_path / "bento"
    shutil.copytree(stored, bento)
    data = next(iter(digits_model.thumbnails.values()))

    # No path to the checkout: what is served is what the Bento holds.
    with serving({"PYTHONPATH": ""}, cwd=bento, target=".") as server:
        there = httpx2.post(f"{server.url}/v1/predict", files={"image": data}).content
    served = digits_model.disclosing(disclosure_of(Settings()))
    here = served.reply(served.decode(data))

    assert tag == "digits-test:1"
    assert not (bento / "src" / "reasoned" / "fitting").exists()
    assert without_id(there) == without_id(here)


@pytest.mark.slow
def test_a_bento_locks_the_versions_that_were_tried(built: tuple[str, Path]) -> None:
    locked = pins(built[1] / "env" / "python" / "requirements.lock.txt")
    tried = pins(ROOT / "constraints.txt")

    assert "onnxruntime" in locked
    assert {name: tried.get(name) for name in locked} == locked


@pytest.mark.slow
def test_a_bento_s_image_installs_in_a_stage_that_is_thrown_away(built: tuple[str, Path]) -> None:
    recipe = built[1] / "env" / "docker" / "Dockerfile"
    lines = recipe.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    first, last = (i for i, line in enumerate(lines) if line.startswith("FROM "))
    installing, image = "\n".join(lines[first:last]), "\n".join(lines[last:])

    assert "install.sh" in installing
    assert "-name tests" in installing
    assert "compileall -q src" in installing
    assert not re.search(r"\b(uv|pip|install\.sh)\b", image)
    assert "COPY --from=packages /app /app" in image
    assert lines.index("USER bentoml") > lines.index("VOLUME /var/lib/reasoned")


def without_id(reply: bytes) -> dict[str, object]:
    return Reply.model_validate_json(reply).model_dump(exclude={"id"})


def pins(requirements: Path) -> dict[str, str]:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if "==" in line and not line.startswith("#")]
    return {name.lower().replace("_", "-"): version for name, version in pairs}
