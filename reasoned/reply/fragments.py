"""Pieces of JSON that are the same in every reply, encoded once at load."""

import dataclasses
import re
from collections.abc import Mapping
from typing import final

import orjson

from explainers.contract import Explainer
from explainers.errors import ArtefactError
from explainers.neighbours.served import Representatives, WholeSet
from explainers.reliability import ReliabilityTable
from explainers.status import STATUSES, Status, StatusRule, Verdict
from reasoned.reply.distances import shown_distance
from reasoned.reply.words import statement_words, unstated_words

Key = tuple[str, str | None, Status]
_IN_A_PATH = re.compile("[A-Za-z0-9_-]{1,100}", re.ASCII)
# Quotes inside a name are escaped: neither of these stands in one.
_DISTANCE, _IMAGE = b'"distance":%.4f,', b'"image":"'


@final
@dataclasses.dataclass(frozen=True, slots=True)
class RegionFragment:
    """What was counted of one region under one status.

    `lower` is -1 where nothing can be counted, so that it comes after every bound.
    """

    reliability: orjson.Fragment
    lower: float


@final
@dataclasses.dataclass(frozen=True, slots=True)
class StatementFragment:
    """What is said of the explanations of one group."""

    reliability: orjson.Fragment
    words: str


@final
@dataclasses.dataclass(frozen=True, slots=True)
class ExampleFragment:
    """One representative as JSON, with ``%.4f`` where its distance goes."""

    example: bytes
    contrast: bytes


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Filling:
    """How the record of a training image is completed.

    Attributes
    ----------
    floor
        The least distance that is told, with two digits; None where distances are exact, to
        four decimals.
    pictured
        Whether the path of its picture is given.

    """

    floor: float | None = None
    pictured: bool = True

    def fill(self, template: bytes, distance: float) -> orjson.Fragment:
        """Complete a half of an `ExampleFragment`."""
        if not self.pictured:
            template = template[: template.rindex(_IMAGE)] + b'"image":null}'
        if self.floor is None:
            return orjson.Fragment(template % distance)
        number = orjson.dumps(shown_distance(distance, self.floor))
        return orjson.Fragment(template.replace(_DISTANCE, b'"distance":%b,') % number)


def class_fragments(classes: tuple[str, ...]) -> tuple[orjson.Fragment, ...]:
    """Encode ``{"label", "index"}`` for every class."""
    return tuple(
        orjson.Fragment(orjson.dumps({"label": label, "index": index}))
        for index, label in enumerate(classes)
    )


def region_fragments(
    table: ReliabilityTable, methods: Mapping[str, tuple[str, ...]]
) -> dict[Key, RegionFragment]:
    """Encode the reliability of every method, region and status.

    Parameters
    ----------
    table
        What was counted.
    methods
        Per method its regions.

    """
    found: dict[Key, RegionFragment] = {}
    for method, names in methods.items():
        for region in (*names, None):
            for status in STATUSES:
                counts = table.of(method, region, status)
                data = orjson.dumps(reliability_record(table, method, region, status))
                lower = -1.0 if counts is None else counts[3]
                found[method, region, status] = RegionFragment(orjson.Fragment(data), lower)
    return found


def statement_fragments(
    rule: StatusRule, table: ReliabilityTable
) -> dict[tuple[str, str], StatementFragment]:
    """Encode the statement of every verdict that a rule can give."""
    return {
        (verdict.asked, verdict.group): _statement_fragment(table, verdict)
        for verdict in rule.verdicts()
    }


def _statement_fragment(table: ReliabilityTable, verdict: Verdict) -> StatementFragment:
    """Encode the statement of a verdict, and say it in words."""
    found = table.statement(verdict)
    if found is None:
        return StatementFragment(orjson.Fragment(b"null"), unstated_words(verdict.status))
    agreed, of, right, estimate, lower = found
    record = {
        "estimate": round(estimate, 6),
        "lower": int(lower * 1e6) / 1e6,  # never above the bound
        "agreed": agreed,
        "of": of,
        "cnn_right": right,
        "group": verdict.group,
        "company": verdict.company,
        "calibration": table.calibration,
    }
    words = statement_words(verdict, found, table.calibration)
    return StatementFragment(orjson.Fragment(orjson.dumps(record)), words)


def picture_links(explainers: Mapping[str, Explainer]) -> dict[tuple[str, str], str]:
    """Give the path of the picture of every region that has one.

    Raises
    ------
    ArtefactError
        When the name of such a region cannot stand in a path.

    """
    found: dict[tuple[str, str], str] = {}
    for name, method in explainers.items():
        for region in method.regions():
            if not method.gallery(region):
                continue
            if not _IN_A_PATH.fullmatch(region):
                raise ArtefactError(
                    f"regions of {name} that have a gallery must be 1 to 100 letters, digits, - "
                    f"or _, not {region[:80]!r}"
                )
            found[name, region] = f"/v1/regions/{name}/{region}.png"
    return found


def reliability_record(
    table: ReliabilityTable, method: str, region: str | None, status: Status
) -> dict[str, object] | None:
    """Give a reliability as the reply's schema has it."""
    counts = table.of(method, region, status)
    if counts is None:
        return None
    agreed, of, right, lower = counts
    return {
        "agreed": agreed,
        "of": of,
        "estimate": round(agreed / of, 6) if of else None,
        "lower": int(lower * 1e6) / 1e6,  # never above the bound
        "cnn_right": right,
        "calibration": table.calibration,
    }


def example_fragments(
    representatives: Representatives, classes: tuple[str, ...]
) -> tuple[ExampleFragment, ...]:
    """Encode every representative, but for its distance."""
    count = len(representatives)
    return tuple(example_fragment(representatives, i, classes) for i in range(count))


def example_fragment(
    images: Representatives | WholeSet, position: int, classes: tuple[str, ...]
) -> ExampleFragment:
    """Encode one training image, but for its distance."""
    called = classes[int(images.labels[position])], classes[int(images.predicted[position])]
    cluster = images.cluster_names[int(images.clusters[position])]
    return image_fragment(images.ids[position], called, (int(images.stands_for[position]), cluster))


def image_fragment(
    identity: str, called: tuple[str, str], stands: tuple[int, str], averaged: int | None = 1
) -> ExampleFragment:
    """Encode an image, but for its distance.

    Parameters
    ----------
    identity
        Its id.
    called
        Its true class, and the network's.
    stands
        For how many it stands, and its cluster.
    averaged
        Of how many training images it is the mean; 1 for a training image itself, None for a
        mean that is not shown.

    """
    head: dict[str, object] = {"id": identity, "label": called[0], "predicted": called[1]}
    image: dict[str, object] = {"image": f"/v1/examples/{identity}.png" if averaged else None}
    if averaged != 1:
        image["averaged"] = averaged
    tail = {"stands_for": stands[0], "cluster": stands[1], **image}
    return ExampleFragment(_with_distance(head, tail), _with_distance(head, image))


def _with_distance(head: dict[str, object], tail: Mapping[str, object]) -> bytes:
    opening, closing = orjson.dumps(head)[:-1], orjson.dumps(tail)[1:]
    return opening.replace(b"%", b"%%") + b',"distance":%.4f,' + closing.replace(b"%", b"%%")
