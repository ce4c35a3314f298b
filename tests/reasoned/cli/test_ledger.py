"""``reasoned ledger``."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from reasoned.ledger.decision import Kept
from reasoned.ledger.ledger import Ledger
from tests.reasoned.cli.conftest import Answer, Run
from tests.reasoned.ledger.recorded import decision

Ask = Callable[..., Answer]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Ten decisions, of which the odd ones are cats, and every third is doubtful."""
    path = tmp_path / "ledger.sqlite3"
    ledger = Ledger.open(str(path))
    ledger.write(
        [
            decision(
                n,
                label="cat" if n % 2 else "dog",
                status="supported" if n % 3 else "weak",
                agrees=n != 5,
                disagreeing=n == 5,
                client_id=f"order-{n}",
                cited=(("leaf", f"leaf-{n % 4}"), ("example", "train-1")),
                tenant="other" if n == 9 else "acme",
            )
            for n in range(10)
        ]
    )
    ledger.write([decision(10, reply=None, kept=Kept("thumbnail", b"12"), confidence=0.5)])
    ledger.close()
    return path


@pytest.fixture
def ask(run: Run, file: Path) -> Ask:
    def start(command: str, *arguments: object) -> Answer:
        return run("ledger", command, *arguments, "--ledger", file)

    return start


def numbers(found: Answer) -> list[int]:
    """Read the ids of JSON lines."""
    assert found.code == 0, found.err
    lines = [json.loads(line) for line in found.out.splitlines()]
    return [int(line["id"], 16) for line in lines if "id" in line]


def test_one_decision_is_shown(ask: Ask) -> None:
    found = ask("show", decision(10).id)

    assert (found.code, found.err) == (0, "")
    assert "2023-11-14 22:13:30.000 UTC" in found.out
    assert "cat (1), 0.5000" in found.out
    assert "thumbnail, 2 bytes" in found.out
    assert "leaf leaf-1; example train-1" in found.out
    assert "not kept" in found.out


def test_a_decision_as_json_has_its_reply(ask: Ask) -> None:
    found = ask("show", "order-7", "--json")

    assert found.record["id"] == decision(7).id
    assert found.record["reply"] == {"id": "?"}


@pytest.mark.parametrize("command", [["show"], ["feedback", "--useful"]])
def test_what_is_not_there_is_a_finding(ask: Ask, command: list[str]) -> None:
    name, *options = command
    found = ask(name, "order-9", "--tenant", "acme", *options)

    assert (found.code, found.out) == (1, "")
    assert "The ledger has no decision 'order-9'." in found.err


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ([], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        (["--class", "dog"], [8, 6, 4, 2, 0]),
        (["--status", "weak", "--tenant", "acme"], [6, 3, 0]),
        (["--disagrees"], [5]),
        (["--agrees", "--class", "cat"], [10, 9, 7, 3, 1]),
        (["--cited", "leaf=leaf-3"], [7, 3]),
        (["--since", "2023-11-14T22:13:28Z"], [10, 9, 8]),
        (["--since", "2023-11-14 22:13:28", "--until", "2023-11-14T23:13:29+01:00"], [8]),
        (["--until", "2023-11-14"], []),
        (["--since", "7d"], []),
        (["--feedback", "any"], []),
        (["--client-id", "order-4"], [4]),
        (["--model", "abab", "--class", "bird"], None),
        (["--model", "ababab", "--first", "meta_forest", "--class", "bird"], []),
        (["--image-sha256", "cd" * 32, "--carrier", "meta_forest", "--limit", 1], [10]),
    ],
)
def test_decisions_are_searched(ask: Ask, options: list[object], wanted: list[int] | None) -> None:
    found = ask("search", *options, "--json")

    if wanted is None:
        assert found.code == 2
        assert "--model: String should match pattern" in found.err
    else:
        assert numbers(found) == wanted


def test_a_decision_takes_twenty_feedbacks(ask: Ask) -> None:
    codes = [ask("feedback", "order-6", "--useful").code for _ in range(21)]

    refused = ask("feedback", "order-6", "--label", "cat")
    assert codes == [0] * 20 + [2]
    assert "Error: wanted at most 20 feedbacks on one decision" in refused.err


def test_pages_follow_each_other(ask: Ask) -> None:
    first = ask("search", "--class", "dog", "--limit", 3, "--json")
    cursor = json.loads(first.out.splitlines()[-1])["cursor"]
    then = ask("search", "--class", "dog", "--limit", 3, "--json", "--cursor", cursor)
    told = ask("search", "--class", "dog", "--limit", 3)

    assert numbers(first) + numbers(then) == [8, 6, 4, 2, 0]
    assert len(then.out.splitlines()) == 2  # no cursor
    assert f"There are more: --cursor {cursor}" in told.out
    refused = ask("search", "--cursor", cursor)
    assert refused.code == 2
    assert "cursor: it belongs to another query" in refused.err


def test_a_citation_is_looked_up_the_other_way_round(ask: Ask) -> None:
    assert numbers(ask("cited", "leaf", "leaf-3", "--json")) == [7, 3]
    assert numbers(ask("cited", "example", "train-1", "--limit", 2, "--json")) == [10, 9]
    assert ask("cited", "leaf", "leaf-9").out == "No decision is like that.\n"


