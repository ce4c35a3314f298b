"""Groups of training images that are shown in place of single ones."""

import dataclasses
from collections.abc import Iterator
from typing import Final, Self, final

import numpy as np

from explainers.activations import Activations
from explainers.arrays import FloatArray, IntArray, make_read_only
from explainers.evidence import Citation
from explainers.neighbours.served import Found, Representatives, WholeSet
from reasoned.reply.fragments import ExampleFragment, Filling, image_fragment
from reasoned.reply.shown_images import Shown, ShownImages

LEAST_AVERAGED: Final = 10
PROTOTYPE: Final = "prototype"
Images = Representatives | WholeSet


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Prototypes(ShownImages):
    """Groups of at least ten stored images each, by their means.

    A group is a cluster of the first level. Where fewer than ten images of it are stored, it
    is all that are stored of the class that the network gives them; where those are fewer
    than ten as well, the group has no picture.

    Attributes
    ----------
    ids
        How replies call the groups.
    means
        Shape (groups, units). Mean activations.
    predicted
        Shape (groups). The network's class.
    fragments
        Their records.
    members
        Per id the images that the picture is the mean of; those without one are not here.
    filling
        How the records are completed.

    """

    ids: tuple[str, ...]
    means: FloatArray
    predicted: IntArray
    fragments: tuple[ExampleFragment, ...]
    members: dict[str, tuple[str, ...]]
    filling: Filling

    def __post_init__(self) -> None:
        make_read_only(self)

    @classmethod
    def of(
        cls, images: Images, classes: tuple[str, ...], withheld: frozenset[str], filling: Filling
    ) -> Self:
        """Group the stored images, but for those that are withheld."""
        ids, means, predicted = list[str](), list[FloatArray](), list[int]()
        fragments, members = list[ExampleFragment](), dict[str, tuple[str, ...]]()
        for identity, name, places in _groups(images, classes, withheld):
            called = int(images.predicted[places[0]])
            ids.append(identity)
            means.append(images.vectors[places].mean(axis=0, dtype=np.float64))
            predicted.append(called)
            if len(places) >= LEAST_AVERAGED:
                members[identity] = tuple(images.ids[place] for place in places.tolist())
            fragments.append(
                image_fragment(
                    identity,
                    (classes[_most(images.labels[places])], classes[called]),
                    (int(images.stands_for[places].sum()), name),
                    averaged=len(places) if identity in members else None,
                )
            )
        units = images.vectors.shape[1]
        stacked = np.array(means, np.float32).reshape(len(ids), units)
        called_all = np.array(predicted, np.int64)
        return cls(tuple(ids), stacked, called_all, tuple(fragments), members, filling)

    @property
    def exact(self) -> bool:
        """Whether no nearer one can be missed."""
        return True

    def show(self, activations: Activations, found: Found, count: int) -> Shown:  # noqa: ARG002  the contract
        """Give the nearest groups, and the nearest of another class."""
        distances = np.linalg.norm(self.means - activations.hidden, axis=1)
        near = np.argsort(distances, kind="stable").tolist()
        others = [i for i in near if self.predicted[i] != activations.predicted][:1]
        cited: list[Citation] = [(PROTOTYPE, self.ids[i]) for i in near[:count]]
        fill, away = self.filling.fill, distances.tolist()
        contrast = [fill(self.fragments[i].example, away[i]) for i in others]
        return Shown(
            [fill(self.fragments[i].example, away[i]) for i in near[:count]],
            contrast[0] if contrast else None,
            list(dict.fromkeys([*cited, *((PROTOTYPE, self.ids[i]) for i in others)])),
        )


def _groups(
    images: Images, classes: tuple[str, ...], withheld: frozenset[str]
) -> Iterator[tuple[str, str, IntArray]]:
    """Give each group's id, its name in words, and the positions of its images."""
    shown = np.array([identity not in withheld for identity in images.ids])
    scattered = set[int]()
    for cluster, name in enumerate(images.cluster_names):
        places = np.flatnonzero(shown & (images.clusters == cluster))
        called = np.unique(images.predicted[places]).tolist()
        if len(called) == 1 and len(places) >= LEAST_AVERAGED:
            yield f"{PROTOTYPE}-{cluster}", name, places
        else:
            scattered |= set(called)
    for label in sorted(scattered):
        places = np.flatnonzero(shown & (images.predicted == label))
        yield f"{PROTOTYPE}-class-{label}", classes[label], places


def _most(labels: IntArray) -> int:
    return int(np.bincount(labels).argmax())
