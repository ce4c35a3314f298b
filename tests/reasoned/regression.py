"""A mixture put before the methods of the digits' model, drawn at random but for one class."""

import dataclasses
from typing import Any

import numpy as np

from explainers.arrays import DoubleArray
from explainers.mixture.served import Mixture
from reasoned.explaining import Explaining
from reasoned.model import ExplainedModel
from reasoned.region_pictures import RegionPictures
from tests.explainers.mixture.stored import drawn
from tests.reasoned.rules import counted_for, rule_of

SHA = "0" * 64


def imitated(
    model: ExplainedModel, names: int = 3, *, gate: float = 0.0, **fields: object
) -> ExplainedModel:
    """Let a mixture answer first, which names one class and shows three images of it.

    Parameters
    ----------
    model
        Of the digits.
    names
        The class.
    gate
        Of its two components, by how much the first one's score is the higher.
    fields
        Others of the stored mixture.

    """
    parts = model.explaining.parts
    shape, classes = parts.network.shape, len(parts.classes)
    made = drawn(np.random.default_rng(0), shape=shape, counts=(2,) * classes, scale=0.0)
    intercepts: DoubleArray = np.zeros(2 * classes)
    intercepts[2 * names : 2 * names + 2] = 60.0
    members = np.full((2 * classes, 8), -1)
    members[:, :3] = [0, 1, 2]
    given: dict[str, Any] = {
        "class_names": parts.classes,
        "intercepts": intercepts,
        "gate_bias": np.tile([gate, 0.0], classes),
        "example_ids": parts.representatives.ids[:3],
        "members": members,
    }
    return joined(model, dataclasses.replace(made, **given | fields))


def joined(model: ExplainedModel, stored: Mixture) -> ExplainedModel:
    """Put it first, and let it always be firm."""
    parts = model.explaining.parts
    counts = {region: {"supported": (40, 50, 45, 0.7)} for region in stored.regions()}
    rule = rule_of(mixture=0.5, meta_forest=0.5)
    more = dataclasses.replace(
        parts,
        explainers={**parts.explainers, stored.name: stored},
        rule=rule,
        reliability=counted_for(
            rule, parts.reliability.counts | {stored.name: counts}, parts.reliability.calibration
        ),
    )
    explaining = Explaining.of(more, model.name, model.version, SHA)
    pictures = RegionPictures(
        more.explainers, explaining.writer.pictures, model.thumbnails, parts.preprocessing
    )
    return dataclasses.replace(model, explaining=explaining, pictures=pictures)
