"""Keep clients' mistakes out of the server's error log."""

import logging
from typing import Final

from pydantic import ValidationError

from service.errors import RequestError

_NOISY: Final = "bentoml._internal.server.http_app"


def is_our_fault(record: logging.LogRecord) -> bool:
    """Tell whether a record is worth a line: a client's wrong JSON is not."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, (ValidationError, RequestError))


def quieten_bentoml() -> None:
    """Stop BentoML from writing a traceback for each request that it refuses."""
    logging.getLogger(_NOISY).addFilter(is_our_fault)
