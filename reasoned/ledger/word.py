"""Text that a database takes."""

from typing import Annotated

from pydantic import AfterValidator, Field


def writable(value: str) -> str:
    """Return the text itself.

    Raises
    ------
    ValueError
        When it holds a zero byte, which PostgreSQL's text cannot.

    """
    if "\x00" in value:
        raise ValueError("wanted text without a zero byte")
    return value


Word = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(writable)]
Note = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(writable)]
