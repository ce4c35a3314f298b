from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.errors import OptionsError
from reasoned.reply.options import DEFAULT, ReplyOptions
from service.options import known_methods, options_of

PACKAGED = ("meta_forest", "additive")


def test_no_query_is_the_default() -> None:
    assert options_of(b"", PACKAGED) is DEFAULT


@given(
    st.sampled_from(["none", "trace", "full"]),
    st.permutations(PACKAGED),
    st.integers(0, 20),
    st.integers(1, 10_000).map(lambda tenths: tenths / 10),
)
def test_what_is_written_is_read(
    explain: str, methods: list[str], neighbours: int, deadline: float
) -> None:
    query = urlencode(
        {
            "explain": explain,
            "methods": ",".join(methods),
            "neighbours": neighbours,
            "deadline_ms": deadline,
        }
    )

    assert options_of(query.encode(), PACKAGED) == ReplyOptions(
        explain,  # type: ignore[arg-type]  # drawn from the three words
        tuple(methods),
        neighbours,
        deadline,
    )


@given(st.binary(max_size=40))
def test_any_query_is_read_or_refused(query: bytes) -> None:
    try:
        options_of(query, PACKAGED)
    except OptionsError as error:
        assert str(error)  # noqa: PT017  either outcome is right; only the text is looked at


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (b"colour=red", "'colour' is no option; there are explain, methods"),
        (b"explain=full&explain=full", "explain must be given once"),
        (b"neighbours=1e1", "neighbours must be a whole number, not '1e1'"),
        (b"methods=lime", "methods must be of meta_forest, additive, not 'lime'"),
        (b"deadline_ms=soon", "deadline_ms must be a number of milliseconds, not 'soon'"),
    ],
)
def test_the_message_names_the_option(query: bytes, message: str) -> None:
    with pytest.raises(OptionsError, match=message):
        options_of(query, PACKAGED)


def test_an_empty_list_of_methods_is_refused() -> None:
    with pytest.raises(OptionsError, match="not an empty list"):
        known_methods([], PACKAGED)
