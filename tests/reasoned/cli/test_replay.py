"""``reasoned replay``."""

from pathlib import Path

import pytest

from explainers.arrays import ByteArray
from reasoned.ledger.ledger import Ledger
from reasoned.model import ExplainedModel
from tests.reasoned.cli.conftest import Run
from tests.reasoned.replay.recorded import recorded

KEPT, BARE = f"{0:032x}", f"{3:032x}"


@pytest.fixture
def ledger(tmp_path: Path, digits_model: ExplainedModel, digits_images: list[ByteArray]) -> Path:
    path = tmp_path / "ledger.sqlite3"
    opened = Ledger.open(str(path))
    rows = [recorded(digits_model, digits_images[n], number=n) for n in range(3)]
    opened.write([*rows, recorded(digits_model, digits_images[3], keep=None, number=3)])
    opened.close()
    return path


def change(path: Path, number: int) -> None:
    """Change a figure of a row behind the ledger's back."""
    opened = Ledger.open(str(path))
    with opened.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE decision SET confidence = 0.5 WHERE id = ?", (f"{number:032x}",)
        )
    opened.close()


def test_an_equal_answer_exits_with_0(run: Run, ledger: Path, digits_folder: Path) -> None:
    asked = ["replay", KEPT, "--model", digits_folder, "--ledger", ledger]
    found = run(*asked)

    assert (found.code, found.err) == (0, "")
    assert found.out == f"{KEPT}: equal, byte for byte, from the stored image.\n"
    assert run(*asked, "--json").record == {
        "id": KEPT,
        "equal": True,
        "kept": "image",
        "step": None,
        "finding": None,
        "bytes_compared": True,
        "left_out": [],
    }
    assert run("replay", "client-0", *asked[2:]).out == found.out


def test_a_difference_exits_with_1_and_names_the_step(
    run: Run, ledger: Path, digits_folder: Path
) -> None:
    change(ledger, 0)
    found = run("replay", KEPT, "--model", digits_folder, "--ledger", ledger)

    assert found.code == 1
    assert found.out.startswith(
        f"{KEPT}: from the stored image it differs first at prediction: the row's confidence was "
        "0.5, and is "
    )


def test_what_cannot_be_replayed_exits_with_2(
    run: Run, ledger: Path, digits_folder: Path, tmp_path: Path
) -> None:
    asked = ["--model", digits_folder, "--ledger", ledger]
    for arguments, words in (
        ([BARE, *asked], "nothing is kept of the image of 000"),
        (["nobody", *asked], "the ledger has no decision 'nobody'"),
        ([], "name one decision by its ID, or give --all"),
        ([KEPT, "--all"], "name one decision by its ID, or give --all"),
        ([KEPT, "--limit", 3], "--since and --limit come with --all"),
        ([KEPT, "--ledger", "off"], "REASONED_LEDGER=off: nothing is recorded"),
        ([KEPT, "--ledger", tmp_path / "none"], "there is no ledger"),
    ):
        given = arguments if "--model" in arguments else [*arguments, "--model", digits_folder]
        found = run("replay", *given)

        assert (found.code, found.out) == (2, "")
        assert words in found.err
    assert not (tmp_path / "none").exists()


def test_many_are_counted(run: Run, ledger: Path, digits_folder: Path) -> None:
    asked = ["replay", "--all", "--model", digits_folder, "--ledger", ledger]
    found = run(*asked)

    assert found.code == 0
    assert found.out.startswith("3 of 3 replays are equal, 3 of them byte for byte.\n1 could not ")
    change(ledger, 1)
    found = run(*asked, "--json")
    assert found.code == 1
    assert found.record["differing"] == {"prediction": 1}
    assert (found.record["equal"], found.record["not_replayed"]) == (2, 1)
    found = run(*asked, "--limit", 1)
    assert (found.code, found.out.splitlines()[0]) == (
        2,
        "0 of 0 replays are equal, 0 of them byte for byte.",
    )
    assert run(*asked, "--since", "2030-01-01", "--json").code == 2
