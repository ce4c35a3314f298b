"""What a user may set of the mixture."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from explainers.errors import FittingError
from explainers.mixture.fitting.chain import FEWEST_SWEEPS
from explainers.mixture.fitting.prior import Prior
from explainers.option_reading import read_options

Positive = Annotated[float, Field(gt=0.0, le=1e6)]
CLIPPED: Final = 13.815509557963774  # log-odds of 1 - 1e-6
UNCLIPPED: Final = 1000.0
INTERCEPT: Final = 100.0  # V_0
PRESETS: Final[dict[str, dict[str, Any]]] = {
    "default": {},
    # The values of the authors' code, on training images alone.
    "paper": {
        "components": 6,
        "sweeps": 20_000,
        "chains": 1,
        "e": 5.0,
        "start": "prior",
        "contrast": False,
        "intercept": False,
        "limit": CLIPPED,
    },
    "preview": {"sweeps": 0},
}


class MixtureOptions(BaseModel):
    """How the mixture is fitted.

    Attributes
    ----------
    preset
        What the others are where they are not set: ``default``; ``paper``, the values of the
        authors' code; or ``preview``, expectation-maximisation instead of sampling.
    features
        What is regressed on: ``pixels``, ``superpixels`` of connected pixels that vary
        together, or the ``hidden`` activations; ``auto`` for pixels up to 32 x 32 grey ones,
        else superpixels.
    superpixels
        How many, in each channel.
    most_features
        p at most: those with the largest variance among a class's rows.
    rows
        n at most.
    contrast
        Whether half of the rows are images that the network puts into other classes. Without
        them the rows are all images of the true class.
    intercept
        Whether each component has an intercept without a penalty.
    limit
        Log-odds are cut off at plus and minus this.
    components, nets
        J and K.
    sweeps
        Of each chain, half of them burn-in; 0 for expectation-maximisation alone.
    chains
        How many.
    start
        Of the chains: by expectation-maximisation (``em``), or a draw of the ``prior``.
    gate
        What the assignment is learned from: the same ``features``, the ``hidden``
        activations, or, for ``auto``, what predicts validation images better.
    e, f, a, b, big_l, big_r, v
        Of the prior.

    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    preset: Literal["default", "paper", "preview"] = "default"
    features: Literal["auto", "pixels", "superpixels", "hidden"] = "auto"
    superpixels: Annotated[int, Field(ge=2, le=2000)] = 100
    most_features: Annotated[int, Field(ge=1, le=5000)] = 300
    rows: Annotated[int, Field(ge=10, le=1_000_000)] = 7000
    contrast: bool = True
    intercept: bool = True
    limit: Annotated[float, Field(ge=1.0, le=UNCLIPPED)] = UNCLIPPED
    components: Annotated[int, Field(ge=1, le=500)] = 20
    nets: Annotated[int, Field(ge=1, le=100)] = 3
    sweeps: Annotated[int, Field(ge=0, le=1_000_000)] = 1000
    chains: Annotated[int, Field(ge=1, le=64)] = 2
    start: Literal["em", "prior"] = "em"
    gate: Literal["auto", "features", "hidden"] = "auto"
    e: Positive = 1.0
    f: Positive = 1.0
    a: Positive = 0.5
    b: Positive = 0.5
    big_l: Positive = 1.0
    big_r: Positive = 4.0
    v: Positive = 1.0

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read what was set; raise `FittingError` on an unknown name or a wrong value."""
        preset = PRESETS.get(given.get("preset", "default"), {})
        found = read_options(cls, "mixture", preset | dict(given))
        if 0 < found.sweeps < FEWEST_SWEEPS:
            raise FittingError(
                f"mixture.sweeps must be 0 or {FEWEST_SWEEPS} and more, half of which are burn-in, "
                f"not {found.sweeps}"
            )
        return found

    def prior(self) -> Prior:
        """Give the prior of the paper's symbols."""
        return Prior(
            components=self.components,
            nets=self.nets,
            e=self.e,
            f=self.f,
            a=self.a,
            b=self.b,
            big_l=self.big_l,
            big_r=self.big_r,
            v=self.v,
            intercept=INTERCEPT if self.intercept else 0.0,
        )
