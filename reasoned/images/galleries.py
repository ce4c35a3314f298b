"""A gallery as one picture: images, the same under their heat, and words below."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from explainers.arrays import ByteArray
from explainers.gallery import Tile
from reasoned.images.decode import decode_image
from reasoned.images.overlays import fitted, overlaid

MOST_TILES: Final = 20
_SIDE, _GAP, _FRAME, _ACROSS = 104, 8, 3, 5
_LINE, _LINES, _LETTERS = 14, 3, 17
_WHITE, _INK, _SEED = (255, 255, 255), (29, 39, 51), (22, 163, 74)
_MOST_PIXELS: Final = 1_000_000


def gallery_png(
    tiles: Sequence[Tile], pictures: Mapping[str, bytes], seen: Callable[[ByteArray], ByteArray]
) -> bytes:
    """Draw tiles in bands of five, the first one framed; equal tiles give equal bytes.

    Where some tile has heat, each band has the plain images above the overlaid ones.

    Parameters
    ----------
    tiles
        At least one; those beyond the first twenty are left out.
    pictures
        A PNG per example id.
    seen
        Makes of an image what the network sees of it, which is what heat lies over.

    Raises
    ------
    ImageError
        When one of these PNG files cannot be decoded.

    """
    shown = tiles[:MOST_TILES]
    heated = any(tile.heat is not None for tile in shown)
    high = (2 if heated else 1) * (_SIDE + _GAP) + _LINES * _LINE + _GAP
    bands = -(-len(shown) // _ACROSS)
    wide = min(len(shown), _ACROSS) * (_SIDE + _GAP) + _GAP
    page = Image.new("RGB", (wide, bands * high + _GAP), _WHITE)
    for position, tile in enumerate(shown):
        band, column = divmod(position, _ACROSS)
        corner = (_GAP + column * (_SIDE + _GAP), _GAP + band * high)
        if position == 0:
            _frame(page, corner, 2 if heated else 1)
        image = seen(decode_image(pictures[tile.example], most_pixels=_MOST_PIXELS))
        _draw(page, corner, tile, fitted(image, _SIDE), heated=heated)
    encoded = BytesIO()
    page.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()


def _frame(page: Image.Image, corner: tuple[int, int], rows: int) -> None:
    left, top = corner
    bottom = top + rows * (_SIDE + _GAP) - _GAP
    box = (left - _FRAME, top - _FRAME, left + _SIDE + _FRAME - 1, bottom + _FRAME - 1)
    ImageDraw.Draw(page).rectangle(box, outline=_SEED, width=_FRAME)


def _draw(
    page: Image.Image, corner: tuple[int, int], tile: Tile, picture: Image.Image, *, heated: bool
) -> None:
    left, top = corner
    page.paste(picture, _centred(left, top, picture))
    top += _SIDE + _GAP
    if heated:
        under = picture if tile.heat is None else overlaid(picture, tile.heat)
        page.paste(under, _centred(left, top, under))
        top += _SIDE + _GAP
    font, pen = ImageFont.load_default(12), ImageDraw.Draw(page)
    lines = textwrap.wrap(tile.words, _LETTERS, max_lines=_LINES, placeholder=" ...")
    for number, line in enumerate(lines):
        pen.text((left, top + number * _LINE - 3), line, _INK, font)


def _centred(left: int, top: int, picture: Image.Image) -> tuple[int, int]:
    return left + (_SIDE - picture.width) // 2, top + (_SIDE - picture.height) // 2
