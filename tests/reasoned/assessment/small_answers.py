"""Answers to a few images, written down by hand."""

from collections.abc import Sequence

import numpy as np

from explainers.arrays import AnyArray
from reasoned.answers import Answers, EvidenceColumns

NAN = float("nan")


def answers(
    first_names: Sequence[int],
    *,
    predicted: Sequence[int] | None = None,
    labels: Sequence[int] | None = None,
    status: Sequence[str] | None = None,
    group: Sequence[str] | None = None,
    promised: Sequence[tuple[float, float]] | None = None,
    methods: dict[str, EvidenceColumns] | None = None,
) -> Answers:
    """Make answers of which only what matters is said; `promised` are estimates and bounds."""
    images = len(first_names)
    given = np.zeros(images, np.int64) if predicted is None else np.array(predicted, np.int64)
    said = np.array(promised or [(NAN, NAN)] * images, np.float64)
    return Answers(
        labels=given if labels is None else np.array(labels, np.int64),
        predicted=given,
        confidence=np.ones(images),
        first=_words(None, images, "meta_forest"),
        first_names=np.array(first_names, np.int64),
        status=_words(status, images, "supported"),
        group=_words(group, images, "all"),
        estimate=said[:, 0],
        lower=said[:, 1],
        novelty=np.zeros((images, 2)),
        methods=methods or {},
    )


def columns(
    names: Sequence[int], regions: Sequence[str], lower: Sequence[float]
) -> EvidenceColumns:
    """Make one method's answers."""
    return EvidenceColumns(
        names=np.array(names, np.int64),
        regions=np.array(regions, object),
        strength=np.ones(len(names)),
        lower=np.array(lower, np.float64),
    )


def _words(given: Sequence[str] | None, images: int, usual: str) -> AnyArray:
    return np.array([usual] * images if given is None else given, object)
