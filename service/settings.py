"""The environment, as one frozen record."""

from pathlib import Path
from typing import Annotated, Final, Literal

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
    ledger
        Where answers are recorded: ``off``, the path of a SQLite file, or the URL of a
        PostgreSQL database; by default a file in the user's state folder.
    ledger_strict
        Answer 503 where a request could not be recorded, in place of counting it as dropped.
    ledger_queue
        Answers per worker that may wait to be written.
    ledger_replies
        Keep the replies' bytes too.
    ledger_keep
        What is kept of each image: ``nothing``, ``activations``, ``thumbnail`` or ``image``.
    ledger_sample
        Share of the requests that is recorded; disagreements, ``weak`` and
        ``out_of_support`` always are.
    ledger_days, ledger_rows, ledger_bytes
        How long, how many and how large: older rows are deleted.
    run_length
        How many requests apart false alarms are, on average and at the least, all detectors
        together; 0 switches the detectors off.
    feedback_alarm
        Watch the errors that feedback tells of, too.
    examples
        How training images are shown: ``full``, ``thumbnail``, ``id``, ``prototype`` or
        ``off``.
    distances
        ``rounded`` to two digits and floored, or ``exact``.
    opt_out_file
        A file with the id of one training image per line that must not be shown; read again
        when it changes.
    metrics_open
        Let anybody read ``/metrics`` without a key.
    rate_limit
        Requests per key, such as ``100/second``; none by default.
    rate_limit_store
        Where they are counted: ``memory://`` (each worker for itself) or a URL of Redis.
    jwks_url, jwt_audience, jwt_issuer
        Take JSON Web Tokens signed by one of these keys, for this audience, by this issuer.
    otlp_endpoint
        Where traces are sent, as OTLP over HTTP; none by default.
    request_log
        Write one JSON line for each request to standard error.

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
    ledger: str | None = None
    ledger_strict: bool = False
    ledger_queue: Positive = 10_000
    ledger_replies: bool = True
    ledger_keep: Literal["nothing", "activations", "thumbnail", "image"] = "nothing"
    ledger_sample: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    ledger_days: Annotated[float, Field(gt=0.0)] = 90.0
    ledger_rows: Positive = 1_000_000
    ledger_bytes: Positive = 4_000_000_000
    run_length: Annotated[int, Field(ge=0, le=1_000_000_000_000)] = 100_000
    feedback_alarm: bool = False
    examples: Literal["full", "thumbnail", "id", "prototype", "off"] = "thumbnail"
    distances: Literal["rounded", "exact"] = "rounded"
    opt_out_file: Path | None = None
    metrics_open: bool = False
    rate_limit: str | None = None
    rate_limit_store: str = "memory://"
    jwks_url: str | None = None
    jwt_audience: str | None = None
    jwt_issuer: str | None = None
    otlp_endpoint: str | None = None
    request_log: bool = True

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
