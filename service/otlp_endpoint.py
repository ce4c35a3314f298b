"""Where traces are sent."""

from typing import Final
from urllib.parse import urlsplit

from reasoned.errors import SettingsError
from service.settings import Settings

_PATH: Final = "/v1/traces"


def checked_endpoint(settings: Settings) -> str | None:
    """Give the whole URL to which traces are sent; None where they are not.

    Raises
    ------
    SettingsError
        When it is no URL, or the extra is not installed.

    """
    if settings.otlp_endpoint is None:
        return None
    url = urlsplit(settings.otlp_endpoint)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise SettingsError(
            "REASONED_OTLP_ENDPOINT must be a URL such as http://localhost:4318, not "
            f"{_shown(settings.otlp_endpoint)!r}"
        )
    try:
        import opentelemetry.exporter.otlp.proto.http  # noqa: F401, PLC0415  is it there?
    except ImportError as error:
        raise SettingsError(
            "REASONED_OTLP_ENDPOINT is set, but what sends traces is not installed: "
            "pip install 'reasoned[otlp]'"
        ) from error
    return url._replace(path=_PATH if url.path in {"", "/"} else url.path).geturl()


def _shown(endpoint: str) -> str:
    """Leave out a user and a password, which stand before the last at sign."""
    return endpoint.rpartition("@")[2]
