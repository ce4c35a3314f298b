"""The pictures of regions, drawn when they are asked for."""

import copy
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Self, final

from explainers.contract import Explainer
from explainers.errors import ShapeError
from explainers.gallery import Tile
from reasoned.errors import FolderError, ImageError
from reasoned.images.galleries import check_tile, gallery_png
from reasoned.images.preprocessing import Preprocessing
from reasoned.reply.disclosure import Disclosure

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
        self._withheld = frozenset[str]()
        self._shown = dict[tuple[str, str], frozenset[str]]()
        for method, region in sorted(frozenset(known)):
            tiles = explainers[method].gallery(region)
            _check(f"the gallery of {method}, {region}", tiles, thumbnails)
            self._shown[method, region] = frozenset(tile.example for tile in tiles)
        self.known = frozenset(self._shown)
        self._drawn = functools.lru_cache(KEPT)(self._draw)

    def disclosing(self, disclosure: Disclosure) -> Self:
        """Give the same, drawn under a disclosure: without the tiles that are withheld.

        A region of which no tile is left has no picture, and none has where single training
        images are not shown.
        """
        found = copy.copy(self)
        found._withheld = disclosure.withheld  # noqa: SLF001  our own copy
        found.known = frozenset(
            pair
            for pair, shown in self._shown.items()
            if disclosure.pictured and not shown <= disclosure.withheld
        )
        found._drawn = functools.lru_cache(KEPT)(found._draw)  # noqa: SLF001  our own copy
        return found

    def png(self, method: str, region: str) -> bytes | None:
        """Give the picture of a region, or None where it has none."""
        return self._drawn(method, region) if (method, region) in self.known else None

    def _draw(self, method: str, region: str) -> bytes:
        try:
            tiles = self._explainers[method].gallery(region)
            kept = [tile for tile in tiles if tile.example not in self._withheld]
            seen = self._preprocessing.resized
            # The frame says which tile the region grew from.
            return gallery_png(kept, self._thumbnails, seen, framed=kept[0] is tiles[0])
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
