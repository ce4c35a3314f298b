"""``reasoned card``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reasoned.folder.manifest import DIGEST, MANIFEST
from tests.reasoned.card.evaluated import header_of, report
from tests.reasoned.cli.conftest import Run

HEAVY = ("torch", "sklearn", "scipy", "onnx", "tqdm", "matplotlib", "yaml", "huggingface_hub")


def test_a_card_is_printed_or_written_alike(run: Run, digits_folder: Path, tmp_path: Path) -> None:
    printed = run("card", digits_folder, "--license", "MIT")
    written = run("card", digits_folder, "--license", "MIT", "--out", tmp_path / "card.md")

    assert (printed.code, printed.err, written.code) == (0, "", 0)
    assert (tmp_path / "card.md").read_text(encoding="utf-8") == printed.out
    assert "card.md: the card of digits 1" in written.out
    assert header_of(printed.out).license == "mit"


def test_the_evaluation_of_this_model_is_in_it(
    run: Run, digits_folder: Path, tmp_path: Path
) -> None:
    sha256 = (digits_folder / DIGEST).read_text()[:64]
    own, other = tmp_path / "own.json", tmp_path / "other.json"
    own.write_text(json.dumps(report(sha256=sha256)), encoding="utf-8")
    other.write_text(json.dumps(report()), encoding="utf-8")

    found = run("card", digits_folder, "--evaluation", own)
    refused = run("card", digits_folder, "--evaluation", other)

    assert "| blur, 3 |" in found.out
    assert (refused.code, refused.out) == (2, "")
    assert "other.json is of another model" in refused.err


def test_a_file_that_is_there_is_kept_unless_told(
    run: Run, digits_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "README.md"
    out.write_text("mine", encoding="utf-8")

    refused = run("card", digits_folder, "--out", out)
    assert (refused.code, out.read_text(encoding="utf-8")) == (2, "mine")
    assert "exists; pass --replace, or choose another" in refused.err
    assert run("card", digits_folder, "--out", out, "--replace").code == 0
    assert out.read_text(encoding="utf-8").startswith("---\nlicense:")


def test_nothing_is_written_into_the_sealed_folder(run: Run, digits_folder: Path) -> None:
    found = run("card", digits_folder, "--out", digits_folder / "README.md")

    assert found.code == 2
    assert "lies in the model folder" in found.err
    assert not (digits_folder / "README.md").exists()


@pytest.mark.parametrize("licence", ["", "two words", 'a"b', "a: b"])
def test_a_licence_is_an_identifier(run: Run, digits_folder: Path, licence: str) -> None:
    found = run("card", digits_folder, "--license", licence)

    assert found.code == 2
    assert "wanted an identifier such as apache-2.0 or mit" in found.err


def test_a_folder_that_is_no_model_is_refused(run: Run, tmp_path: Path) -> None:
    found = run("card", tmp_path)

    assert found.code == 2
    assert MANIFEST in found.err


def test_nowhere_to_write_is_said(run: Run, digits_folder: Path, tmp_path: Path) -> None:
    found = run("card", digits_folder, "--out", tmp_path / "none" / "card.md")

    assert found.code == 2
    assert "card.md cannot be written: No such file" in found.err


def test_it_needs_nothing_that_fits() -> None:
    script = f"import reasoned.cli.card, sys; print([m for m in {HEAVY} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert found.stdout == "[]\n"
