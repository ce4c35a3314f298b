import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.trace_parent import TraceParent, parse_parent

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def parsed(*values: str) -> TraceParent | None:
    return parse_parent([(b"traceparent", value.encode("latin-1")) for value in values])


def test_the_example_of_the_standard() -> None:
    assert parsed(f"00-{TRACE}-{SPAN}-01") == TraceParent(TRACE, SPAN, sampled=True)


@pytest.mark.parametrize(("flags", "sampled"), [("00", False), ("02", False), ("ff", True)])
def test_one_flag_is_whether_it_is_sampled(flags: str, sampled: bool) -> None:  # noqa: FBT001  a case
    assert parsed(f"00-{TRACE}-{SPAN}-{flags}") == TraceParent(TRACE, SPAN, sampled=sampled)


@pytest.mark.parametrize("later", [f"cc-{TRACE}-{SPAN}-01", f"01-{TRACE}-{SPAN}-01-what"])
def test_a_later_version_is_read_as_far_as_it_is_known(later: str) -> None:
    assert parsed(later) == TraceParent(TRACE, SPAN, sampled=True)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"cc-{TRACE}-{SPAN}-01more",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE[1:]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}",
        "caf\xe9",
    ],
)
def test_a_malformed_one_is_ignored(wrong: str) -> None:
    assert parsed(wrong) is None


def test_of_two_neither_is_believed() -> None:
    assert parsed(f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01") is None


def test_none_came() -> None:
    assert parse_parent([(b"x-request-id", b"1")]) is None


@given(st.binary(max_size=70))
def test_no_bytes_break_it(value: bytes) -> None:
    parse_parent([(b"traceparent", value)])
