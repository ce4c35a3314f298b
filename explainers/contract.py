"""What every method promises once it is fitted."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Self, final

from explainers import storage
from explainers.activations import Activations
from explainers.arrays import make_read_only
from explainers.evidence import Evidence, Form
from explainers.gallery import Tile
from explainers.heads import Head


@dataclasses.dataclass(frozen=True, eq=False)
class Explainer(ABC):
    """A fitted method. Immutable: the same input always gets the same answer.

    A concrete class is final, declares its stored state as dataclass fields (arrays,
    numbers, text and tuples of these) and checks them in `check`. What it derives from
    them at load goes into fields with ``init=False``, set in `prepare`.

    Attributes
    ----------
    name
        What it is registered under.
    form
        Of its evidence.
    reads
        Which of the taps ``psi`` and ``boundary`` it needs; the graph declares them only
        where a packaged method does.

    """

    name: ClassVar[str]
    form: ClassVar[Form]
    reads: ClassVar[frozenset[str]] = frozenset()

    @final
    def __post_init__(self) -> None:
        self.check()
        self.prepare()
        make_read_only(self)

    @abstractmethod
    def check(self) -> None:
        """Raise `ArtefactError` where a stored value must not be used."""

    def check_taps(self, activations: Activations) -> None:  # noqa: B027  most read nothing of their own
        """Raise `ShapeError` where what the network gives does not fit what is stored."""

    def prepare(self) -> None:  # noqa: B027  deriving nothing is a fair default
        """Derive what `explain` reads, by `object.__setattr__`, once, at load."""

    @abstractmethod
    def explain(self, activations: Activations) -> Evidence:
        """Explain one image."""

    def explain_in_full(self, activations: Activations, late: Callable[[], bool]) -> Evidence:  # noqa: ARG002  for those who have more to say
        """Explain one image with everything there is to say, for as long as it is not late.

        Only here `activations` holds the tap ``psi``.
        """
        return self.explain(activations)

    @abstractmethod
    def head(self) -> Head | None:
        """Say what the network's graph should compute for `explain`, or give None."""

    @abstractmethod
    def regions(self) -> tuple[str, ...]:
        """Name every region that `explain` can answer with; empty where there are none."""

    @abstractmethod
    def cites(self) -> tuple[int, ...]:
        """Give the data-set rows of the images whose ids the method's words mention."""

    @abstractmethod
    def summary(self) -> dict[str, float | int | str]:
        """Describe the fitted method in a few figures, for the model card."""

    @abstractmethod
    def picture(self) -> str | None:
        """Draw the whole method as SVG, or give None where there is nothing to draw."""

    def gallery(self, region: str) -> tuple[Tile, ...]:  # noqa: ARG002  most have none
        """Give training images that show what a region means, or nothing."""
        return ()

    @final
    def save(self, folder: Path) -> None:
        """Write the stored state as ``NAME.safetensors`` and ``NAME.json``."""
        storage.write(folder, self.name, self)

    @final
    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; raise `ArtefactError` on anything else."""
        return storage.read(folder, cls.name, cls)
