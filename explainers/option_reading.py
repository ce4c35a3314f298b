"""Read what a user set for a method, and say what is wrong with it."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from explainers.errors import FittingError

Options = TypeVar("Options", bound=BaseModel)


def read_options(kind: type[Options], method: str, given: Mapping[str, object]) -> Options:
    """Read options, most of them text; raise `FittingError` on an unknown name or a wrong value."""
    try:
        return kind.model_validate(dict(given), strict=False)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        if where not in kind.model_fields:
            known = ", ".join(kind.model_fields)
            raise FittingError(f"{method} has no option {where!r}; it has {known}") from error
        raise FittingError(
            f"{method}.{where} cannot be {wrong['input']!r}: {wrong['msg']}"
        ) from error
