"""What clusters mean, as stored text that goes into replies: checked, then written anew."""

from typing import Annotated, final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from explainers.errors import ArtefactError

Count = Annotated[int, Field(ge=0, lt=2**53)]


@final
class Meaning(BaseModel):
    """One cluster: images, their true classes, its medoids, and the units that stand out."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    size: Count
    classes: dict[str, Count]
    medoids: list[str]
    units: list[Count]


def canonical(text: str) -> str:
    """Give a cluster's meaning as the JSON object that it is, and nothing beside it.

    Raises
    ------
    ArtefactError
        When the text is anything else, such as one object and the beginning of another.

    """
    try:
        return Meaning.model_validate_json(text).model_dump_json()
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise ArtefactError(
            f"cluster_meanings must hold size, classes, medoids and units as JSON, but "
            f"{where or 'one'} is wrong: {wrong['msg']}"
        ) from error
