"""The pictures of regions, drawn when they are asked for."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import final

from explainers.contract import Explainer
from explainers.errors import ShapeError
from explainers.gallery import Tile
from reasoned.errors import FolderError, ImageError
from reasoned.images.galleries import check_tile, gallery_png
from reasoned.images.preprocessing import Preprocessing

KEPT = 64


@final
class RegionPictures:
    """Draws galleries from thumbnails, and keeps the last few that were asked for.

    Safe to ask from many threads at once: what is drawn twice is the same.

    Parameters
    ----------
    explainers
        The methods, by name.
    known
        The pairs of method and region that have a gallery.
    thumbnails
        A PNG per example id.
    preprocessing
        Makes of an image what the network sees of it.

    Raises
    ------
    FolderError
        When a gallery shows an image that has no thumbnail, or a tile that cannot be drawn.

    """

    def __init__(
        self,
        explainers: Mapping[str, Explainer],
        known: Iterable[tuple[str, str]],
        thumbnails: Mapping[str, bytes],
        preprocessing: Preprocessing,
    ) -> None:
        self._explainers, self._thumbnails = explainers, thumbnails
        self._preprocessing = preprocessing
        self._known = frozenset(known)
        for method, region in sorted(self._known):
            _check(
                f"the gallery of {method}, {region}", explainers[method].gallery(region), thumbnails
            )
        self._drawn = functools.lru_cache(KEPT)(self._draw)

    def png(self, method: str, region: str) -> bytes | None:
        """Give the picture of a region, or None where it has none."""
        return self._drawn(method, region) if (method, region) in self._known else None

    def _draw(self, method: str, region: str) -> bytes:
        try:
            tiles = self._explainers[method].gallery(region)
            return gallery_png(tiles, self._thumbnails, self._preprocessing.resized)
        except ImageError as error:
            raise FolderError(
                f"a thumbnail of {method}, {region} cannot be drawn: {error}"
            ) from error


def _check(gallery: str, tiles: Sequence[Tile], thumbnails: Mapping[str, bytes]) -> None:
    for tile in tiles:
        if tile.example not in thumbnails:
            raise FolderError(f"{gallery} shows {tile.example}, which has no thumbnail")
        try:
            check_tile(tile)
        except ShapeError as error:
            raise FolderError(f"{gallery} cannot be drawn: {error}") from error
