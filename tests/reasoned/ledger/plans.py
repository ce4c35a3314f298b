"""How SQLite finds what is asked for."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from reasoned.ledger.ledger import Ledger


def plans(ledger: Ledger, ask: Callable[[], object], begins: str = "SELECT") -> list[list[str]]:
    """Ask, and give the steps of each statement that is executed meanwhile and begins so."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, *told: object) -> None:
        asked.append((str(told[0]), told[1]))

    event.listen(ledger.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(ledger.engine, "before_cursor_execute", note)
    with ledger.engine.connect() as connection:
        return [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
            for text, values in asked
            if text.lstrip().startswith(begins)
        ]
