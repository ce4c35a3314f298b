"""Pieces of JSON that are the same in every reply, encoded once at load."""

import dataclasses
import re
from collections.abc import Mapping
from typing import final

import orjson

from explainers.contract import Explainer
from explainers.errors import ArtefactError
from explainers.evidence import Form
from explainers.neighbours.served import Representatives, WholeSet
from explainers.reliability import ReliabilityTable
from explainers.status import STATUSES, Status
from reasoned.reply.words import region_words

Key = tuple[str, str | None, Status]
_IN_A_PATH = re.compile("[A-Za-z0-9_-]{1,100}", re.ASCII)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class RegionFragment:
    """What is said of one region under one status."""

    reliability: orjson.Fragment
    words: str


@final
@dataclasses.dataclass(frozen=True, slots=True)
class ExampleFragment:
    """One representative as JSON, with ``%.4f`` where its distance goes."""

    example: bytes
    contrast: bytes


def class_fragments(classes: tuple[str, ...]) -> tuple[orjson.Fragment, ...]:
    """Encode ``{"label", "index"}`` for every class."""
    return tuple(
        orjson.Fragment(orjson.dumps({"label": label, "index": index}))
        for index, label in enumerate(classes)
    )


def region_fragments(
    table: ReliabilityTable, methods: Mapping[str, tuple[Form, tuple[str, ...]]]
) -> dict[Key, RegionFragment]:
    """Encode the reliability of every method, region and status.

    Parameters
    ----------
    table
        What was counted.
    methods
        Per method the form of its evidence, and its regions.

    """
    found: dict[Key, RegionFragment] = {}
    for method, (form, names) in methods.items():
        for region in (*names, None):
            for status in STATUSES:
                counts = table.of(method, region, status)
                words = region_words(form, status, counts, table.calibration)
                data = orjson.dumps(reliability_record(table, method, region, status))
                found[method, region, status] = RegionFragment(orjson.Fragment(data), words)
    return found


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
    identity = images.ids[position]
    head: dict[str, object] = {
        "id": identity,
        "label": classes[int(images.labels[position])],
        "predicted": classes[int(images.predicted[position])],
    }
    image = {"image": f"/v1/examples/{identity}.png"}
    tail = {
        "stands_for": int(images.stands_for[position]),
        "cluster": images.cluster_names[int(images.clusters[position])],
        **image,
    }
    return ExampleFragment(_with_distance(head, tail), _with_distance(head, image))


def _with_distance(head: dict[str, object], tail: Mapping[str, object]) -> bytes:
    opening, closing = orjson.dumps(head)[:-1], orjson.dumps(tail)[1:]
    return opening.replace(b"%", b"%%") + b',"distance":%.4f,' + closing.replace(b"%", b"%%")
