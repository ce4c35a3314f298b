"""What explanations looked like on held-out images, as it is stored with the model."""

import dataclasses
import itertools
from pathlib import Path
from typing import Annotated, Final, Literal, Self, final

import numpy as np
from pydantic import Field, ValidationError, model_validator

from reasoned.errors import FolderError
from reasoned.folder.checking import digest, read_manifest
from reasoned.folder.manifest import Frozen

PLACE: Final = "drift/reference.json"
OTHER: Final = "other"  # how everything that the reference never saw is called
DECILES: Final = 9
_COUNT = Annotated[int, Field(ge=0)]
_SHARE = Annotated[float, Field(ge=0.0, le=1.0)]
_BOUND = Annotated[float, Field(gt=0.0, lt=1.0)]
_DISTANCE = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
_Bins = Annotated[tuple[_COUNT, ...], Field(min_length=10, max_length=10)]
_Deciles = Annotated[tuple[_DISTANCE, ...], Field(min_length=DECILES, max_length=DECILES)]


@final
class Member(Frozen):
    """One share that is watched.

    `key` is a class, or what was cited; None for everything that the reference never saw.
    `side` is ``above`` where a larger share is a change, ``below`` where a smaller one is.
    `bound` is the upper bound of what the member sees: of the share, or of 1 - share.
    """

    key: str | None
    side: Literal["above", "below"]
    bound: _BOUND
    share: _SHARE


@final
class Family(Frozen):
    """Shares that raise one alarm together; `kind` is a kind of citation, or None."""

    name: Annotated[str, Field(min_length=1)]
    kind: str | None
    members: Annotated[tuple[Member, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        named = [(member.key, member.side) for member in self.members]
        if len(set(named)) < len(named):
            raise ValueError(f"family {self.name} has a member twice")
        return self


@final
class ReferenceRecord(Frozen):
    """Everything that the detectors and the displays compare with.

    `error` is the probability that some bound does not hold. `images` were counted for shares
    and bounds; the limits of distances come from `limit_images` others. `distance_limits` has
    one limit per predicted class, `distance_deciles` nine.
    """

    version: Literal[1]
    source: str
    error: Annotated[float, Field(gt=0.0, lt=1.0)]
    images: Annotated[int, Field(ge=1)]
    limit_images: Annotated[int, Field(ge=1)]
    classes: Annotated[tuple[str, ...], Field(min_length=1)]
    distance_limits: tuple[_DISTANCE, ...]
    distance_deciles: tuple[_Deciles, ...]
    distance_ranks: _Bins
    confidence_mean: _SHARE
    confidence_bins: _Bins
    feedback: Member | None
    families: Annotated[tuple[Family, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [family.name for family in self.families]
        if len(set(names)) < len(names):
            raise ValueError("two families have one name")
        if not len(self.classes) == len(self.distance_limits) == len(self.distance_deciles):
            raise ValueError("each class must have one limit and nine deciles of distances")
        for deciles in self.distance_deciles:
            if any(one > two for one, two in itertools.pairwise(deciles)):
                raise ValueError("deciles of distances must rise")
        return self


@final
@dataclasses.dataclass(frozen=True)
class Reference:
    """A model's reference.

    Attributes
    ----------
    model
        The digest of the model's manifest.
    digest
        Of the reference's own file.
    record
        What it says.

    """

    model: str
    digest: str
    record: ReferenceRecord = dataclasses.field(repr=False)

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read the reference of a checked model folder; None where it has none.

        Raises
        ------
        FolderError
            When the file is not as this release writes it.

        """
        manifest, model = read_manifest(folder)
        return cls.read(folder, model, manifest.classes)

    @classmethod
    def read(cls, folder: Path, model: str, classes: tuple[str, ...]) -> Self | None:
        """As `load`, where the manifest's digest and classes are known."""
        path = folder / PLACE
        if not path.is_file():
            return None
        data = path.read_bytes()
        try:
            record = ReferenceRecord.model_validate_json(data)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in wrong["loc"]) or "the record"
            raise FolderError(
                f"{path}: {where} is wrong: {wrong['msg']}; measure it again with `reasoned drift "
                "reference`"
            ) from error
        if record.classes != classes:
            raise FolderError(
                f"{path} was measured on a model of the classes {', '.join(record.classes)}, but "
                f"this one has {', '.join(classes)}; measure it again with `reasoned drift "
                "reference`"
            )
        return cls(model, digest(data), record)

    def rank(self, predicted: int, nearest: float) -> float:
        """Say how far a nearest example is among those of its class, in tenths from 0 to 1."""
        deciles = self.record.distance_deciles[predicted]
        return (1 + int(np.searchsorted(deciles, nearest, side="left"))) / (DECILES + 1)


def write_reference(folder: Path, record: ReferenceRecord) -> None:
    """Write a reference into a model folder that is yet to be sealed."""
    path = folder / PLACE
    path.parent.mkdir(exist_ok=True)
    path.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
