from pathlib import Path

import click
import pytest

from reasoned.cli.whole_folder import whole_folder


def test_it_appears_when_all_went_well(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "report"

    with whole_folder(out) as folder:
        (folder / "page.html").write_text("x", encoding="utf-8")
        assert not out.exists()

    assert [path.name for path in out.parent.iterdir()] == ["report"]
    assert (out / "page.html").read_text(encoding="utf-8") == "x"


def test_nothing_is_left_of_what_went_wrong(tmp_path: Path) -> None:
    def interrupted() -> None:
        with whole_folder(tmp_path / "report") as folder:
            (folder / "page.html").write_text("x", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with (
        pytest.raises(click.UsageError, match=r"--out .*report cannot be made"),
        whole_folder(tmp_path / "file" / "report"),
    ):
        pytest.fail("the work must not begin")
