import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from explainers.arrays import ByteArray
from reasoned.errors import BrokenImageError
from reasoned.images.decode import decode_image

GREY = np.arange(6, dtype=np.uint8).reshape(2, 3) * 50
COLOUR = np.arange(18, dtype=np.uint8).reshape(2, 3, 3) * 14


def encoded(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def sixteen_bits(values: list[list[int]], *, transparent: int | None = None) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    lines = b"".join(b"\0" + struct.pack(f">{len(row)}H", *row) for row in values)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", len(values[0]), len(values), 16, 0, 0, 0, 0))
        + (b"" if transparent is None else chunk(b"tRNS", struct.pack(">H", transparent)))
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("form", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_colour_comes_back_as_it_was(form: str, options: dict[str, bool]) -> None:
    found = decode_image(encoded(Image.fromarray(COLOUR), form, **options))

    np.testing.assert_array_equal(found, COLOUR)
    assert found.dtype == np.uint8
    assert not found.flags.writeable


def test_a_grey_png_has_one_channel() -> None:
    found = decode_image(encoded(Image.fromarray(GREY)))

    np.testing.assert_array_equal(found, GREY[:, :, np.newaxis])


@pytest.mark.parametrize(("picture", "channels"), [(GREY, 1), (COLOUR, 3)])
def test_jpeg_keeps_its_channels_and_comes_close(picture: ByteArray, channels: int) -> None:
    smooth = np.full((16, 16, *picture.shape[2:]), 120, np.uint8)

    found = decode_image(encoded(Image.fromarray(smooth), "JPEG", quality=95))

    assert found.shape == (16, 16, channels)
    np.testing.assert_allclose(found, 120, atol=2)  # JPEG loses a little


def test_the_name_of_the_format_is_in_the_bytes_alone() -> None:
    png = encoded(Image.fromarray(GREY))

    np.testing.assert_array_equal(decode_image(png + b"\xff\xd8\xff")[..., 0], GREY)


def test_transparent_colour_is_laid_over_black() -> None:
    # Half transparent white is mid grey, wholly transparent red is black.
    picture = Image.new("RGBA", (2, 1))
    picture.putpixel((0, 0), (255, 255, 255, 128))
    picture.putpixel((1, 0), (255, 0, 0, 0))

    np.testing.assert_array_equal(decode_image(encoded(picture)), [[[128] * 3, [0, 0, 0]]])


def test_transparent_grey_stays_grey() -> None:
    picture = Image.new("LA", (2, 1))
    picture.putpixel((0, 0), (200, 255))
    picture.putpixel((1, 0), (200, 51))

    np.testing.assert_array_equal(decode_image(encoded(picture)), [[[200], [40]]])


def test_a_colour_that_is_declared_transparent_is_black() -> None:
    found = decode_image(encoded(Image.fromarray(COLOUR), transparency=(0, 14, 28)))

    assert COLOUR[0, 0].tolist() == [0, 14, 28]
    assert found[0, 0].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(found[1], COLOUR[1])


def test_a_palette_is_looked_up() -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([10, 20, 30, 40, 50, 60])
    picture.putpixel((1, 0), 1)

    np.testing.assert_array_equal(decode_image(encoded(picture)), [[[10, 20, 30], [40, 50, 60]]])
    np.testing.assert_array_equal(
        decode_image(encoded(picture, transparency=b"\xff\0")), [[[10, 20, 30], [0, 0, 0]]]
    )


def test_one_bit_is_black_or_white() -> None:
    picture = Image.new("1", (2, 1))
    picture.putpixel((1, 0), 1)

    np.testing.assert_array_equal(decode_image(encoded(picture)), [[[0], [255]]])


def test_sixteen_bits_are_scaled_and_rounded() -> None:
    # 65535 / 255 = 257: 128 is just below a half, 129 just above; 257 is one step.
    found = decode_image(sixteen_bits([[0, 128, 129, 257, 32768, 65535]]))

    np.testing.assert_array_equal(found[..., 0], [[0, 0, 1, 1, 128, 255]])


def test_sixteen_bits_may_be_transparent_too() -> None:
    found = decode_image(sixteen_bits([[65535, 30000]], transparent=65535))

    np.testing.assert_array_equal(found[..., 0], [[0, 117]])


def test_printing_colours_become_screen_colours() -> None:
    found = decode_image(encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG"))

    assert found.shape == (16, 16, 3)
    np.testing.assert_allclose(found[8, 8], [255, 0, 0], atol=3)  # red, less what JPEG loses


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_counts(form: str) -> None:
    first, second = Image.new("RGB", (4, 4), (255, 0, 0)), Image.new("RGB", (4, 4), (0, 0, 255))
    data = encoded(first, form, save_all=True, append_images=[second], lossless=True)

    found = decode_image(data)

    assert found.shape == (4, 4, 3)
    assert found[0, 0].tolist() == [255, 0, 0]


# EXIF 2.3, section 4.6.4: where the file's row 0 and column 0 belong on the screen.
UPRIGHT = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
    8: lambda a: np.rot90(a, 1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("form", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_the_orientation_tag_is_followed(
    orientation: int, form: str, options: dict[str, bool]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    found = decode_image(encoded(Image.fromarray(COLOUR), form, exif=exif, **options))

    np.testing.assert_array_equal(found, UPRIGHT[orientation](COLOUR))


def test_a_turned_photograph_is_turned_back() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("L", (32, 16))
    picture.paste(255, (16, 0, 32, 16))

    found = decode_image(encoded(picture, "JPEG", exif=exif))

    assert found.shape == (32, 16, 1)  # the bright right half is now the lower one
    assert found[:12].max() < 30
    assert found[20:].min() > 225


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\xff\xff", b"?"]
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow's own word to the log
def test_a_damaged_orientation_tag_does_not_spoil_the_image(exif: bytes) -> None:
    found = decode_image(encoded(Image.fromarray(COLOUR), exif=exif))

    np.testing.assert_array_equal(found, COLOUR)


def test_an_orientation_that_does_not_exist_is_ignored() -> None:
    exif = Image.Exif()
    exif[0x0112] = 9

    np.testing.assert_array_equal(decode_image(encoded(Image.fromarray(COLOUR), exif=exif)), COLOUR)


def test_the_message_says_what_to_do() -> None:
    with pytest.raises(BrokenImageError, match=r"looks like PNG but .+; send a complete file"):
        decode_image(encoded(Image.fromarray(COLOUR))[:50])
