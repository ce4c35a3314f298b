"""A second opinion that adds up attributes, worked by hand, with pictures of its regions."""

import dataclasses
from typing import ClassVar, final

import numpy as np
import orjson

from explainers.activations import Activations
from explainers.arrays import ByteArray
from explainers.contract import Explainer
from explainers.evidence import Evidence, Form
from explainers.gallery import Tile
from explainers.heads import Head
from reasoned.explaining import Explaining
from reasoned.model import ExplainedModel
from reasoned.region_pictures import RegionPictures
from tests.reasoned.rules import counted_for, rule_of

SHA = "0" * 64
REGION = "pair-c3-a7"
PICTURE = np.array([[[0], [255]], [[255], [0]]], np.uint8)
# 5 x 2, 2 x -1.5 and 1 x 1: 10 - 3 + 1 with a bias of 4 and a rest of 0.5.
PARTS = (
    ("attribute 7", 5.0, 2.0, 10.0, 1.0),
    ("attribute 2", 2.0, -1.5, -3.0, -0.3),
    ("attribute 0", 1.0, 1.0, 1.0, 0.1),
)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Interpreter(Explainer):
    """Names one class for whatever comes, by the same three attributes."""

    name: ClassVar[str] = "dictionary"
    form: ClassVar[Form] = "parts"
    names: int
    strength: float
    class_names: tuple[str, ...]
    shown: tuple[str, ...] = ()
    by_design: bool = True
    picture_below: ByteArray | None = dataclasses.field(default_factory=PICTURE.copy)
    heat: ByteArray | None = None
    label: str = "attribute 7"

    def check(self) -> None:
        pass

    def explain(self, _activations: Activations) -> Evidence:
        keys = ("name", "value", "weight", "contribution", "relevance")
        parts = [dict(zip(keys, part, strict=True)) for part in PARTS]
        parts[0]["name"] = self.label
        body = {
            "score": f"logit of {self.class_names[self.names]} in g",
            "parts": parts,
            "bias": 4.0,
            "rest": 0.5,
            "total": 12.5,
            "threshold": 0.2,
            "by_design": self.by_design,
        }
        return Evidence(
            method=self.name,
            form=self.form,
            region=REGION,
            names=self.names,
            strength=self.strength,
            sentence="It adds up.",
            body=orjson.dumps(body),
        )

    def head(self) -> Head | None:
        return None

    def regions(self) -> tuple[str, ...]:
        return (REGION, "other")

    def cites(self) -> tuple[int, ...]:
        return ()

    def summary(self) -> dict[str, float | int | str]:
        return {}

    def picture(self) -> str | None:
        return None

    def gallery(self, region: str) -> tuple[Tile, ...]:
        shown = self.shown if region == REGION else ()
        return tuple(Tile(one, one, self.heat, self.picture_below) for one in shown)


def interpreted(model: ExplainedModel, names: int = 3, **fields: object) -> ExplainedModel:
    """Put an interpreter before the methods of a model, showing three of its images."""
    parts = model.explaining.parts
    shown = parts.representatives.ids[:3]
    given = {"strength": 0.9, "class_names": parts.classes, "shown": shown} | fields
    second = Interpreter(names=names, **given)  # type: ignore[arg-type]  # given by name
    rule = rule_of(dictionary=0.5, meta_forest=0.5)
    joined = dataclasses.replace(
        parts,
        explainers={**parts.explainers, second.name: second},
        rule=rule,
        reliability=counted_for(
            rule,
            parts.reliability.counts | {second.name: {REGION: {"supported": (40, 50, 45, 0.7)}}},
            parts.reliability.calibration,
        ),
    )
    explaining = Explaining.of(joined, model.name, model.version, SHA)
    pictures = RegionPictures(
        joined.explainers, explaining.writer.pictures, model.thumbnails, parts.preprocessing
    )
    return dataclasses.replace(model, explaining=explaining, pictures=pictures)
