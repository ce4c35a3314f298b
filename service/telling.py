"""What is known of one answered image, for those who record, count and trace."""

import dataclasses
from collections.abc import Callable
from typing import final

from explainers.arrays import ByteArray
from reasoned.reply.options import ReplyOptions
from reasoned.reply.outcome import Answered
from service.arrival import Arrival
from service.pictures import Picture


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """One answered image.

    Attributes
    ----------
    arrival
        Of the request; an item of a batch has an id of its own.
    options
        What was asked for.
    picture
        The image as it came.
    image
        Shape (rows, columns, channels). The image as it was decoded.
    answered
        The reply and its outcome.
    decode_us
        How long decoding took, in microseconds.
    disclosure
        How training images are shown, as `Disclosure.word` says it.

    """

    arrival: Arrival
    options: ReplyOptions
    picture: Picture
    image: ByteArray
    answered: Answered
    decode_us: int
    disclosure: str


# Called with each answer before it is sent; what it raises is the answer instead.
Observer = Callable[[Told], None]
