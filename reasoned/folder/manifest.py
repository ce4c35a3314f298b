"""The manifest of a model folder: every file's digest, and what the model is."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from reasoned.images.preprocessing import Preprocessing

SCHEMA_VERSION: Final = 3
MANIFEST = "manifest.json"
DIGEST = "manifest.sha256"
Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Figure = float | Whole | str | bool | None


class Frozen(BaseModel):
    """A record that neither changes nor takes unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FileRecord(Frozen):
    """What a file must be, byte for byte."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: Annotated[Whole, Field(ge=0)]


class NetworkRecord(Frozen):
    """Which network is explained, and at which layer."""

    source: str
    layer: str
    units: Whole
    shape: tuple[Whole, Whole, Whole]
    trained_here: bool
    export_max_logit_difference: float | None
    export_images: Whole


class DataRecord(Frozen):
    """Which images the model was fitted on; the splits are counts of images."""

    spec: str
    sha256: str
    train: Whole
    validation: Whole
    calibration: Whole
    test: Whole
    calibration_source: str
    calibration_seen: Literal["held_out", "may_have_been_seen"]


class Manifest(Frozen):
    """Everything that is said of a model, under the digest that replies carry."""

    schema_version: Literal[3]
    name: str
    version: str
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    preprocessing_max_difference: float
    network: NetworkRecord
    data: DataRecord
    methods: Annotated[dict[str, dict[str, Figure]], Field(min_length=1)]
    refused: dict[str, str]
    figures: dict[str, Figure]
    bounds: dict[str, Figure]
    request_ms: Annotated[float, Field(ge=0.0)]
    seed: Whole
    command: str
    libraries: dict[str, str]
    files: dict[str, FileRecord]
