"""Bytes to pixels: PNG, JPEG and WEBP, by what the bytes say and nothing else."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from explainers.arrays import ByteArray
from reasoned.errors import (
    BrokenImageError,
    ImageError,
    ImageTooLargeError,
    UnsupportedImageError,
)

MOST_PIXELS = 16_000_000
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode_image(data: bytes, *, most_pixels: int = MOST_PIXELS) -> ByteArray:
    """Decode an encoded image.

    Of an animation the first frame counts. What is transparent is laid over black, a
    camera's orientation tag is followed, 16 bits are scaled to 8.

    Parameters
    ----------
    data
        A whole PNG, JPEG or WEBP file; no name and no header is asked for.
    most_pixels
        The largest rows x columns that are decoded; checked before decoding.

    Returns
    -------
    ByteArray
        Shape (rows, columns, channels), with one channel for a grey image and three
        (red, green, blue) for a colour image. Read-only.

    Raises
    ------
    UnsupportedImageError
        When the bytes do not begin like one of the three formats.
    ImageTooLargeError
        When the image has more than `most_pixels` pixels.
    BrokenImageError
        When the bytes begin like one of the three formats and cannot be decoded.

    """
    plugin = _plugin(data)
    try:
        # A plugin by itself skips the trial of every format, and Pillow's own limit on
        # the size, which lies above this one and warns where an error is wanted.
        picture = plugin(BytesIO(data))
        _check_size(picture.size, most_pixels)
        picture.load()
        return _pixels(picture)
    except ImageError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageTooLargeError(
            f"image must have at most {most_pixels} pixels, not many times as many; send it smaller"
        ) from error
    except Exception as error:
        # Hostile bytes make decoders raise anything: SyntaxError, struct.error,
        # OverflowError, MemoryError. Whatever it is, it says that the bytes are broken.
        raise BrokenImageError(
            f"image looks like {plugin.format} but cannot be decoded ({_reason(error)}); "
            "send a complete file"
        ) from error


def _plugin(data: bytes) -> type[ImageFile.ImageFile]:
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return PngImageFile
    if data[:3] == b"\xff\xd8\xff":
        return JpegImageFile
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WebPImageFile
    came = f"bytes that begin with {data[:8].hex(' ')}" if data else "no bytes at all"
    raise UnsupportedImageError(f"image must be PNG, JPEG or WEBP, not {came}")


def _check_size(size: tuple[int, int], most_pixels: int) -> None:
    width, height = size
    if width * height > most_pixels:
        raise ImageTooLargeError(
            f"image must have at most {most_pixels} pixels, not {width} x {height}; send it smaller"
        )


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _pixels(picture: Image.Image) -> ByteArray:
    flat = _grey_or_colour(picture)
    turn = _turn(picture)
    if turn is not None:
        flat = flat.transpose(turn)
    width, height = flat.size
    # Twice as fast as numpy.asarray, which goes through the array interface.
    return np.frombuffer(flat.tobytes(), np.uint8).reshape(height, width, -1)


def _grey_or_colour(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return _eight_bits(picture)
    if picture.has_transparency_data:
        return _over_black(picture)
    if picture.mode in ("L", "RGB"):
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    wide = np.array(picture, np.uint32)  # (rows, columns)
    transparent = picture.info.get("transparency")
    if isinstance(transparent, int):
        wide[wide == transparent] = 0
    return Image.fromarray(((wide + 128) // 257).astype(np.uint8))


def _over_black(picture: Image.Image) -> Image.Image:
    black = Image.new("RGBA", picture.size, (0, 0, 0, 255))
    grey = picture.mode in ("1", "L", "LA", "La")
    laid = Image.alpha_composite(black, picture.convert("RGBA"))
    return laid.convert("L" if grey else "RGB")


def _turn(picture: Image.Image) -> Image.Transpose | None:
    if "exif" not in picture.info and "Raw profile type exif" not in picture.info:
        return None
    try:
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001  a damaged tag is no reason to refuse a sound image
        return None
