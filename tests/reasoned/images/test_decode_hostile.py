"""What `decode_image` must refuse, and with which of the three errors."""

import struct
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reasoned.errors import (
    BrokenImageError,
    ImageError,
    ImageTooLargeError,
    UnsupportedImageError,
)
from reasoned.images.decode import decode_image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def encoded(form: str, **options: object) -> bytes:
    values = np.random.default_rng(7).integers(0, 256, (24, 20, 3), dtype=np.uint8)
    out = BytesIO()
    Image.fromarray(values).save(out, form, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def header(
    width: int = 4, height: int = 4, depth: int = 8, colour: int = 0, rest: str = "000000"
) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBB", width, height, depth, colour) + bytes.fromhex(rest))


def png(*chunks: bytes) -> bytes:
    return SIGNATURE + b"".join(chunks) + chunk(b"IEND", b"")


def rows(count: int = 4, width: int = 4, kind: int = 0) -> bytes:
    return chunk(b"IDAT", zlib.compress((bytes([kind]) + bytes(width)) * count))


def riff(*chunks: bytes, size: int | None = None) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def piece(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def canvas(width: int, height: int, flags: int = 0) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return piece(b"VP8X", bytes([flags, 0, 0, 0]) + sides)


def lossless(width: int, height: int) -> bytes:
    packed = (width - 1) | (height - 1) << 14
    return piece(b"VP8L", b"\x2f" + struct.pack("<I", packed) + bytes(32))


def frame(width: int, height: int, precision: int = 8, components: int = 3) -> bytes:
    body = struct.pack(">BHHB", precision, height, width, components)
    body += b"".join(bytes([i + 1, 0x11, 0]) for i in range(components))
    return b"\xff\xc0" + struct.pack(">H", len(body) + 2) + body


PNG, JPEG, WEBP = encoded("PNG"), encoded("JPEG"), encoded("WEBP", lossless=True)
LOSSY = encoded("WEBP")
SOF = JPEG.index(b"\xff\xc0")
SCAN = JPEG.index(b"\xff\xda")
BOMB = zlib.compress(bytes(80_000_000), 9)

UNSUPPORTED = {
    "nothing": b"",
    "one byte": b"\x89",
    "zeros": bytes(100),
    "text": b"hello, world",
    "json": b'{"image": ""}',
    "html": b"<!doctype html><img>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "gif": b"GIF89a" + bytes(40),
    "bmp": b"BM" + bytes(60),
    "tiff, little end first": b"II*\0" + bytes(40),
    "tiff, big end first": b"MM\0*" + bytes(40),
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04" + bytes(40),
    "icon": b"\0\0\1\0\1\0" + bytes(40),
    "avif": b"\0\0\0\x1cftypavif" + bytes(40),
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40),
    "portable grey map": b"P5 2 2 255\n\0\0\0\0",
    "photoshop": b"8BPS\0\1" + bytes(40),
    "gzip": b"\x1f\x8b\x08" + bytes(40),
    "wave in a riff": b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
    "riff and no more": b"RIFF\x24\0\0\0",
    "png signature that went through a text mode": b"\x89PNG\n\x1a\n" + PNG[8:],
    "png that lost its first byte": PNG[1:],
    "png after a blank": b" " + PNG,
    "jpeg mark and no more": b"\xff\xd8",
    "utf-16": "image".encode("utf-16"),
    "base64 of a png": b"iVBORw0KGgoAAAANSUhEUg",
}
BROKEN = {
    "png: signature only": SIGNATURE,
    "png: nothing but an end": png(),
    "png: header only": SIGNATURE + header(),
    "png: no pixels": png(header()),
    "png: half": PNG[: len(PNG) // 2],
    "png: cut within the header": PNG[:20],
    "png: cut within a chunk's name": PNG[:14],
    "png: header of wrong checksum": PNG[:29] + bytes(4) + PNG[33:],
    "png: header too short": png(chunk(b"IHDR", b"\0\0\0\4"), rows()),
    "png: no columns": png(header(width=0), rows()),
    "png: no rows": png(header(height=0), rows()),
    "png: negative size": png(header(width=2**32 - 1, height=0), rows()),
    "png: depth of 3": png(header(depth=3), rows()),
    "png: colour type 7": png(header(colour=7), rows()),
    "png: unknown filter": png(header(), rows(kind=9)),
    "png: pixels that are no zlib": png(header(), chunk(b"IDAT", b"\xff" * 40)),
    "png: chunk of four gigabytes": SIGNATURE + header() + b"\xff\xff\xff\xffIDAT",
    "png: name that is no name": SIGNATURE + header() + b"\0\0\0\1\1\2\3\4\0" + bytes(4),
    "png: text bomb": png(header(), chunk(b"zTXt", b"a\0\0" + BOMB), rows()),
    "png: zeros after the signature": SIGNATURE + bytes(100),
    "jpeg: three bytes": b"\xff\xd8\xff",
    "jpeg: half": JPEG[: len(JPEG) // 2],
    "jpeg: cut within the tables": JPEG[:40],
    "jpeg: cut before the scan": JPEG[:SCAN],
    "jpeg: nothing but an end": b"\xff\xd8\xff\xd9",
    "jpeg: no frame": JPEG[:SOF] + JPEG[SCAN:],
    "jpeg: no rows": JPEG[: SOF + 5] + b"\0\0" + JPEG[SOF + 7 :],
    "jpeg: no columns": JPEG[: SOF + 7] + b"\0\0" + JPEG[SOF + 9 :],
    "jpeg: 12 bits": JPEG[: SOF + 4] + b"\x0c" + JPEG[SOF + 5 :],
    "jpeg: seven components": b"\xff\xd8" + frame(4, 4, components=7) + JPEG[SCAN:],
    "jpeg: frame without tables": b"\xff\xd8" + frame(4, 4) + JPEG[SCAN:],
    "jpeg: noise": b"\xff\xd8\xff\xe0" + bytes(range(256)),
    "webp: header only": b"RIFF\x04\0\0\0WEBP",
    "webp: half": WEBP[: len(WEBP) // 2],
    "webp: half of a lossy one": LOSSY[: len(LOSSY) // 2],
    "webp: zeros": riff(bytes(64)),
    "webp: no size": riff(size=0) + WEBP[12:],
    "webp: empty lossy frame": riff(piece(b"VP8 ", b"")),
    "webp: lossy noise": riff(piece(b"VP8 ", bytes(range(64)))),
    "webp: lossless noise": riff(piece(b"VP8L", bytes(range(64)))),
    "webp: canvas without a frame": riff(canvas(8, 8)),
    "webp: animation without a frame": riff(canvas(8, 8, flags=2), piece(b"ANIM", bytes(6))),
    "webp: unknown piece": riff(piece(b"VP9 ", bytes(64))),
}
TOO_LARGE = {
    "png: header of 10**10": png(header(100_000, 100_000), rows()),
    "png: one pixel row": png(header(2**31 - 1, 1), rows()),
    "png: just above": png(header(4_000, 4_001), rows()),
    "jpeg: largest": b"\xff\xd8" + frame(65_535, 65_535) + JPEG[SCAN:],
    "webp: largest lossless": riff(lossless(16_384, 16_384)),
    "webp: large canvas": riff(canvas(16_000, 16_000), lossless(16_000, 16_000)),
}


@pytest.mark.parametrize("data", UNSUPPORTED.values(), ids=UNSUPPORTED.keys())
def test_other_formats_are_unsupported(data: bytes) -> None:
    with pytest.raises(UnsupportedImageError, match=r"image must be PNG, JPEG or WEBP, not "):
        decode_image(data)


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_damaged_files_are_broken(data: bytes) -> None:
    with pytest.raises(BrokenImageError, match=r"image looks like \w+ but cannot be decoded \(.+"):
        decode_image(data)


@pytest.mark.parametrize("data", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_what_claims_too_many_pixels_is_refused_before_it_is_decoded(data: bytes) -> None:
    with pytest.raises(ImageTooLargeError, match="at most 16000000 pixels"):
        decode_image(data)


def test_the_limit_is_an_argument_and_counts_pixels_not_bytes() -> None:
    assert decode_image(PNG, most_pixels=480).shape == (24, 20, 3)
    with pytest.raises(ImageTooLargeError, match="at most 479 pixels, not 20 x 24"):
        decode_image(PNG, most_pixels=479)


@pytest.mark.parametrize("make", [lambda: PNG, lambda: JPEG, lambda: WEBP, lambda: LOSSY])
@given(data=st.data())
def test_random_damage_gives_an_image_or_one_of_the_errors(
    make: Callable[[], bytes], data: st.DataObject
) -> None:
    damaged = bytearray(make())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + 1] = data.draw(st.binary(max_size=4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's word on a damaged tag; only the log sees it
        try:
            found = decode_image(bytes(damaged))
        except ImageError:
            return
    assert found.ndim == 3
    assert found.shape[2] in (1, 3)
    assert found.dtype == np.uint8
