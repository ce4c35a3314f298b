"""Which training images a reply shows: single ones, or none."""

import dataclasses
from abc import ABC, abstractmethod
from typing import Self, final

import orjson

from explainers.activations import Activations
from explainers.evidence import EXAMPLE, Citation
from explainers.neighbours.served import Found, Representatives, WholeSet
from reasoned.reply.disclosure import Disclosure
from reasoned.reply.fragments import example_fragment
from reasoned.reply.writer import ReplyWriter


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """The examples of one reply, its contrast, and what is cited with them."""

    examples: list[orjson.Fragment]
    contrast: orjson.Fragment | None
    cited: list[Citation]


class ShownImages(ABC):
    """What a reply shows of the training images near the request's."""

    @property
    @abstractmethod
    def exact(self) -> bool:
        """Whether no nearer one can be missed."""

    @abstractmethod
    def show(self, activations: Activations, found: Found, count: int) -> Shown:
        """Give `count` examples, which is at least one.

        Parameters
        ----------
        activations
            Of the request's image.
        found
            The nearest representatives, whoever may see them.
        count
            How many are wanted.

        """


@final
@dataclasses.dataclass(frozen=True, eq=False)
class NoImages(ShownImages):
    """Shows nothing."""

    @property
    def exact(self) -> bool:
        """Whether no nearer one can be missed."""
        return True

    def show(self, activations: Activations, found: Found, count: int) -> Shown:  # noqa: ARG002  the contract
        """Give nothing."""
        return Shown([], None, [])


@final
@dataclasses.dataclass(frozen=True, eq=False)
class SingleImages(ShownImages):
    """Shows the nearest images themselves, but for those that are withheld.

    Attributes
    ----------
    representatives, whole
        What is searched.
    writer
        What writes their records.
    passed, passed_whole
        The positions of the withheld ones in each of the two.

    """

    representatives: Representatives
    whole: WholeSet | None
    writer: ReplyWriter
    passed: frozenset[int]
    passed_whole: frozenset[int]

    @classmethod
    def of(
        cls,
        representatives: Representatives,
        whole: WholeSet | None,
        writer: ReplyWriter,
        disclosure: Disclosure,
    ) -> Self:
        """Look up where the withheld images are."""
        withheld = disclosure.withheld
        places = [
            frozenset(i for i, identity in enumerate(images.ids) if identity in withheld)
            if withheld and images is not None
            else frozenset[int]()
            for images in (representatives, whole)
        ]
        return cls(representatives, whole, writer, *places)

    @property
    def exact(self) -> bool:
        """Whether no nearer one can be missed."""
        return self.whole is None

    def show(self, activations: Activations, found: Found, count: int) -> Shown:
        """Give the nearest images, and the nearest representative of another class."""
        if self.passed and not self.passed.isdisjoint([*found.positions, found.contrast]):
            # What the graph found in advance holds too few others.
            hidden, predicted = activations.hidden, activations.predicted
            found = self.representatives.search(hidden, predicted, count, self.passed)
        examples, cited = self._near(activations, found, count)
        if found.contrast is not None:
            cited.append((EXAMPLE, self.representatives.ids[found.contrast]))
        return Shown(examples, self.writer.contrast(found), cited)

    def _near(
        self, activations: Activations, found: Found, count: int
    ) -> tuple[list[orjson.Fragment], list[Citation]]:
        whole = self.whole
        if whole is None:
            ids = self.representatives.ids
            cited = [(EXAMPLE, ids[position]) for position in found.positions[:count]]
            return self.writer.near(found, count), cited
        near = whole.search(activations.hidden, count, self.passed_whole)
        fill, labels = self.writer.filling.fill, self.writer.labels
        shown = [fill(example_fragment(whole, i, labels).example, away) for i, away in near]
        return shown, [(EXAMPLE, whole.ids[position]) for position, _ in near]
