"""Multipart bodies to pictures, part by part as they stream in."""

from typing import Final, final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from reasoned.errors import OptionsError
from service.errors import UnreadableBodyError
from service.pictures import EncodedPicture, Picture

FIELD: Final = b"image"


@final
class ImageParts:
    """Collects the parts named ``image`` and takes no others.

    Parameters
    ----------
    boundary
        The boundary that the content type declares.
    most
        How many images are taken.

    Raises
    ------
    UnreadableBodyError
        When there is no usable boundary; later, when the body is not multipart.

    """

    def __init__(self, boundary: bytes | None, most: int) -> None:
        self._most = most
        self._images: list[bytes] = []
        self._data = bytearray()
        self._name = self._value = self._disposition = b""
        self._ended = False
        if not boundary:
            raise UnreadableBodyError("multipart/form-data must declare its boundary")
        try:
            self._parser = MultipartParser(boundary, self._callbacks())  # type: ignore[arg-type]  # a plain dict
        except FormParserError as error:
            raise UnreadableBodyError(f"the multipart boundary is wrong: {error}") from error

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body; raise `OptionsError` on a part that is not wanted."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise UnreadableBodyError(f"the body is not multipart/form-data: {error}") from error

    def pictures(self) -> list[Picture]:
        """Return what came, once the body is through."""
        if not self._ended:
            raise UnreadableBodyError("the multipart body ends before its closing boundary")
        if not self._images:
            raise OptionsError("the body must have a file field named image, and has none")
        return [EncodedPicture(data) for data in self._images]

    def _callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._check_name,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition = b""
        if len(self._images) == self._most:
            wanted = "one field" if self._most == 1 else f"at most {self._most} fields"
            raise OptionsError(f"the body must have {wanted} named image, not more")

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _check_name(self) -> None:
        _, parameters = parse_options_header(self._disposition)
        name = parameters.get(b"name", b"")
        if name != FIELD:
            shown = name[:80].decode("utf-8", "replace")
            raise OptionsError(f"the only field is image, not {shown!r}")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def _part_end(self) -> None:
        self._images.append(bytes(self._data))
        self._data = bytearray()

    def _end(self) -> None:
        self._ended = True
