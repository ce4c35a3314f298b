"""``reasoned explain``."""

import re
from pathlib import Path

import pytest

from explainers.arrays import ByteArray
from reasoned.fitting.packing import png
from reasoned.model import ExplainedModel
from reasoned.reply.schema import Reply
from tests.reasoned.cli.conftest import Run


def test_json_is_the_reply_of_the_service(
    run: Run, digits_folder: Path, digits_model: ExplainedModel, three: Path
) -> None:
    found = run("explain", digits_folder, three, "--json", "--neighbours", 3)

    assert (found.code, found.err) == (0, "")
    reply = Reply.model_validate(found.record)
    assert reply == digits_model.explain(three.read_bytes(), neighbours=3)


def test_people_get_the_sentence_the_path_and_the_examples(
    run: Run, digits_folder: Path, digits_model: ExplainedModel, three: Path
) -> None:
    found = run("explain", digits_folder, three, "--explain", "full")
    reply = digits_model.explain(three.read_bytes(), explain="full")
    said = reply.explanation

    assert found.code == 0
    assert said is not None
    assert found.out.startswith(reply.prediction.label)
    assert said.sentence in found.out
    assert f"status   {said.status}" in found.out
    assert f"carrier  {said.carrier}" in found.out
    assert f"meta_forest, {said.evidence[0].region}, vote" in found.out
    assert "additive, logit of" in found.out
    for example in reply.examples:
        assert f"  {example.id}  " in found.out
    assert "Nearest of another class: " in found.out


def test_without_neighbours_no_examples_are_listed(
    run: Run, digits_folder: Path, three: Path
) -> None:
    assert "Nearest" not in run("explain", digits_folder, three, "--neighbours", 0).out


def test_a_page_holds_its_pictures_and_needs_nothing_else(
    run: Run, digits_folder: Path, three: Path, tmp_path: Path, parting: list[ByteArray]
) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(png(parting[0]))
    for picture in (three, other):
        found = run("explain", digits_folder, picture, "--html", tmp_path / "page.html")
        page = (tmp_path / "page.html").read_text(encoding="utf-8")

        assert found.code == 0
        assert page.count("data:image/png;base64,") >= 7  # the image, five examples, contrast
        rest = re.sub(r"data:image/png;base64,[^']*", "", page)
        assert not re.search(r"https?:|//[a-z]|<script|<link|@import|url\(", rest)
        assert page.startswith("<!doctype html>")
        assert ("names another class" in page) == (picture == other)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"GIF89a", "PNG, JPEG or WEBP"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"", "PNG, JPEG or WEBP")],
)
def test_what_is_no_image_is_wrong_usage(
    run: Run, digits_folder: Path, tmp_path: Path, data: bytes, words: str
) -> None:
    (tmp_path / "image.png").write_bytes(data)
    found = run("explain", digits_folder, tmp_path / "image.png")

    assert (found.code, found.out) == (2, "")
    assert words in found.err


def test_a_folder_without_a_model_is_wrong_usage(run: Run, tmp_path: Path, three: Path) -> None:
    found = run("explain", tmp_path, three)

    assert (found.code, found.out) == (2, "")
    assert "make one with `reasoned fit --out" in found.err


def test_options_out_of_range_are_wrong_usage(run: Run, digits_folder: Path, three: Path) -> None:
    for option in (["--neighbours", 21], ["--explain", "none"], ["--explain", "all"]):
        assert run("explain", digits_folder, three, *option).code == 2


def test_a_page_that_cannot_be_written_is_wrong_usage(
    run: Run, digits_folder: Path, three: Path, tmp_path: Path
) -> None:
    found = run("explain", digits_folder, three, "--html", tmp_path / "no" / "such" / "page.html")

    assert found.code == 2
    assert "page.html" in found.err
