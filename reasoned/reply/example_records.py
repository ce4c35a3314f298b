"""The training images of a reply, or the groups that stand in their place."""

from typing import Annotated, final

from pydantic import Field

from reasoned.reply.bodies import Frozen


class Example(Frozen):
    """A representative training image near the request's, in the explained layer.

    `image` is null where the service discloses no pictures.
    """

    id: str
    label: str
    predicted: str
    distance: Annotated[float, Field(ge=0.0)]
    stands_for: Annotated[int, Field(ge=1)]
    cluster: str
    image: str | None


@final
class Prototype(Example):
    """A group of training images, where the service discloses no single ones.

    `label` is its most frequent class, `distance` is to its mean activation, and `image`
    shows the mean of `averaged` training images; both are null where fewer are stored.
    """

    averaged: Annotated[int, Field(ge=10)] | None


class Contrast(Frozen):
    """The nearest representative that the network puts in another class."""

    id: str
    label: str
    predicted: str
    distance: Annotated[float, Field(ge=0.0)]
    image: str | None
