"""What a stored mixture was fitted to, so that it is judged and rivalled on the same."""

import json
from typing import Self, final

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.mixture.fitting.options import UNCLIPPED
from explainers.mixture.fitting.targets import log_odds
from explainers.mixture.served import Mixture
from reasoned.errors import FolderError


@final
class Targets(BaseModel):
    """How the regressions chose their images and cut off their targets.

    Attributes
    ----------
    limit
        Log-odds are cut off at plus and minus this.
    contrast
        Whether half of the images are such that the network puts into other classes; else all
        are of the true class.

    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    limit: float = UNCLIPPED
    contrast: bool = True

    @classmethod
    def of(cls, stored: Mixture) -> Self:
        """Read it from what is stored.

        Raises
        ------
        FolderError
            When the stored settings hold something else.

        """
        try:
            return cls.model_validate({**json.loads(stored.settings), "limit": stored.limit})
        except ValidationError as error:
            raise FolderError(
                f"settings of the method mixture hold a wrong contrast: {error}"
            ) from error

    def y(self, logits: FloatArray, explained: int) -> DoubleArray:
        """Give the log-odds of one class; (images)."""
        found: DoubleArray = log_odds(logits, self.limit)[:, explained]
        return found

    def rows(
        self, labels: IntArray, predicted: IntArray, explained: int, rng: np.random.Generator
    ) -> IntArray:
        """Give the images of one class's regression, in ascending order.

        Parameters
        ----------
        labels, predicted
            Shape (images). The true classes, and the network's.
        explained
            The class.
        rng
            Draws as many images of other classes, with contrast.

        """
        if not self.contrast:
            return np.flatnonzero(labels == explained).astype(np.int64)
        own, others = np.flatnonzero(predicted == explained), np.flatnonzero(predicted != explained)
        drawn = rng.choice(others, min(len(own), len(others)), replace=False)
        return np.sort(np.concatenate([own, drawn])).astype(np.int64)
