"""What a card takes from the report of an evaluation."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reasoned.errors import FolderError

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class Frozen(BaseModel):
    """A record that does not change; a report says more than a card repeats."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Statement(Frozen):
    """One line of the summary, and whether it holds; null where it was not measured."""

    holds: bool | None
    text: str


class Some(Frozen):
    """Some of the images: how many, and how they did."""

    name: str
    of: Count
    share: Share
    fidelity: Share | None
    accuracy: Share | None


class Trust(Frozen):
    """Whether the statement of replies held on unseen images."""

    images: Count
    accuracy: Share
    fidelity: Share
    calibration_error: Amount | None
    bounds_broken_share: Share | None
    statuses: tuple[Some, ...]
    wrong: Some
    methods: tuple[Some, ...]


class Shift(Frozen):
    """One kind of change of the images, at one severity; 0 is none."""

    kind: str
    severity: Count
    images: Count
    supported: Share
    accuracy: Share | None
    fidelity: Share
    supported_fidelity: Share | None


class Stranger(Frozen):
    """Images of another kind, and how many of them were not `supported`."""

    name: str
    what: str
    images: Count
    not_supported: Share


class Cost(Frozen):
    """What one explanation costs; `kind` is ``ours`` or ``peer``."""

    name: str
    kind: str
    milliseconds: Amount
    passes: Amount


class Measured(Frozen):
    """What `reasoned evaluate` found, as far as a card repeats it."""

    sha256: str
    data: str
    command: str
    summary: tuple[Statement, ...]
    reliability: Trust
    shift: tuple[Shift, ...]
    strangers: tuple[Stranger, ...]
    cost: tuple[Cost, ...]


def read_measured(path: Path, sha256: str) -> Measured:
    """Read the report of an evaluation of the model with this manifest.

    Raises
    ------
    FolderError
        When it is no such report, or that of another model.

    """
    try:
        found = Measured.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FolderError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"]) or "the file"
        raise FolderError(
            f"{path} must be the evaluation.json that `reasoned evaluate MODEL --data ...` writes "
            f"without --method, but {where} is wrong: {wrong['msg']}"
        ) from error
    if found.sha256 != sha256:
        raise FolderError(
            f"{path} is of another model: it was measured on manifest SHA-256 {found.sha256}, but "
            f"this folder's is {sha256}; evaluate this folder"
        )
    return found
