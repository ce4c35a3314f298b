"""Where an image lies among the training images, and which of them are shown."""

import dataclasses
from typing import Self, final

from explainers.activations import Activations
from explainers.evidence import Citation
from explainers.neighbours.served import Representatives, WholeSet
from explainers.support.served import Support
from reasoned.reply.disclosure import Disclosure
from reasoned.reply.fragments import Filling
from reasoned.reply.prototypes import Prototypes
from reasoned.reply.shown_images import NoImages, Shown, ShownImages, SingleImages
from reasoned.reply.writer import ReplyWriter

_NOTHING = Shown([], None, [])


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """Where one image lies.

    Attributes
    ----------
    shown
        What is shown of the training images near it.
    cited
        What is cited of them, with the cluster of the nearest representative.
    nearest
        The distance to that one, whether it is shown or not.
    outside
        Whether the support test rejects the image.

    """

    shown: Shown
    cited: list[Citation]
    nearest: float
    outside: bool


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Placing:
    """The search for near training images.

    Attributes
    ----------
    representatives, support
        What places an image; whatever is disclosed, it is placed the same.
    images
        What is shown.
    clusters
        Per representative its cluster, as it is cited.

    """

    representatives: Representatives
    support: Support
    images: ShownImages
    clusters: tuple[Citation, ...]

    @classmethod
    def of(cls, representatives: Representatives, support: Support, images: ShownImages) -> Self:
        """Make the citations ready."""
        names = representatives.cluster_names
        clusters = tuple(("cluster", names[place]) for place in representatives.clusters.tolist())
        return cls(representatives, support, images, clusters)

    def place(self, activations: Activations, count: int) -> Placed:
        """Find what lies near an image, and show `count` of it."""
        found = self.representatives.find(activations, max(count, 1))
        nearest = found.distances[0]
        shown = self.images.show(activations, found, count) if count else _NOTHING
        outside = self.support.judge(activations, nearest).outside
        return Placed(shown, [*shown.cited, self.clusters[found.positions[0]]], nearest, outside)


def shown_images(
    representatives: Representatives,
    whole: WholeSet | None,
    writer: ReplyWriter,
    disclosure: Disclosure,
) -> ShownImages:
    """Choose what a disclosure shows."""
    if disclosure.mode == "off":
        return NoImages()
    if disclosure.mode == "prototype":
        filling = Filling(writer.filling.floor)
        images = representatives if whole is None else whole
        return Prototypes.of(images, writer.labels, disclosure.withheld, filling)
    return SingleImages.of(representatives, whole, writer, disclosure)


def shown_floor(representatives: Representatives, support: Support) -> float:
    """Give the least distance that is told where distances are rounded.

    It is how near the representatives lie to one another at the nearest. Where that says
    nothing, since there is one alone or many have the same activations, it is the largest
    distance that counts as supported.
    """
    return representatives.usual_gap or support.hidden_limit
