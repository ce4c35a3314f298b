"""Which decisions are looked for."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from explainers.evidence import Citation
from reasoned.errors import OptionsError
from reasoned.ledger.word import Word
from reasoned.reply.schema import Status

MOST_ROWS: Final = 200
ROWS: Final = 50  # that come where nobody says how many
# What HTTP calls a field, where that is not its name.
_CALLED: Final = {"label": "class", "since": "from", "until": "to"}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
Said = Literal["wrong", "right", "any", "none"]


def citation_of(text: str) -> Citation:
    """Read ``KIND=KEY``, such as ``example=train-000017``.

    Raises
    ------
    ValueError
        When it is written otherwise.

    """
    kind, equals, key = text.partition("=")
    if not (kind and equals and key):
        raise ValueError(f"wanted KIND=KEY, as leaf=leaf-12, not {text[:80]!r}")
    return kind, key


def _citation(value: object) -> object:
    return citation_of(value) if isinstance(value, str) else value


def _moment(value: object) -> object:
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise ValueError(f"wanted a time as 2026-11-22T08:00:00Z, not {value[:80]!r}")
    return value


_Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
_Cited = Annotated[tuple[Word, Word], BeforeValidator(_citation)]


class Query(BaseModel):
    """What is wanted of the decisions that are found; None wants nothing.

    Attributes
    ----------
    tenant
        Whose they are; None for everybody's.
    model
        The first digits, at least six, of the model's digest.
    label
        The network's class.
    status, agrees, carrier, first
        As in the reply.
    since, until
        When they were answered: from `since` on, and before `until`.
    cited
        What they cited: a kind and a key, such as ``("example", "train-000017")``.
    image_sha256
        The digest of the image.
    feedback
        Whether the newest label that was given is another than the network's (``wrong``) or
        the same (``right``), whether ``any`` feedback came, or ``none``.
    client_id
        What the client called the request.
    limit
        How many at a time.
    cursor
        Where the page before ended.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: str | None = None
    model: Annotated[str, Field(pattern="^[0-9a-f]{6,64}$")] | None = None
    label: Word | None = None
    status: Status | None = None
    agrees: bool | None = None
    carrier: Word | None = None
    first: Word | None = None
    since: _Moment | None = None
    until: _Moment | None = None
    cited: _Cited | None = None
    image_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    feedback: Said | None = None
    client_id: Word | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS
    cursor: Annotated[str, Field(max_length=200)] | None = None


def parameters() -> dict[str, str]:
    """Name each field by what HTTP calls it; the tenant is no client's to choose."""
    return {_CALLED.get(name, name): name for name in Query.model_fields if name != "tenant"}


def query_of(given: Mapping[str, str], tenant: str | None) -> Query:
    """Read a query as HTTP writes it, all in words.

    Raises
    ------
    OptionsError
        On an unknown or wrong parameter; the message names it.

    """
    fields = parameters()
    for name in given:
        if name not in fields:
            raise OptionsError(f"{name[:80]!r} is no parameter; there are {', '.join(fields)}")
    words: dict[str, Any] = {fields[name]: text for name, text in given.items()}
    if tenant is not None:
        words["tenant"] = tenant
    try:
        return Query.model_validate_strings(words)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        field = str(wrong["loc"][0])
        said = wrong["msg"].removeprefix("Value error, ")
        shown = str(words[field])[:80]
        raise OptionsError(f"{_CALLED.get(field, field)}: {said} ({shown!r} came)") from error
