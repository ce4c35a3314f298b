import json
import typing
from pathlib import Path

import pytest
from pydantic import BaseModel

from reasoned.assessment.figures import AssessmentFigures
from reasoned.card.measured import Measured, read_measured
from reasoned.errors import FolderError
from tests.reasoned.card.evaluated import SHA256, measured, report


def written(path: Path, **changes: object) -> Path:
    path.write_text(json.dumps(report(**changes)), encoding="utf-8")
    return path


def test_what_was_written_is_read_and_the_rest_is_left(tmp_path: Path) -> None:
    assert read_measured(written(tmp_path / "evaluation.json"), SHA256) == measured()


def test_the_report_of_another_model_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "evaluation.json", sha256="cd" * 32)

    wanted = f"is of another model: .* SHA-256 {'cd' * 32}, but this folder's is {SHA256}; evaluate"
    with pytest.raises(FolderError, match=wanted):
        read_measured(path, SHA256)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{"method": "attributes"}', "sha256 is wrong: Field required"),
        ("not json", "the file is wrong: Invalid JSON"),
        (json.dumps(report(reliability={"images": -1})), "reliability.images is wrong"),
    ],
)
def test_another_file_is_refused_by_what_is_wrong(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "evaluation.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FolderError, match=rf"evaluation\.json must be .* but {wrong}"):
        read_measured(path, SHA256)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"gone\.json cannot be read"):
        read_measured(tmp_path / "gone.json", SHA256)


def inner(annotation: object) -> list[type[BaseModel]]:
    """The models inside an annotation such as `tuple[Model, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in inner(part)]


def missing(read: type[BaseModel], written: type[BaseModel]) -> set[str]:
    found = set(read.model_fields) - set(written.model_fields)
    for name in set(read.model_fields) & set(written.model_fields):
        pairs = zip(
            inner(read.model_fields[name].annotation),
            inner(written.model_fields[name].annotation),
            strict=True,
        )
        found |= {f"{name}.{lost}" for pair in pairs for lost in missing(*pair)}
    return found


def test_a_report_has_everything_that_a_card_reads() -> None:
    assert missing(Measured, AssessmentFigures) == set()