def test_what_is_found_is_laid_out_in_columns(ask: Ask) -> None:
    assert ask("feedback", "order-6", "--label", "cat").code == 0

    head, row = ask("search", "--status", "weak", "--limit", 1).out.splitlines()[:2]
    assert head.split() == [
        "answered", "(UTC)", "id", "class", "conf", "status", "carrier", "agrees", "feedback"
    ]  # fmt: skip
    assert row.startswith("2023-11-14 22:13:29.000")  # of the other tenant
    rows = ask("search", "--status", "weak", "--tenant", "acme").out.splitlines()
    assert rows[1].split()[2:] == [
        decision(6).id, "dog", "0.300", "weak", "meta_forest", "yes", "wrong:", "cat"
    ]  # fmt: skip


def test_feedback_is_added_and_told(ask: Ask) -> None:
    first = ask("feedback", "order-5", "--label", "dog", "--not-useful", "--note", "a\x1b[31mtail")
    then = ask("feedback", "order-5", "--label", "cat", "--json")

    assert "label dog (wrong); not useful; a [31mtail" in first.out
    assert then.record["wrong"] is False
    assert numbers(ask("search", "--feedback", "right", "--json")) == [5]
    assert ask("show", "order-5").out.count("feedback") == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "wanted at least one of label, useful and note"),
        (["--label", ""], "--label: String should have at least 1 character"),
        (["--note", "x" * 2001], "--note: String should have at most 2000 characters"),
    ],
)
def test_wrong_feedback_is_refused(ask: Ask, options: list[str], said: str) -> None:
    found = ask("feedback", "order-5", *options)

    assert found.code == 2
    assert said in found.err


def test_a_ledger_is_counted(ask: Ask) -> None:
    ask("feedback", "order-5", "--label", "dog", "--useful")
    ask("feedback", "order-5", "--label", "cat")
    ask("feedback", "order-4", "--label", "cat")

    record, told = ask("stats", "--json").record, ask("stats").out

    assert record["decisions"] == 11
    assert record["statuses"] == {"supported": 7, "weak": 4}
    assert record["classes"] == {"cat": 6, "dog": 5}
    assert record["agreement"]["count"] == 10
    # Wilson's interval of 10 of 11, by hand: (10 + 1.9207) / 14.8415 +- 0.1808
    assert record["agreement"]["interval"] == pytest.approx([0.6226, 0.9838], abs=1e-4)
    assert record["feedback"] == 2
    assert (record["wrong"]["count"], record["wrong"]["of"]) == (1, 2)
    assert (record["useful"]["count"], record["useful"]["of"]) == (1, 1)
    assert "90.91 % (10 of 11; 95 %: 62.26 to 98.38 %)" in told
    assert ask("stats", "--tenant", "other", "--json").record["decisions"] == 1
    assert ask("stats", "--tenant", "nobody").out.startswith("decisions")


def test_the_oldest_are_pruned_and_the_file_shrinks(ask: Ask, file: Path) -> None:
    found = ask("prune", "--rows", 4, "--json")

    assert found.record["deleted"] == 7
    assert found.record["rows"] == 4
    assert numbers(ask("search", "--json")) == [10, 9, 8, 7]
    assert ask("vacuum").code == 0
    assert file.stat().st_size < 1_000_000
    assert ask("prune", "--days", 36_000).out.startswith("0 decisions deleted; 4 are left")
    assert ask("prune", "--days", 1).out.startswith("4 decisions deleted; 0 are left")
    refused = ask("prune")
    assert refused.code == 2
    assert "wanted at least one of --days, --rows and --bytes" in refused.err


def test_a_backup_is_a_ledger_of_its_own(ask: Ask, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"

    assert ask("backup", copy).code == 0
    assert copy.stat().st_mode & 0o077 == 0  # replies are for nobody else on the machine
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert numbers(run("ledger", "search", "--json", "--limit", 1, "--ledger", copy)) == [10]
    again, nowhere = ask("backup", copy), ask("backup", tmp_path / "no" / "copy.sqlite3")
    assert (again.code, nowhere.code) == (2, 2)
    assert "copy.sqlite3 exists; name a new file" in again.err
    assert "there is no folder" in nowhere.err


def test_the_ledger_is_the_one_that_the_service_writes(
    run: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("REASONED_LEDGER", raising=False)
    place = tmp_path / "reasoned" / "ledger.sqlite3"

    missing = run("ledger", "search")
    assert missing.code == 2
    assert f"there is no ledger {place}; name one with --ledger" in missing.err
    assert not place.exists()

    monkeypatch.setenv("REASONED_LEDGER", str(file))
    assert numbers(run("ledger", "search", "--json", "--limit", 1)) == [10]

    monkeypatch.setenv("REASONED_LEDGER", "off")
    off = run("ledger", "search")
    assert off.code == 2
    assert "REASONED_LEDGER=off: nothing is recorded" in off.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--since", "yesterday"], "wanted 24h, 7d, 2026-11-22 or 2026-11-22T08:00:00Z, not"),
        (["--cited", "leaf-3"], "--cited: wanted KIND=KEY, as leaf=leaf-12, not 'leaf-3'"),
        (["--image-sha256", "12"], "--image-sha256: String should match pattern"),
        (["--limit", "0"], "Invalid value for '--limit'"),
    ],
)
def test_a_wrong_option_is_named(ask: Ask, options: list[str], said: str) -> None:
    found = ask("search", *options)

    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_a_file_that_is_no_ledger_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database", encoding="utf-8")
    found = run("ledger", "search", "--ledger", tmp_path / "notes.txt")

    assert found.code == 2
    assert "notes.txt" in found.err


def test_help_shows_examples(run: Run) -> None:
    for command in ("search", "show", "cited", "feedback", "prune", "backup"):
        assert f"reasoned ledger {command} " in run("ledger", command, "--help").out
