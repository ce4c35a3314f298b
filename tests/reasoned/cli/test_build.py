"""``reasoned build``, up to the point where BentoML takes over."""

from pathlib import Path

from tests.reasoned.cli.conftest import Run


def test_a_folder_that_is_no_model_is_not_packaged(run: Run, tmp_path: Path) -> None:
    found = run("build", tmp_path)

    assert (found.code, found.out) == (2, "")
    assert "is not a model folder" in found.err
