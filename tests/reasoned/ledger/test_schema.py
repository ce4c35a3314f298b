import stat
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from reasoned.errors import LedgerError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.schema import HEAD, MIGRATIONS, VERSION_TABLE
from reasoned.ledger.tables import METADATA
from tests.reasoned.ledger.recorded import decision


# Of SQLite's the next test compares it.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrations_make_the_tables(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert found == []


def test_what_metadata_do_not_tell_is_the_same_too(tmp_path: Path) -> None:
    ledger, plain = Ledger.open(str(tmp_path / "a")), Ledger.open(str(tmp_path / "b"))
    with plain.engine.begin() as connection:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
    made = []
    for one in (ledger, plain):
        asked = text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
        with one.engine.connect() as connection:
            made.append(
                [[" ".join(str(x).split()) for x in row] for row in connection.execute(asked)]
            )
        one.close()
    assert made[0] == made[1]


def test_the_newest_step_is_the_one_that_is_known() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    steps = ScriptDirectory.from_config(config)

    assert steps.get_heads() == [HEAD]
    names = [step.revision for step in steps.walk_revisions()]
    assert names == sorted(names, reverse=True), "later steps must have greater names"


def test_a_ledger_is_opened_again(address: str, ledger: Ledger) -> None:
    ledger.write([decision(1)])

    again = Ledger.open(address)

    assert again.size().rows == 1
    again.close()


def test_a_ledger_of_a_later_version_is_refused(address: str, ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE ledger_version SET version_num = '9999'"))

    with pytest.raises(
        LedgerError, match=r"by a later version of reasoned \(its tables are at 9999"
    ):
        Ledger.open(address)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not for a database\n" * 100)

    with pytest.raises(LedgerError, match=r"notes\.txt cannot be used: the file is no SQLite"):
        Ledger.open(str(file))

    assert file.read_text() == "not for a database\n" * 100


def test_a_database_of_something_else_is_refused_and_left_alone(
    address: str, ledger: Ledger
) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        connection.execute(text("DROP TABLE action"))

    with pytest.raises(LedgerError, match="already exists"):
        Ledger.open(address)

    with ledger.engine.connect() as connection:
        assert not ledger.engine.dialect.has_table(connection, "action")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(
        LedgerError, match=r"file/ledger cannot be written: (Not a directory|File exists)"
    ):
        Ledger.open(str(tmp_path / "file" / "ledger"))


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    ledger = Ledger.open(str(tmp_path / "deep" / "ledger"))

    modes = {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "deep").iterdir()}
    assert modes == {0o600}
    ledger.close()


def test_a_ledger_writes_ahead(tmp_path: Path) -> None:
    ledger = Ledger.open(str(tmp_path / "ledger"))
    with ledger.engine.connect() as connection:
        told = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "cache_size")
        ]
    assert told == ["wal", 1, 10_000, -16_000]  # synchronous: 1 is NORMAL
    ledger.close()


def test_workers_that_start_at_once_do_not_collide(address: str) -> None:
    ready, opened, errors = threading.Barrier(8), list[Ledger](), list[Exception]()

    def start() -> None:
        ready.wait(30)
        try:
            opened.append(Ledger.open(address))
        except LedgerError as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    for number, ledger in enumerate(opened):
        ledger.write([decision(number)])
    assert opened[0].size().rows == 8
    for ledger in opened:
        ledger.close()
