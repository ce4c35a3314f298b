"""The activations that a CNN-INTE study reads."""

import dataclasses
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from reasoned.errors import DataError


@final
@dataclasses.dataclass(frozen=True, eq=False)
class UntrainedTables:
    """The layers of an untrained copy of the network, for the same images in the same order.

    Of each table only the layers are read.
    """

    train: ActivationTable
    validation: ActivationTable
    test: ActivationTable


@final
@dataclasses.dataclass(frozen=True, eq=False)
class StudyTables:
    """The activations that a study reads.

    Attributes
    ----------
    train
        Everything is fitted to these.
    validation
        The sizes are chosen on these.
    test
        Every figure is counted on these.
    untrained
        Layers of an untrained copy of the network, for the control.
    classes
        The class names, in the order of the logits.

    """

    train: ActivationTable
    validation: ActivationTable
    test: ActivationTable
    untrained: UntrainedTables
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        for name, mine, theirs in (
            ("train", self.train, self.untrained.train),
            ("validation", self.validation, self.untrained.validation),
            ("test", self.test, self.untrained.test),
        ):
            if not np.array_equal(mine.rows, theirs.rows):
                raise DataError(
                    f"the untrained network's {name} table must hold the same rows as the "
                    f"trained one's; they have {len(theirs)} and {len(mine)} images"
                )
