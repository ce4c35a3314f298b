"""From an image to a reply, step by step, under a deadline."""

import dataclasses
import time
from typing import Self, final

import orjson

from explainers.activations import Activations
from explainers.arrays import ByteArray
from explainers.contract import Explainer
from explainers.evidence import Evidence
from explainers.neighbours.served import Found, Representatives, WholeSet
from explainers.reliability import ReliabilityTable
from explainers.status import StatusRule
from explainers.support.served import Support
from reasoned.errors import OptionsError
from reasoned.images.preprocessing import Preprocessing
from reasoned.inference import Network, check_usable, softmax
from reasoned.reply.fragments import (
    class_fragments,
    example_fragment,
    example_fragments,
    picture_links,
    region_fragments,
    statement_fragments,
)
from reasoned.reply.options import ReplyOptions
from reasoned.reply.writer import Record, ReplyWriter, Skips


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Parts:
    """Everything that a reply is made with; frozen, and shared by all requests."""

    network: Network
    preprocessing: Preprocessing
    classes: tuple[str, ...]
    explainers: dict[str, Explainer]
    representatives: Representatives
    support: Support
    rule: StatusRule
    reliability: ReliabilityTable
    whole: WholeSet | None = None


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """A deadline, measured from the request's arrival."""

    started: float
    milliseconds: float | None

    def late(self) -> str | None:
        """Say why no further step may begin, or give None while there is time."""
        if self.milliseconds is None:
            return None
        passed = 1000.0 * (time.perf_counter() - self.started)
        if passed < self.milliseconds:
            return None
        return f"the deadline of {self.milliseconds:g} ms had passed"


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Explaining:
    """The parts of a model, and the writer of its replies.

    Attributes
    ----------
    parts
        What is asked.
    writer
        What writes the answers.
    whole
        Whether some method reads more of the network than the heads where all is asked for.

    """

    parts: Parts
    writer: ReplyWriter
    whole: bool

    @classmethod
    def of(cls, parts: Parts, name: str, version: str, sha256: str) -> Self:
        """Encode what every reply has in common."""
        model = orjson.dumps({"name": name, "version": version, "sha256": sha256})
        said = {key: method.regions() for key, method in parts.explainers.items()}
        writer = ReplyWriter(
            model=orjson.Fragment(model),
            labels=parts.classes,
            names=class_fragments(parts.classes),
            regions=region_fragments(parts.reliability, said),
            statements=statement_fragments(parts.rule, parts.reliability),
            pictures=picture_links(parts.explainers),
            examples=example_fragments(parts.representatives, parts.classes),
        )
        whole = any("psi" in method.reads for method in parts.explainers.values())
        return cls(parts, writer, whole)

    def reply(
        self, image: ByteArray, options: ReplyOptions, request_id: str, started: float | None
    ) -> bytes:
        """Answer one image; see `reasoned.model.ExplainedModel.reply`."""
        self._check_methods(options.methods)
        clock = Clock(time.perf_counter() if started is None else started, options.deadline_ms)
        activations = self.parts.network.run(
            self.parts.preprocessing.apply(image), whole=self.whole and options.explain == "full"
        )
        check_usable(activations, len(self.parts.classes))
        writer = self.writer
        record: Record = {
            "id": request_id,
            "model": writer.model,
            "prediction": writer.prediction(softmax(activations.logits), activations.predicted),
            "explanation": None,
            "examples": [],
            "contrast": None,
            "exact": self.parts.whole is None,
        }
        if options.explain != "none":
            self._explain(record, activations, options, clock)
        return orjson.dumps(record)

    def _explain(
        self, record: Record, activations: Activations, options: ReplyOptions, clock: Clock
    ) -> None:
        skipped: Skips = []
        wanted = self._wanted(options)
        if reason := clock.late():
            skipped += [{"step": step, "reason": reason} for step in ("examples", *wanted)]
            record["explanation"] = self.writer.left_out(skipped)
            return
        count = options.neighbours
        found = self.parts.representatives.find(activations, max(count, 1))
        if count:
            record["examples"] = self._examples(activations, found, count)
            record["contrast"] = self.writer.contrast(found)
        outside = self.parts.support.judge(activations, found.distances[0]).outside
        evidence = self._evidence(activations, options, wanted, clock, skipped)
        if not evidence:
            record["explanation"] = self.writer.left_out(skipped)
            return
        verdict = self.parts.rule.decide(self.parts.rule.key(wanted), evidence, outside=outside)
        record["explanation"] = self.writer.explanation(
            [*evidence.values()], verdict, activations.predicted, skipped
        )

    def _examples(
        self, activations: Activations, found: Found, count: int
    ) -> list[orjson.Fragment]:
        whole = self.parts.whole
        if whole is None:
            return self.writer.near(found, count)
        classes = self.parts.classes
        return [
            orjson.Fragment(example_fragment(whole, position, classes).example % distance)
            for position, distance in whole.search(activations.hidden, count)
        ]

    def _evidence(
        self,
        activations: Activations,
        options: ReplyOptions,
        wanted: list[str],
        clock: Clock,
        skipped: Skips,
    ) -> dict[str, Evidence]:
        """Run the methods wanted, in order; note in `skipped` what was too late.

        For ``trace`` the methods with regions run until the status rule is settled, and the
        others only where none of those that ran names the network's class, until one does.
        """
        found: dict[str, Evidence] = {}
        late: str | None = None
        key = self.parts.rule.key(wanted)
        traced = options.explain == "trace" and options.methods is None
        for name in wanted:
            if traced and self._enough(key, found, name, activations.predicted):
                break
            late = late or clock.late()
            if late:
                skipped.append({"step": name, "reason": late})
                continue
            found[name] = self._asked(name, activations, options, clock)
        return found

    def _enough(self, key: str, found: dict[str, Evidence], following: str, predicted: int) -> bool:
        """Tell whether a trace is done before the method that follows."""
        rule = self.parts.rule
        if following in rule.methods and rule.settled(key, found) is None:
            return False
        return any(evidence.names == predicted for evidence in found.values())

    def _asked(
        self, name: str, activations: Activations, options: ReplyOptions, clock: Clock
    ) -> Evidence:
        method = self.parts.explainers[name]
        if options.explain == "full":
            return method.explain_in_full(activations, lambda: clock.late() is not None)
        return method.explain(activations)

    def _wanted(self, options: ReplyOptions) -> list[str]:
        """Name the methods as they are best asked, then those without regions as registered."""
        asked = [
            name
            for name in self.parts.explainers
            if options.methods is None or name in options.methods
        ]
        return [*dict.fromkeys((*self.parts.rule.asking(asked), *asked))]

    def _check_methods(self, methods: tuple[str, ...] | None) -> None:
        if methods is None:
            return
        packaged = tuple(self.parts.explainers)
        if not methods or len(set(methods)) != len(methods) or not set(methods) <= set(packaged):
            raise OptionsError(
                f"methods must be one or more of {', '.join(packaged)}, each once, not "
                f"{', '.join(methods) or 'none'}"
            )
