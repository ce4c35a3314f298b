"""The numbers that stand for what was cited."""

from collections.abc import Sequence
from typing import Final, final

from sqlalchemy import Connection

from explainers.evidence import Citation
from reasoned.ledger.statements import Statements

Cited = tuple[Citation, ...]
Numbered = tuple[list[list[int]], dict[Citation, int]]
_MOST: Final = 200_000  # names that are kept in memory


@final
class Names:
    """A memory of the numbers in the table `cited`.

    A name's number never changes and is never given to another, so that what one process
    has read stays right whatever others write.
    """

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._known: dict[Citation, int] = {}

    def numbers(self, connection: Connection, cited: Sequence[Cited]) -> Numbered:
        """Give numbers to names, in a transaction that holds the lock.

        Parameters
        ----------
        connection
            Of the transaction.
        cited
            The names of each decision.

        Returns
        -------
        :
            The numbers of each decision, each once, and those that are new in this memory.

        """
        try:
            return _looked_up(self._known, cited), {}
        except KeyError:
            unknown = {name for names in cited for name in names} - self._known.keys()
        new = self._statements.number(connection, sorted(unknown))
        return _looked_up({**self._known, **new}, cited), new

    def forget(self) -> None:
        """Ask for every name anew: the database is another."""
        self._known = {}

    def keep(self, new: dict[Citation, int]) -> None:
        """Remember numbers, once the transaction that gave them is committed."""
        if len(self._known) + len(new) > _MOST:
            self._known = {}
        self._known.update(new)


def _looked_up(known: dict[Citation, int], cited: Sequence[Cited]) -> list[list[int]]:
    return [list(dict.fromkeys([known[name] for name in names])) for names in cited]
