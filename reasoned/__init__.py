"""Image classifiers that give their reasons."""

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reasoned.model import ExplainedModel
    from reasoned.reply.options import ReplyOptions
    from reasoned.reply.schema import Reply

__all__ = ["ExplainedModel", "Reply", "ReplyOptions"]

_HOMES: Final = {
    "ExplainedModel": "reasoned.model",
    "Reply": "reasoned.reply.schema",
    "ReplyOptions": "reasoned.reply.options",
}


def __getattr__(name: str) -> object:
    """Import what is asked for, so that small commands do not load a model's libraries."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
