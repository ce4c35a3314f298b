"""``reasoned audit``."""

from pathlib import Path

import pytest

from reasoned.ledger.ledger import Ledger
from tests.reasoned.audit.filled import fill
from tests.reasoned.cli.conftest import Run


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite3"
    opened = Ledger.open(str(path))
    fill(opened)
    opened.close()
    return path


def test_an_export_is_written_and_verified(run: Run, ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run("audit", "export", "--ledger", ledger, "--out", out)
    sha256 = found.out.splitlines()[1].split()[0]

    assert (found.code, found.err) == (0, "")
    assert found.out == f"{out}: 15 decisions of 3 days.\n{sha256}  {out / 'manifest.json'}\n"
    found = run("audit", "verify", out, "--expect", sha256)
    assert (found.code, found.out) == (0, f"{out}: 15 decisions are as they were written.\n")
    assert "of itself: without --expect" in run("audit", "verify", out).out
    assert run("audit", "verify", out, "--json").record == {
        "folder": str(out),
        "ok": True,
        "finding": None,
        "rows": 15,
    }


def test_a_change_exits_with_1(run: Run, ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = run("audit", "export", "--ledger", ledger, "--out", out, "--json").record
    (out / "manifest.sha256").write_text("0", encoding="ascii")
    found = run("audit", "verify", out)

    assert made["rows"] == 15
    assert (found.code, found.err) == (1, "")
    assert found.out.startswith(f"{out / 'manifest.json'} was changed, or manifest.sha256 was")
    assert run("audit", "verify", out, "--json").record["ok"] is False


def test_a_day_of_a_tenant_and_what_goes_on_from_it(run: Run, ledger: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    asked = ["audit", "export", "--ledger", ledger, "--tenant", "acme", "--json"]

    assert run(*asked, "--out", first, "--day", "2023-11-14").record["rows"] == 3
    after = ["--after", first / "manifest.json"]
    assert run(*asked, "--out", second, *after).record["rows"] == 5
    assert run("audit", "verify", second, *after).code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--day", "2023-11-14", "--since", "2023-11-01"], "--day stands for --since and --until"),
        (["--until", "2999-01-01"], "is not past yet"),
        (["--since", "yesterday"], "does not match the format"),
    ],
)
def test_what_cannot_be_exported_exits_with_2(
    run: Run, ledger: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    out = tmp_path / "out"
    found = run("audit", "export", "--ledger", ledger, "--out", out, *arguments)

    assert (found.code, found.out) == (2, "")
    assert words in found.err
    assert not out.exists()


def test_an_export_that_is_there_is_kept(run: Run, ledger: Path, tmp_path: Path) -> None:
    asked = ["audit", "export", "--ledger", ledger, "--out", tmp_path / "out"]

    assert run(*asked).code == 0
    assert "holds an export; pass --replace" in run(*asked).err
    assert run(*asked, "--replace").code == 0


@pytest.mark.parametrize("name", ["export", "verify"])
def test_both_have_help_with_examples(run: Run, name: str) -> None:
    found = run("audit", name, "--help")

    assert found.code == 0
    assert f"Examples:\n    reasoned audit {name} " in found.out
    assert "Exit codes:" in found.out
