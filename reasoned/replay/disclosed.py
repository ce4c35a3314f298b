"""A model that shows training images as it did when a decision was made."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select

from reasoned.errors import OptionsError, ReplayError
from reasoned.ledger.reading import Opened
from reasoned.ledger.tables import OPT_OUT
from reasoned.model import ExplainedModel
from reasoned.reply.disclosure import Disclosure

_WITHHELD: Final = "withheld:"
# A change reaches the service a second later; clocks may differ, and some may be taken back.
_AROUND: Final = 8
Withheld = frozenset[str]


def withheld_before(ledger: Opened, at: float, also: Withheld = frozenset()) -> list[Withheld]:
    """Give the sets of ids that may have been withheld at a time, the likeliest first.

    Parameters
    ----------
    ledger
        Whose list of opt-outs is read.
    at
        Seconds since 1970.
    also
        Ids that came from a file; they may have been withheld, or not yet.

    """
    table = OPT_OUT.c
    with ledger.engine.connect() as connection:
        rows = connection.execute(select(table.at, table.example).order_by(table.at)).all()
    names = [row.example for row in rows]
    before = sum(row.at <= at for row in rows)
    counts = sorted(range(len(names) + 1), key=lambda count: abs(count - before))[:_AROUND]
    listed = [frozenset(names[:count]) for count in counts]
    return list(dict.fromkeys(one for found in listed for one in (found | also, found)))


def read_ids(path: Path) -> Withheld:
    """Read a file with one id per line, as REASONED_OPT_OUT_FILE is.

    Raises
    ------
    ReplayError
        When it cannot be read.

    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ReplayError(f"{path} cannot be read: {error}") from error
    stripped = (line.partition("#")[0].strip() for line in lines)
    return frozenset(line for line in stripped if line)


def disclosure_of(word: str, withheld: Iterable[Withheld]) -> Disclosure:
    """Give the disclosure that a row's word speaks of.

    Raises
    ------
    ReplayError
        When it is no such word, or none of the sets is what was withheld.

    """
    if _WITHHELD not in word:
        withheld = (frozenset(),)
    last = ""
    for ids in withheld:
        try:
            return Disclosure.read(word, ids)
        except OptionsError as error:
            last = str(error)
    raise ReplayError(
        f"how examples were shown, {word!r}, cannot be made again: {last}; name the ids that were "
        "withheld then with --opt-out-file"
    )


def disclosed(model: ExplainedModel, word: str, withheld: Sequence[Withheld]) -> ExplainedModel:
    """Give the model as it answered then; `model` discloses everything.

    Raises
    ------
    ReplayError
        When it cannot be told what was disclosed then.

    """
    disclosure = disclosure_of(word, withheld)
    return model.disclosing(disclosure)
