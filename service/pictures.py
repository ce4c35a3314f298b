"""An image as a request holds it: encoded, as numbers, or not at all."""

import dataclasses
import hashlib
from typing import Final, final

from explainers.arrays import ByteArray
from explainers.errors import ReasonedError
from service.served_model import Decoder

# A small file may hold an image that takes a hundred times as long to decode.
LIGHT_PIXELS: Final = 262_144


@final
@dataclasses.dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A whole image file."""

    data: bytes

    @property
    def weight(self) -> int:
        """How many bytes there are to decode."""
        return len(self.data)

    def decode(self, decoder: Decoder) -> ByteArray:
        """Turn it into pixels; raise an `ImageError` where that fails."""
        return decoder.decode(self.data)

    def decode_light(self, decoder: Decoder) -> ByteArray:
        """Do the same with at most `LIGHT_PIXELS`; raise `ImageTooLargeError` on more."""
        return decoder.decode(self.data, most_pixels=LIGHT_PIXELS)

    def sha256(self, _image: ByteArray) -> str:
        """Give the digest of the file as it came."""
        return hashlib.sha256(self.data).hexdigest()


@final
@dataclasses.dataclass(frozen=True, slots=True)
class PixelPicture:
    """Nested lists of numbers, unchecked as they came from JSON."""

    pixels: object

    @property
    def weight(self) -> int:
        """Nothing is left to decode."""
        return 0

    def decode(self, decoder: Decoder) -> ByteArray:
        """Turn it into pixels; raise `OptionsError` or an `ImageError` where that fails."""
        return decoder.decode_pixels(self.pixels)

    def decode_light(self, decoder: Decoder) -> ByteArray:
        """Do the same: there are never many."""
        return self.decode(decoder)

    def sha256(self, image: ByteArray) -> str:
        """Give the digest of the decoded pixels, one byte each, row by row."""
        return hashlib.sha256(image.tobytes()).hexdigest()


@final
@dataclasses.dataclass(frozen=True, slots=True)
class WrongPicture:
    """An item of a batch that holds no image; its error is that item's result."""

    error: ReasonedError

    @property
    def weight(self) -> int:
        """Nothing is left to decode."""
        return 0

    def decode(self, _decoder: Decoder) -> ByteArray:
        """Raise the error."""
        raise self.error

    def decode_light(self, decoder: Decoder) -> ByteArray:
        """Raise the error."""
        return self.decode(decoder)

    def sha256(self, _image: ByteArray) -> str:
        """Raise the error."""
        raise self.error


Picture = EncodedPicture | PixelPicture | WrongPicture
