from hypothesis import given
from hypothesis import strategies as st

from reasoned.ledger.citing import block_of, windows


def test_an_example_by_hand() -> None:
    # Decisions 1 to 20,500 lie in the blocks 0 to 20: sixteen are looked through at first.
    assert list(windows(20_500, 1)) == [range(5, 21), range(5)]


def test_a_window_of_one_ledger_row() -> None:
    assert list(windows(1, 1)) == [range(1)]
    assert list(windows(1024, 1024)) == [range(1, 2)]


@given(st.integers(1, 10**8), st.integers(0, 10**7))
def test_every_block_is_in_one_window_and_the_newest_come_first(newest: int, span: int) -> None:
    oldest = max(1, newest - span)

    parts = list(windows(newest, oldest))

    blocks = [block for part in reversed(parts) for block in part]
    assert blocks == list(range(block_of(oldest), block_of(newest) + 1))
    assert all(1 <= len(part) <= 1024 for part in parts)
