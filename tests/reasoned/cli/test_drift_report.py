"""``reasoned drift report``."""

from pathlib import Path

from tests.reasoned.cli.conftest import Run
from tests.reasoned.cli.test_drift import recorded

__all__ = ["recorded"]  # a fixture


def test_the_page_is_written_once(
    run: Run, recorded: Path, digits_folder: Path, tmp_path: Path
) -> None:
    out, at = tmp_path / "drift.html", ("--ledger", recorded)
    run("drift", "run", digits_folder, "--once", "--run-length", 1000, *at)

    found = run("drift", "report", digits_folder, "--out", out, *at)

    assert found.code == 0
    assert f"{out}: 360 requests, " in found.out
    page = out.read_text("utf-8")
    assert "Drift of digits" in page
    assert "1,000 requests apart" in page
    assert "href" not in page
    again = run("drift", "report", digits_folder, "--out", out, *at)
    assert (again.code, out.read_text("utf-8")) == (2, page)
    assert "exists; pass --replace" in again.err
    last = run("drift", "report", digits_folder, "--out", out, "--replace", "--last", 50, *at)
    assert last.code == 0
    assert "Shares of the last 50 requests" in out.read_text("utf-8")


def test_a_page_that_cannot_be_written_is_said(
    run: Run, recorded: Path, digits_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "none" / "drift.html"
    found = run("drift", "report", digits_folder, "--out", out, "--ledger", recorded)

    assert found.code == 2
    assert "cannot be written: No such file or directory" in found.err
