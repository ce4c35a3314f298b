"""From an image to a reply, step by step, under a deadline."""

import dataclasses
import time
from typing import Any, Self, final

import orjson

from explainers.activations import Activations
from explainers.arrays import ByteArray
from explainers.contract import Explainer
from explainers.neighbours.served import Representatives, WholeSet
from explainers.reliability import ReliabilityTable
from explainers.status import StatusRule
from explainers.support.served import Support
from reasoned.asking import Asking
from reasoned.deadline import Clock
from reasoned.images.preprocessing import Preprocessing
from reasoned.inference import Network, check_usable, softmax
from reasoned.placing import Placing, shown_floor, shown_images
from reasoned.reply.disclosure import FULL, Disclosure
from reasoned.reply.fragments import (
    Filling,
    class_fragments,
    example_fragments,
    picture_links,
    region_fragments,
    statement_fragments,
)
from reasoned.reply.options import ReplyOptions
from reasoned.reply.outcome import Answered, Outcome
from reasoned.reply.screen import Screen
from reasoned.reply.shown_images import SingleImages
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
    placing
        What finds the examples.
    disclosed
        How training images are shown.
    screen
        What of the evidence is shown; None where all of it is.

    """

    parts: Parts
    writer: ReplyWriter
    whole: bool
    placing: Placing
    disclosed: Disclosure = FULL
    screen: Screen | None = None
    _asking: Asking = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_asking", Asking(self.parts.explainers, self.parts.rule))

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
        images = SingleImages.of(parts.representatives, parts.whole, writer, FULL)
        placing = Placing.of(parts.representatives, parts.support, images)
        return cls(parts, writer, whole, placing)

    def disclosing(
        self, disclosure: Disclosure, pictured: frozenset[tuple[str, str]], screen: Screen
    ) -> Self:
        """Give the same, answering under a disclosure.

        Parameters
        ----------
        disclosure
            How training images are shown.
        pictured
            The pairs of method and region whose pictures may be seen.
        screen
            What of the evidence may be.

        """
        parts = self.parts
        floor = shown_floor(parts.representatives, parts.support) if disclosure.rounded else None
        links = {pair: path for pair, path in self.writer.pictures.items() if pair in pictured}
        filling = Filling(floor, pictured=disclosure.pictured)
        writer = dataclasses.replace(self.writer, pictures=links, filling=filling)
        images = shown_images(parts.representatives, parts.whole, writer, disclosure)
        return dataclasses.replace(
            self,
            writer=writer,
            placing=dataclasses.replace(self.placing, images=images),
            disclosed=disclosure,
            screen=None if screen.idle else screen,
        )

    def answer(
        self, image: ByteArray, options: ReplyOptions, request_id: str, started: float | None
    ) -> Answered:
        """Answer one image; see `reasoned.model.ExplainedModel.answer`."""
        self._asking.check(options.methods)
        began = time.perf_counter()
        clock = Clock(began if started is None else started, options.deadline_ms)
        activations = self.parts.network.run(
            self.parts.preprocessing.apply(image), whole=self.whole and options.explain == "full"
        )
        check_usable(activations, len(self.parts.classes))
        return self.tell(activations, options, request_id, clock, began)

    def reply(
        self, image: ByteArray, options: ReplyOptions, request_id: str, started: float | None
    ) -> bytes:
        """Answer one image; as `answer`, without the rest."""
        return self.answer(image, options, request_id, started).body

    def tell(
        self,
        activations: Activations,
        options: ReplyOptions,
        request_id: str,
        clock: Clock,
        began: float,
    ) -> Answered:
        """Answer from what a pass of the network left behind, begun at `began`."""
        inferred = time.perf_counter()
        values, predicted = softmax(activations.logits), activations.predicted
        writer = self.writer
        record: Record = {
            "id": request_id,
            "model": writer.model,
            "prediction": writer.prediction(values, predicted),
            "explanation": None,
            "examples": [],
            "contrast": None,
            "exact": self.placing.images.exact,
        }
        told: dict[str, Any] = {}
        if options.explain != "none":
            told = self._explain(record, activations, options, clock)
        body = orjson.dumps(record)
        outcome = Outcome(
            predicted,
            writer.labels[predicted],
            values[predicted],
            infer_us=_microseconds(began, inferred),
            explain_us=_microseconds(inferred, time.perf_counter()) - told.get("neighbours_us", 0),
            **told,
        )
        return Answered(body, outcome, activations)

    def _explain(
        self, record: Record, activations: Activations, options: ReplyOptions, clock: Clock
    ) -> dict[str, Any]:
        """Put the reasons into the record; give what the outcome says of them."""
        skipped: Skips = []
        wanted = self._asking.wanted(options)
        if reason := clock.late():
            skipped += [{"step": step, "reason": reason} for step in ("examples", *wanted)]
            record["explanation"] = self.writer.left_out(skipped)
            return {}
        began = time.perf_counter()
        placed = self.placing.place(activations, options.neighbours)
        record["examples"], record["contrast"] = placed.shown.examples, placed.shown.contrast
        told: dict[str, Any] = {
            "nearest": placed.nearest,
            "outside": placed.outside,
            "neighbours_us": _microseconds(began, time.perf_counter()),
        }
        evidence = self._asking.evidence(activations, options, wanted, clock, skipped)
        if self.screen is not None:
            evidence = {name: self.screen.evidence(one) for name, one in evidence.items()}
        told["cited"] = tuple(
            dict.fromkeys((*(c for one in evidence.values() for c in one.cited), *placed.cited))
        )
        if not evidence:
            record["explanation"] = self.writer.left_out(skipped)
            return told
        verdict = self.parts.rule.decide(
            self.parts.rule.key(wanted), evidence, outside=placed.outside
        )
        found = self.writer.explanation(
            [*evidence.values()], verdict, activations.predicted, skipped
        )
        record["explanation"] = found
        return told | {
            "status": found["status"],
            "carrier": found["carrier"],
            "agrees": found["agrees"],
            "first": verdict.first,
            "disagreeing": bool(found["disagreements"]),
        }


def _microseconds(began: float, ended: float) -> int:
    return round(1e6 * (ended - began))
