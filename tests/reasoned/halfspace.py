"""A second method with regions: one boundary over one unit, which leaves some images out."""

import dataclasses
from collections.abc import Callable
from typing import ClassVar, final

import numpy as np
import orjson

from explainers.activations import Activations
from explainers.arrays import ByteArray
from explainers.contract import Explainer
from explainers.evidence import Evidence, Form
from explainers.gallery import Tile
from explainers.heads import Head
from explainers.status import StatusRule
from reasoned.explaining import Explaining
from reasoned.model import ExplainedModel
from reasoned.region_pictures import RegionPictures
from tests.reasoned.rules import counted_for

SHA = "0" * 64
HEAT: ByteArray = np.arange(0, 256, 17, dtype=np.uint8).reshape(4, 4)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Halfspace(Explainer):
    """Names a class where a unit is above a threshold, and none elsewhere."""

    name: ClassVar[str] = "halfspace"
    form: ClassVar[Form] = "region"
    unit: int
    least: float
    names: int
    strength: float
    class_names: tuple[str, ...]
    shown: tuple[str, ...] = ()
    region: str = "half-1"

    def check(self) -> None:
        pass

    def explain(self, activations: Activations) -> Evidence:
        return self._evidence(activations, None)

    def explain_in_full(self, activations: Activations, late: Callable[[], bool]) -> Evidence:
        heat = None if late() else (HEAT / 255.0).round(4).tolist()
        return self._evidence(activations, heat)

    def _evidence(self, activations: Activations, heat: list[list[float]] | None) -> Evidence:
        margin = round(float(activations.hidden[self.unit]) - self.least, 4)
        inside = margin > 0.0
        against = {"label": self.class_names[0], "index": 0}
        far = {"distance": margin, "relative": 0.25, "example": "image-1"}
        body = {
            "inside": [self.region] if inside else [],
            "facets": [{"against": against, "margin": margin}] if inside else [],
            "closest": {"against": against, "margin": margin, **far} if inside else None,
            "references": 1200 if inside else None,
            "others": 3 if inside else None,
            "similar": [{"id": shown, "distance": 1.5} for shown in self.shown] if inside else [],
            "heat_map": heat,
        }
        return Evidence(
            method=self.name,
            form=self.form,
            region=self.region if inside else None,
            names=self.names if inside else None,
            strength=self.strength if inside else None,
            sentence="It lies above." if inside else "It lies below.",
            body=orjson.dumps(body),
        )

    def head(self) -> Head | None:
        return None

    def regions(self) -> tuple[str, ...]:
        return (self.region,)

    def cites(self) -> tuple[int, ...]:
        return ()

    def summary(self) -> dict[str, float | int | str]:
        return {}

    def picture(self) -> str | None:
        return None

    def gallery(self, region: str) -> tuple[Tile, ...]:
        assert region == self.region
        return tuple(
            Tile(shown, f"{shown}, Dist {i}.5", HEAT if i else HEAT[::-1])
            for i, shown in enumerate(self.shown)
        )


def halfspace_of(model: ExplainedModel, names: int, strength: float, **fields: object) -> Halfspace:
    """Cut at the middle of the unit that a digit 3 raises most, above which others lie too."""
    representatives = model.explaining.parts.representatives
    vectors = representatives.vectors
    raised = vectors[representatives.predicted == 3].mean(axis=0) - vectors.mean(axis=0)
    unit = int(raised.argmax())
    return Halfspace(
        unit=unit,
        least=float(np.median(vectors[:, unit])),
        names=names,
        strength=strength,
        **({"class_names": model.classes} | fields),  # type: ignore[arg-type]  # given by name
    )


def joined_by(model: ExplainedModel, second: Halfspace, rule: StatusRule) -> ExplainedModel:
    """Package a second method with regions beside those of a model."""
    parts = model.explaining.parts
    counts = parts.reliability.counts | {"halfspace": {"half-1": {"supported": (40, 50, 45, 0.7)}}}
    joined = dataclasses.replace(
        parts,
        explainers={**parts.explainers, "halfspace": second},
        rule=rule,
        reliability=counted_for(rule, counts, parts.reliability.calibration),
    )
    explaining = Explaining.of(joined, model.name, model.version, SHA)
    pictures = RegionPictures(
        joined.explainers, explaining.writer.pictures, model.thumbnails, parts.preprocessing
    )
    return dataclasses.replace(model, explaining=explaining, pictures=pictures)
