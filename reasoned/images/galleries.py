"""A gallery as one picture: images, their heat or what was made of them, and words below."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from explainers.arrays import ByteArray, check_shape
from explainers.errors import ShapeError
from explainers.gallery import Tile
from reasoned.images.decode import decode_image
from reasoned.images.overlays import fitted, overlaid

MOST_TILES: Final = 20
_SIDE, _GAP, _FRAME = 104, 8, 3
_ACROSS: Final = (5, 4, 3)
_LINE, _LINES, _LETTERS = 14, 3, 17
_WHITE, _INK, _SEED, _EDGE = (255, 255, 255), (29, 39, 51), (22, 163, 74), (208, 213, 219)
_MOST_PIXELS: Final = 1_000_000


def check_tile(tile: Tile) -> None:
    """Check that the second row of a tile can be drawn.

    Raises
    ------
    ShapeError
        When heat or picture has other axes, more than a million pixels or none, when the
        picture is neither grey nor colour, or when a tile has both.

    """
    if tile.heat is not None and tile.picture is not None:
        raise ShapeError("a tile has either heat or a picture below its image, not both")
    if tile.heat is not None:
        check_shape("heat", tile.heat, "rows", "columns")
        _check_pixels("heat", tile.heat)
    if tile.picture is not None:
        check_shape("picture", tile.picture, "rows", "columns", "channels")
        _check_pixels("picture", tile.picture)
        if tile.picture.shape[2] not in (1, 3):
            raise ShapeError(f"picture must have 1 or 3 channels, not {tile.picture.shape[2]}")


def _check_pixels(what: str, found: ByteArray) -> None:
    if found.dtype != np.uint8:
        raise ShapeError(f"{what} must hold bytes (uint8), not {found.dtype}")
    rows, columns = found.shape[:2]
    if not 0 < rows * columns <= _MOST_PIXELS:
        raise ShapeError(f"{what} must have 1 to {_MOST_PIXELS} pixels, not {rows} x {columns}")


def gallery_png(
    tiles: Sequence[Tile],
    pictures: Mapping[str, bytes],
    seen: Callable[[ByteArray], ByteArray],
    *,
    framed: bool = True,
) -> bytes:
    """Draw tiles in bands of three to five, the first one framed; equal tiles give equal bytes.

    Where some tile has heat or a picture, each band has a second row below the plain images:
    the same under its heat, the picture, or nothing.

    Parameters
    ----------
    tiles
        At least one; those beyond the first twenty are left out.
    pictures
        A PNG per example id.
    seen
        Makes of an image what the network sees of it, which is what heat lies over.
    framed
        Whether the first one is framed.

    Raises
    ------
    ImageError
        When one of these PNG files cannot be decoded.
    ShapeError
        When `check_tile` refuses a tile.

    """
    shown = tiles[:MOST_TILES]
    for tile in shown:
        check_tile(tile)
    rows = 2 if any(tile.heat is not None or tile.picture is not None for tile in shown) else 1
    high = rows * (_SIDE + _GAP) + _LINES * _LINE + _GAP
    across = _across(len(shown))
    bands = -(-len(shown) // across)
    wide = across * (_SIDE + _GAP) + _GAP
    page = Image.new("RGB", (wide, bands * high + _GAP), _WHITE)
    for position, tile in enumerate(shown):
        band, column = divmod(position, across)
        corner = (_GAP + column * (_SIDE + _GAP), _GAP + band * high)
        image = seen(decode_image(pictures[tile.example], most_pixels=_MOST_PIXELS))
        _draw(page, corner, tile, fitted(image, _SIDE), rows)
        if position == 0 and framed:
            _frame(page, corner, rows)
    encoded = BytesIO()
    page.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()


def _across(count: int) -> int:
    """Give the number of tiles per band that leaves the fewest holes, the most where equal."""
    if count <= _ACROSS[0]:
        return count
    return min(_ACROSS, key=lambda across: -count % across)


def _frame(page: Image.Image, corner: tuple[int, int], rows: int) -> None:
    left, top = corner
    bottom = top + rows * (_SIDE + _GAP) - _GAP
    box = (left - _FRAME, top - _FRAME, left + _SIDE + _FRAME - 1, bottom + _FRAME - 1)
    ImageDraw.Draw(page).rectangle(box, outline=_SEED, width=_FRAME)


def _draw(
    page: Image.Image, corner: tuple[int, int], tile: Tile, plain: Image.Image, rows: int
) -> None:
    left, top = corner
    pen = ImageDraw.Draw(page)
    for row, shown in enumerate((plain, _below(tile, plain))):
        if shown is not None:
            high = top + row * (_SIDE + _GAP)
            page.paste(shown, _centred(left, high, shown))
            pen.rectangle((left - 1, high - 1, left + _SIDE, high + _SIDE), outline=_EDGE)
    top += rows * (_SIDE + _GAP)
    font = ImageFont.load_default(12)
    lines = textwrap.wrap(tile.words, _LETTERS, max_lines=_LINES, placeholder=" ...")
    for number, line in enumerate(lines):
        pen.text((left, top + number * _LINE - 3), line, _INK, font)


def _below(tile: Tile, plain: Image.Image) -> Image.Image | None:
    if tile.picture is not None:
        return fitted(tile.picture, _SIDE)
    return None if tile.heat is None else overlaid(plain, tile.heat)


def _centred(left: int, top: int, picture: Image.Image) -> tuple[int, int]:
    return left + (_SIDE - picture.width) // 2, top + (_SIDE - picture.height) // 2
