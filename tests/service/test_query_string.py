import pytest

from reasoned.errors import OptionsError
from service.query_string import pairs, words


def test_names_and_values_are_read_in_their_order() -> None:
    assert pairs(b"b=%C3%BC&a=&b=1+2") == [("b", "\u00fc"), ("a", ""), ("b", "1 2")]
    assert words(b"b=leaf=leaf-7") == {"b": "leaf=leaf-7"}
    assert words(b"") == {}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (b"a=1&a=2", "a must be given once, not twice"),
        (b"a=%ff", "the query must be percent-encoded UTF-8"),
        (b"a=\xff", "the query must be percent-encoded UTF-8"),
        (b"a=" + b"x" * 1023, "the query may hold 1024 bytes, not 1025"),
    ],
)
def test_what_cannot_be_read_is_refused(query: bytes, said: str) -> None:
    with pytest.raises(OptionsError, match=said):
        words(query)
