"""``reasoned decision``."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from explainers.arrays import ByteArray
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import OPT_OUT
from reasoned.model import ExplainedModel
from reasoned.reply.disclosure import Disclosure
from tests.reasoned.cli.conftest import Run
from tests.reasoned.replay.recorded import recorded

NAME = f"{0:032x}"


@pytest.fixture
def ledger(tmp_path: Path, digits_model: ExplainedModel, digits_images: list[ByteArray]) -> Path:
    path = tmp_path / "ledger.sqlite3"
    opened = Ledger.open(str(path))
    disclosure = Disclosure("thumbnail", rounded=True)
    opened.write([recorded(digits_model, digits_images[0], disclosure=disclosure)])
    opened.close()
    return path


def test_a_decision_becomes_a_page(
    run: Run, ledger: Path, digits_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "page.html"
    asked = ["decision", NAME, "--out", out, "--ledger", ledger]
    found = run(*asked, "--model", digits_folder)

    assert (found.code, found.out) == (0, f"{out}: the decision {NAME}\n")
    whole = out.read_text(encoding="utf-8")
    assert whole.count("data:image") > 5
    assert run(*asked).code == 2
    assert run(*asked, "--replace").code == 0
    assert out.read_text(encoding="utf-8").count("data:image") == 1


def test_who_opted_out_since_is_not_on_it(
    run: Run,
    ledger: Path,
    digits_folder: Path,
    digits_model: ExplainedModel,
    digits_images: list[ByteArray],
    tmp_path: Path,
) -> None:
    first, second = (one.id for one in digits_model.explain(digits_images[0]).examples[:2])
    opened = Ledger.open(str(ledger))
    with opened.writing() as connection:
        connection.execute(insert(OPT_OUT).values(example=first, at=9e9, by="somebody"))
    opened.close()
    (tmp_path / "ids.txt").write_text(second, encoding="utf-8")
    out = tmp_path / "page.html"
    asked = ["decision", NAME, "--out", out, "--ledger", ledger, "--model", digits_folder]

    assert run(*asked).code == 0
    page = out.read_text(encoding="utf-8")
    assert first not in page
    assert second in page
    assert run(*asked, "--replace", "--opt-out-file", tmp_path / "ids.txt").code == 0
    assert second not in out.read_text(encoding="utf-8")


def test_a_decision_that_is_not_there_is_wrong_usage(
    run: Run, ledger: Path, tmp_path: Path
) -> None:
    found = run("decision", "nobody", "--out", tmp_path / "x.html", "--ledger", ledger)

    assert (found.code, found.out) == (2, "")
    assert "the ledger has no decision 'nobody'" in found.err
    found = run("decision", NAME, "--out", tmp_path / "no" / "x.html", "--ledger", ledger)
    assert "cannot be written: No such file or directory" in found.err
