"""A first choice that may name another class, and take its time."""

import dataclasses
import time
from typing import ClassVar, final

from explainers.activations import Activations
from explainers.contract import Explainer
from explainers.evidence import Evidence, Form
from explainers.heads import Head
from reasoned.explaining import Explaining
from reasoned.model import ExplainedModel
from reasoned.reply.schema import Explanation, Reply
from tests.reasoned.rules import counted_for, rule_of

SHA = "0" * 64


METHODS = (None, ("meta_forest",), ("additive",), ("additive", "meta_forest"))


def reasons(reply: Reply) -> Explanation:
    assert reply.explanation is not None
    return reply.explanation


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Astray(Explainer):
    """Names one class for whatever comes, and takes until `until` to say so."""

    name: ClassVar[str] = "astray"
    form: ClassVar[Form] = "parts"
    names: int
    until: float = 0.0

    def check(self) -> None:
        pass

    def explain(self, _activations: Activations) -> Evidence:
        while time.perf_counter() < self.until:
            pass
        body = (
            b'{"score":"s","parts":[],"bias":0.0,"rest":0.0,"total":0.0,"threshold":null,'
            b'"by_design":null}'
        )
        return Evidence(self.name, self.form, "somewhere", self.names, 1.0, "So it is.", body)

    def head(self) -> Head | None:
        return None

    def regions(self) -> tuple[str, ...]:
        return ("somewhere",)

    def cites(self) -> tuple[int, ...]:
        return ()

    def summary(self) -> dict[str, float | int | str]:
        return {}

    def picture(self) -> str | None:
        return None


def led_by(model: ExplainedModel, first: Explainer) -> Explaining:
    parts = model.explaining.parts
    rest = {"additive": parts.explainers["additive"]}
    counts = {"astray": {"somewhere": {"weak": (1, 2, 1, 0.02)}}}
    rule = rule_of(astray=0.5)
    return Explaining.of(
        dataclasses.replace(
            parts,
            explainers={"astray": first, **rest},
            rule=rule,
            reliability=counted_for(rule, counts, "may_have_been_seen"),
        ),
        *("digits", "1", SHA),
    )
