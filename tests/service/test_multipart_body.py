import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.errors import OptionsError
from service.errors import UnreadableBodyError
from service.multipart_body import ImageParts
from service.pictures import EncodedPicture, Picture

HEAD = b'--edge\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'


def form(*images: bytes) -> bytes:
    return b"".join(HEAD + image + b"\r\n" for image in images) + b"--edge--\r\n"


def read(body: bytes) -> list[Picture]:
    parts = ImageParts(b"edge", most=1)
    parts.feed(body)
    return parts.pictures()


@given(
    st.lists(st.binary(max_size=60), min_size=1, max_size=3),
    st.integers(1, 50),
)
def test_parts_come_back_however_they_are_cut(images: list[bytes], step: int) -> None:
    body = form(*(image.replace(b"--edge", b"") for image in images))
    parts = ImageParts(b"edge", most=3)

    for start in range(0, len(body), step):
        parts.feed(body[start : start + step])

    assert parts.pictures() == [EncodedPicture(i.replace(b"--edge", b"")) for i in images]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises((UnreadableBodyError, OptionsError), match=r"body|field"):
        read(body)


def test_the_field_beyond_the_last_is_refused_as_it_begins() -> None:
    parts = ImageParts(b"edge", most=1)

    with pytest.raises(OptionsError, match="must have one field named image"):
        parts.feed(form(b"a").replace(b"--edge--", HEAD))


def test_another_field_is_refused_before_its_data() -> None:
    parts = ImageParts(b"edge", most=1)

    with pytest.raises(OptionsError, match="the only field is image, not 'photo'"):
        parts.feed(HEAD.replace(b'"image"', b'"photo"'))


def test_a_form_without_its_end_is_refused() -> None:
    parts = ImageParts(b"edge", most=1)
    parts.feed(HEAD + b"abc")

    with pytest.raises(UnreadableBodyError, match="ends before its closing boundary"):
        parts.pictures()


def test_a_boundary_is_needed() -> None:
    with pytest.raises(UnreadableBodyError, match="must declare its boundary"):
        ImageParts(b"", most=1)
