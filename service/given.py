"""A JSON body as the record that a route wants."""

from typing import TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from reasoned.errors import OptionsError
from service.errors import UnreadableBodyError

Given = TypeVar("Given", bound=BaseModel)


def given_of(kind: type[Given], body: bytes) -> Given:
    """Read the body of a request.

    Parameters
    ----------
    kind
        What is wanted.
    body
        As it came.

    Raises
    ------
    UnreadableBodyError
        When it is not JSON.
    OptionsError
        When it is other JSON than is wanted; the message names the field.

    """
    try:
        return kind.model_validate(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        raise UnreadableBodyError(f"the body is not JSON: {error}") from error
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in wrong["loc"]) or "the body"
        raise OptionsError(f"{field[:80]}: {wrong['msg'].removeprefix('Value error, ')}") from error
