"""What a model answers to many images, as columns: for whoever judges it."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any, final

import numpy as np

from explainers.arrays import BoolArray, ByteArray, DoubleArray, IntArray, make_read_only
from explainers.contract import Explainer
from explainers.errors import ArtefactError
from explainers.evidence import Evidence
from explainers.status import Verdict
from explainers.support.served import Novelty
from reasoned.explaining import Parts
from reasoned.inference import check_usable, softmax

TextArray = np.ndarray[tuple[int], np.dtype[Any]]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class EvidenceColumns:
    """One method's answers.

    Attributes
    ----------
    names
        Shape (images). The class that it names; -1 where none.
    regions
        Shape (images). The region; "" where none.
    strength
        Shape (images). NaN where none.
    lower
        Shape (images). The region's lower bound; NaN where nothing was counted.

    """

    names: IntArray
    regions: TextArray
    strength: DoubleArray
    lower: DoubleArray

    def __post_init__(self) -> None:
        make_read_only(self)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Answers:
    """The answers to the images of one set, in their order.

    Attributes
    ----------
    labels
        Shape (images). The true class; -1 where there is none.
    predicted
        Shape (images). The class that the network gives.
    confidence
        Shape (images). The network's softmax for it.
    first
        Shape (images). The method of first choice.
    first_names
        Shape (images). The class that it names; -1 where none.
    status
        Shape (images). As in a reply.
    group
        Shape (images). Among which calibration images the statement was counted.
    estimate, lower
        Shape (images). The reliability statement; NaN where nothing was counted.
    novelty
        Shape (images, sides). As in `explainers.support`: above 1 is outside.
    methods
        Per method with regions, in the rule's order.

    """

    labels: IntArray
    predicted: IntArray
    confidence: DoubleArray
    first: TextArray
    first_names: IntArray
    status: TextArray
    group: TextArray
    estimate: DoubleArray
    lower: DoubleArray
    novelty: DoubleArray
    methods: dict[str, EvidenceColumns]

    def __post_init__(self) -> None:
        make_read_only(self)

    def __len__(self) -> int:
        return len(self.predicted)

    @property
    def faithful(self) -> BoolArray:
        """Tell where the first choice names the network's class; shape (images)."""
        found: BoolArray = self.first_names == self.predicted
        return found

    @property
    def right(self) -> BoolArray:
        """Tell where the network's class is the true one; shape (images)."""
        found: BoolArray = self.labels == self.predicted
        return found


@final
@dataclasses.dataclass(frozen=True, slots=True)
class _One:
    """The answer to one image, before it becomes a row of the columns."""

    predicted: int
    confidence: float
    evidence: dict[str, Evidence]
    verdict: Verdict
    novelty: Novelty


def answer_images(
    parts: Parts,
    images: Sequence[ByteArray],
    labels: IntArray | None,
    progress: Callable[..., Iterable[int]],
    what: str = "images",
) -> Answers:
    """Answer images as the service does, with every method that has regions.

    Parameters
    ----------
    parts
        Of the model.
    images
        Each of shape (rows, columns, channels), as they are decoded.
    labels
        Shape (images), or None where the images have no true class.
    progress
        Shows the images.
    what
        What the progress bar calls them.

    Raises
    ------
    ArtefactError
        When no packaged method has regions, so that there is nothing to judge.

    """
    regional = {name: parts.explainers[name] for name in parts.rule.methods}
    if not regional:
        raise ArtefactError(
            "the model must package a method with regions to be judged, such as meta_forest, but "
            f"packages {', '.join(parts.explainers)}"
        )
    found = [_answer(parts, regional, images[i]) for i in progress(range(len(images)), what)]
    wanted = np.full(len(images), -1, np.int64) if labels is None else labels.astype(np.int64)
    return _columns(parts, found, wanted)


def _answer(parts: Parts, regional: dict[str, Explainer], image: ByteArray) -> _One:
    activations = parts.network.run(parts.preprocessing.apply(image))
    check_usable(activations, len(parts.classes))
    evidence = {name: method.explain(activations) for name, method in regional.items()}
    found = parts.representatives.find(activations, 1)
    novelty = parts.support.judge(activations, found.distances[0])
    asked = parts.rule.key(evidence)
    return _One(
        predicted=activations.predicted,
        confidence=softmax(activations.logits)[activations.predicted],
        evidence=evidence,
        verdict=parts.rule.decide(asked, evidence, outside=novelty.outside),
        novelty=novelty,
    )


def _columns(parts: Parts, found: list[_One], labels: IntArray) -> Answers:
    statements = [parts.reliability.statement(one.verdict) for one in found]
    firsts = [one.evidence[one.verdict.first] for one in found]
    return Answers(
        labels=labels,
        predicted=np.array([one.predicted for one in found], np.int64),
        confidence=np.array([one.confidence for one in found]),
        first=np.array([one.verdict.first for one in found], object),
        first_names=np.array([_named(evidence) for evidence in firsts], np.int64),
        status=np.array([one.verdict.status for one in found], object),
        group=np.array([one.verdict.group for one in found], object),
        estimate=np.array([np.nan if one is None else one[3] for one in statements]),
        lower=np.array([np.nan if one is None else one[4] for one in statements]),
        novelty=np.array([one.novelty.sides for one in found]),
        methods={name: _of_method(parts, name, found) for name in parts.rule.methods},
    )


def _of_method(parts: Parts, name: str, found: list[_One]) -> EvidenceColumns:
    evidence = [one.evidence[name] for one in found]
    counts = [
        parts.reliability.of(name, each.region, one.verdict.status)
        for each, one in zip(evidence, found, strict=True)
    ]
    return EvidenceColumns(
        names=np.array([_named(each) for each in evidence], np.int64),
        regions=np.array([each.region or "" for each in evidence], object),
        strength=np.array([_number(each.strength) for each in evidence]),
        lower=np.array([_number(None if count is None else count[3]) for count in counts]),
    )


def _named(evidence: Evidence) -> int:
    return -1 if evidence.names is None else evidence.names


def _number(value: float | None) -> float:
    return np.nan if value is None else value
