"""A model's parts, made ready to answer under a disclosure."""

import dataclasses
from collections.abc import Mapping
from typing import final

from reasoned.example_pictures import ExamplePictures
from reasoned.explaining import Explaining
from reasoned.region_pictures import RegionPictures
from reasoned.reply.disclosure import Disclosure
from reasoned.reply.mentions import Mentions
from reasoned.reply.prototypes import Prototypes
from reasoned.reply.screen import Screen


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Disclosed:
    """What answers under a disclosure.

    Attributes
    ----------
    explaining
        Writes the replies.
    pictures
        Draws the regions.
    examples
        Gives the pictures of training images.
    hidden
        The ids that must not appear.

    """

    explaining: Explaining
    pictures: RegionPictures
    examples: ExamplePictures
    hidden: Mentions


def disclose(
    disclosure: Disclosure,
    explaining: Explaining,
    pictures: RegionPictures,
    thumbnails: Mapping[str, bytes],
) -> Disclosed:
    """Make the parts of a model that discloses everything answer under a disclosure.

    Parameters
    ----------
    disclosure
        How training images are shown.
    explaining, pictures, thumbnails
        Of a model that discloses everything.

    """
    shown = pictures.disclosing(disclosure)
    screen = Screen.of(disclosure, frozenset(thumbnails))
    found = explaining.disclosing(disclosure, shown.known, screen)
    images = found.placing.images
    groups = images.members if isinstance(images, Prototypes) else {}
    seen = explaining.parts.preprocessing.resized
    return Disclosed(
        explaining=found,
        pictures=shown,
        examples=ExamplePictures(thumbnails, disclosure, groups, seen),
        hidden=screen.hidden,
    )
