"""The environment, as one frozen record."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from reasoned.errors import SettingsError

PREFIX: Final = "REASONED_"
Positive = Annotated[int, Field(ge=1)]
Comma = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """What can be set from outside, each as ``REASONED_`` and its name in capitals.

    Attributes
    ----------
    model
        The model folder; without it, the folder ``model`` beside the package ``service``,
        which is where a Bento holds it.
    body_limit, batch_body_limit
        Bytes of one request's body, for a single image and for a batch.
    most_in_flight
        Requests that one worker holds at a time; further ones are told to come again.
    slots
        Threads per worker for models that are too slow for the event loop.
    queue
        Requests per worker that may wait for such a thread.
    inline_ms
        A model whose default reply takes less than this runs on the event loop.
    timeout
        Seconds after which a request is given up, the reading of its body included.
    workers
        Processes, each with its own copy of the model.
    cors_origins
        Origins whose pages may call the service, ``*`` for any; comma separated.
    api_keys
        SHA-256 digests of the API keys, in hexadecimal; comma separated.
    api_keys_file
        A file with one such digest per line; ``#`` begins a comment.
    insecure
        Serve beyond loopback without API keys.

    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True
    )

    model: Path | None = None
    body_limit: Positive = 10_000_000
    batch_body_limit: Positive = 64_000_000
    most_in_flight: Positive = 64
    slots: Positive = 2
    queue: Annotated[int, Field(ge=0)] = 4
    inline_ms: Annotated[float, Field(ge=0.0)] = 2.0
    timeout: Annotated[float, Field(gt=0.0)] = 10.0
    workers: Positive = 1
    cors_origins: Comma = ()
    api_keys: Comma = ()
    api_keys_file: Path | None = None
    insecure: bool = False

    @field_validator("cors_origins", "api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises
    ------
    SettingsError
        With the variable's name, what is wrong with it, and what it holds.

    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        name = PREFIX + "_".join(str(part) for part in wrong["loc"]).upper()
        raise SettingsError(f"{name}: {wrong['msg']}, not {wrong['input']!r}") from error
