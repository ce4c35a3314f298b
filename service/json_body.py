"""JSON bodies to pictures."""

import base64
import binascii
from typing import Any, Final

import orjson

from reasoned.errors import OptionsError
from reasoned.images.pixels import MOST_VALUES
from service.errors import BodyTooLargeError, UnreadableBodyError
from service.pictures import EncodedPicture, Picture, PixelPicture, WrongPicture

MOST_IMAGES: Final = 64
_WANTED: Final = 'a JSON object with either "image" (base64) or "pixels" (nested lists)'
# Each value becomes a Python object: 10 MB of them would take the worker for a second.
_MOST_VALUES: Final = 1_000_000
_MOST_OF_ONE: Final = 2 * MOST_VALUES


def picture_of_json(body: bytes) -> Picture:
    """Read ``{"image": "..."}`` or ``{"pixels": [[...]]}``.

    Raises
    ------
    UnreadableBodyError
        When the body is not JSON.
    OptionsError
        When it is other JSON, or not base64.

    """
    return _picture(_parsed(body, _MOST_OF_ONE), "the body")


def pictures_of_json(body: bytes) -> list[Picture]:
    """Read ``{"images": [...]}``, whose wrong items become wrong pictures.

    Raises
    ------
    UnreadableBodyError
        When the body is not JSON.
    OptionsError
        When it is other JSON, or holds no image or more than 64.

    """
    found = _parsed(body, _MOST_VALUES)
    if not isinstance(found, dict) or set(found) != {"images"}:
        raise OptionsError(f'the body must be {{"images": [...]}}, not {_kind(found)}')
    items = found["images"]
    if not isinstance(items, list):
        raise OptionsError(f"images must be a list, not {_kind(items)}")
    if not 1 <= len(items) <= MOST_IMAGES:
        raise OptionsError(f"images must hold 1 to {MOST_IMAGES} items, not {len(items)}")
    return [_item(item, f"images[{index}]") for index, item in enumerate(items)]


def decoded_base64(text: object, where: str) -> bytes:
    """Decode base64 text; it is never taken for an address and never fetched.

    Raises
    ------
    OptionsError
        When it is not text, or not base64.

    """
    if not isinstance(text, str):
        raise OptionsError(f"{where} must be base64 text, not {_kind(text)}")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise OptionsError(
            f"{where} must be base64 text, without a prefix and not an address: {error}"
        ) from error


def _item(item: object, where: str) -> Picture:
    try:
        return _picture(item, where)
    except OptionsError as error:
        return WrongPicture(error)


def _picture(found: object, where: str) -> Picture:
    if not isinstance(found, dict) or len(found) != 1 or not found.keys() & {"image", "pixels"}:
        raise OptionsError(f"{where} must be {_WANTED}, not {_kind(found)}")
    if "pixels" in found:
        return PixelPicture(found["pixels"])
    return EncodedPicture(decoded_base64(found["image"], "image"))


def _parsed(body: bytes, most: int) -> Any:  # noqa: ANN401  JSON holds anything
    if body.count(b",") > most:
        raise BodyTooLargeError(
            f"JSON may hold {most} values here; send large images encoded, not as pixels"
        )
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableBodyError(f"the body is not JSON: {error}") from error


def _kind(found: object) -> str:
    if isinstance(found, dict):
        keys = ", ".join(repr(key[:40]) for key in list(found)[:5])
        return f"an object with {keys or 'nothing'}"
    names = {list: "a list", str: "text", bool: "a truth value", type(None): "null"}
    return names.get(type(found), "a number")
