"""A method that names the nearest training images wherever its evidence can."""

import dataclasses
from typing import ClassVar, final

import numpy as np
import orjson

from explainers.activations import Activations
from explainers.arrays import FloatArray
from explainers.contract import Explainer
from explainers.evidence import EXAMPLE, Evidence, Form
from explainers.gallery import Tile
from explainers.heads import Head
from reasoned.explaining import Explaining
from reasoned.model import ExplainedModel
from reasoned.region_pictures import RegionPictures
from tests.reasoned.rules import counted_for, rule_of

REGION = "around"
TOLD = 4


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Pointer(Explainer):
    """Names class 3, and the nearest of the images that it holds."""

    name: ClassVar[str] = "pointer"
    form: ClassVar[Form] = "region"
    class_names: tuple[str, ...]
    ids: tuple[str, ...]
    vectors: FloatArray

    def check(self) -> None:
        pass

    def explain(self, activations: Activations) -> Evidence:
        away = np.linalg.norm(self.vectors - activations.hidden, axis=1)
        near = np.argsort(away, kind="stable")[:TOLD].tolist()
        named = [self.ids[place] for place in near]
        against = {"label": self.class_names[0], "index": 0}
        far = {"margin": 1.0, "distance": 1.0, "relative": 0.123456, "example": named[0]}
        body = {
            "inside": [REGION],
            "facets": [{"against": against, "margin": 1.0}],
            "closest": {"against": against, **far},
            "references": 10,
            "others": 0,
            "similar": [{"id": self.ids[i], "distance": round(float(away[i]), 4)} for i in near],
            "heat_map": None,
        }
        return Evidence(
            method=self.name,
            form=self.form,
            region=REGION,
            names=3,
            strength=0.9,
            sentence=f"It is like {named[0]} and {named[1]}.",
            body=orjson.dumps(body),
            cited=tuple((EXAMPLE, one) for one in named),
        )

    def head(self) -> Head | None:
        return None

    def regions(self) -> tuple[str, ...]:
        return (REGION,)

    def cites(self) -> tuple[int, ...]:
        return ()

    def summary(self) -> dict[str, float | int | str]:
        return {}

    def picture(self) -> str | None:
        return None

    def gallery(self, region: str) -> tuple[Tile, ...]:
        assert region == REGION
        return tuple(Tile(one, one) for one in self.ids[:6])


def pointed(model: ExplainedModel) -> ExplainedModel:
    """Package such a method before those of a model."""
    parts = model.explaining.parts
    shown = parts.representatives
    second = Pointer(parts.classes, shown.ids, shown.vectors)
    rule = rule_of(pointer=0.5, meta_forest=0.5)
    counts = parts.reliability.counts | {"pointer": {REGION: {"supported": (40, 50, 45, 0.7)}}}
    joined = dataclasses.replace(
        parts,
        explainers={**parts.explainers, second.name: second},
        rule=rule,
        reliability=counted_for(rule, counts, parts.reliability.calibration),
    )
    explaining = Explaining.of(joined, model.name, model.version, "0" * 64)
    pictures = RegionPictures(
        joined.explainers, explaining.writer.pictures, model.thumbnails, parts.preprocessing
    )
    return dataclasses.replace(model, explaining=explaining, pictures=pictures)
