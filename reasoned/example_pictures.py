"""The pictures of training images that a disclosure lets anybody see."""

import functools
from collections.abc import Callable, Mapping
from typing import Final, final

import numpy as np

from explainers.arrays import ByteArray
from reasoned.errors import FolderError, ImageError
from reasoned.images.decode import decode_image
from reasoned.images.thumbnails import thumbnail_png
from reasoned.reply.disclosure import Disclosure

KEPT: Final = 1_024
_MOST_PIXELS: Final = 1_000_000


@final
class ExamplePictures:
    """Gives pictures by the ids that replies mention, and keeps those it made.

    Safe to ask from many threads at once: what is made twice is the same.

    Parameters
    ----------
    thumbnails
        A PNG per training image.
    disclosure
        How they are shown.
    groups
        Per prototype the images that it is the mean of.
    seen
        Makes of an image what the network sees of it: all of one size.

    """

    def __init__(
        self,
        thumbnails: Mapping[str, bytes],
        disclosure: Disclosure,
        groups: Mapping[str, tuple[str, ...]],
        seen: Callable[[ByteArray], ByteArray],
    ) -> None:
        self._thumbnails, self._groups, self._seen = thumbnails, groups, seen
        self._disclosure = disclosure
        self._made = functools.lru_cache(KEPT)(self._make)

    def png(self, identity: str) -> bytes | None:
        """Give the picture of a training image or prototype, or None where none is shown."""
        disclosure = self._disclosure
        if disclosure.mode == "prototype":
            return self._made(identity) if identity in self._groups else None
        if not disclosure.pictured or identity in disclosure.withheld:
            return None
        if disclosure.mode == "full":
            return self._thumbnails.get(identity)
        return self._made(identity) if identity in self._thumbnails else None

    def _make(self, identity: str) -> bytes:
        try:
            if identity not in self._groups:
                return thumbnail_png(self._decoded(identity))
            images = [self._seen(self._decoded(one)) for one in self._groups[identity]]
        except ImageError as error:
            raise FolderError(f"a thumbnail of {identity} cannot be shown: {error}") from error
        return thumbnail_png(np.rint(np.mean(images, axis=0)).astype(np.uint8))

    def _decoded(self, identity: str) -> ByteArray:
        return decode_image(self._thumbnails[identity], most_pixels=_MOST_PIXELS)
