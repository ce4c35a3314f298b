"""How activation maximisation with partial initialisation is run: the released numbers."""

import dataclasses
from typing import Final, Literal, final

Mode = Literal["bounded", "released"]


@final
@dataclasses.dataclass(frozen=True)
class Phase:
    """Rounds of Adam with one weight of the total variation.

    Attributes
    ----------
    variation
        l_tv.
    rounds, steps
        So many rounds of so many steps; each round has a new Adam, at a lower rate.

    """

    variation: float
    rounds: int = 12
    steps: int = 50


@final
@dataclasses.dataclass(frozen=True)
class MaximisationSettings:
    """Everything that AM+PI needs but the images.

    All is in pixels from 0 to 1, where the released code has the network's input: the two
    are the same for the paper's grey images.

    Attributes
    ----------
    start
        s, by which the image is dimmed before the search; 0 starts from noise instead.
    activation
        C, the weight of phi_j.
    bounds
        l_bo, the weight of what lies outside [0, 1].
    phases
        One after the other; each starts again at `rate`.
    rate, decay
        Of Adam in the first round, and by how much it falls from round to round.
    jitter
        By how many pixels the image is rolled at most, at random, in each step.
    mode
        ``bounded`` holds each pixel in [0, 1] after each step; ``released`` leaves that to
        the penalty, which hardly holds.
    batch
        How many images are in memory at once.

    """

    start: float = 0.3
    activation: float = 2.0
    bounds: float = 10.0
    phases: tuple[Phase, ...] = (Phase(variation=6.0),)
    rate: float = 0.05
    decay: float = 0.5
    jitter: int = 0
    mode: Mode = "bounded"
    batch: int = 64

    def __post_init__(self) -> None:
        if not 0.0 <= self.start <= 1.0:
            raise ValueError(f"start must lie in [0, 1], not {self.start}; 0.3 is the paper's")
        if not self.phases or self.batch < 1:
            raise ValueError(
                "there must be at least one phase and a batch of at least 1, not "
                f"{len(self.phases)} and {self.batch}"
            )

    @property
    def steps(self) -> int:
        """How many steps of Adam each image gets."""
        return sum(phase.rounds * phase.steps for phase in self.phases)


GREY: Final = MaximisationSettings()
# After three of the twelve rounds attributes are 1 % below where they end (Fashion-MNIST, 48
# images); the other nine take three quarters of the time.
SHORT: Final = MaximisationSettings(phases=(Phase(variation=6.0, rounds=3),))
CIFAR10: Final = MaximisationSettings(start=0.4, bounds=20.0, phases=(Phase(variation=20.0),))
CIFAR10_SHORT: Final = dataclasses.replace(CIFAR10, phases=(Phase(variation=20.0, rounds=3),))
CUB: Final = MaximisationSettings(
    start=0.5,
    activation=4.0,
    bounds=20.0,
    phases=(Phase(80.0, steps=200), Phase(240.0, steps=180)),
    rate=0.01,
    decay=1 / 1.5,
    jitter=10,
    batch=16,
)


def settings_for(channels: int, mode: Mode = "bounded", rounds: int = 0) -> MaximisationSettings:
    """Give the settings of a fit: the paper's, by the channels; three rounds if not told."""
    usual = SHORT if channels == 1 else CIFAR10_SHORT
    phases = tuple(
        dataclasses.replace(phase, rounds=rounds or phase.rounds) for phase in usual.phases
    )
    return dataclasses.replace(usual, mode=mode, phases=phases)
