import base64

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.errors import ReasonedError
from reasoned.errors import OptionsError
from service.errors import BodyTooLargeError
from service.json_body import decoded_base64, picture_of_json, pictures_of_json
from service.pictures import EncodedPicture, PixelPicture, WrongPicture


@given(st.binary(max_size=200))
def test_base64_gives_back_the_bytes(data: bytes) -> None:
    body = orjson.dumps({"image": base64.b64encode(data).decode()})

    assert picture_of_json(body) == EncodedPicture(data)


def test_pixels_are_passed_on_unread() -> None:
    assert picture_of_json(b'{"pixels": [["x"]]}') == PixelPicture([["x"]])


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ReasonedError, match="the body"):
        picture_of_json(body)


def test_wrong_items_of_a_batch_stand_for_themselves() -> None:
    body = orjson.dumps({"images": [{"image": ""}, {"image": 5}, 7, {"pixels": [[1]]}]})

    good, number, bare, pixels = pictures_of_json(body)

    assert good == EncodedPicture(b"")
    assert isinstance(number, WrongPicture)
    assert "image must be base64 text, not a number" in str(number.error)
    assert isinstance(bare, WrongPicture)
    assert "images[2] must be a JSON object" in str(bare.error)
    assert pixels == PixelPicture([[1]])


def test_a_batch_holds_at_most_64() -> None:
    with pytest.raises(OptionsError, match="images must hold 1 to 64 items, not 65"):
        pictures_of_json(orjson.dumps({"images": [{"image": ""}] * 65}))


def test_millions_of_values_are_refused_before_they_are_parsed() -> None:
    with pytest.raises(BodyTooLargeError, match="send large images encoded"):
        picture_of_json(b"," * 1_000_001)


def test_an_address_is_not_base64() -> None:
    with pytest.raises(OptionsError, match="not an address"):
        decoded_base64("https://example.org/cat.png", "image")
