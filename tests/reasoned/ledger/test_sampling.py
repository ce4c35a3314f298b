import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.ledger.sampling import is_sampled

IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
SHARES = st.floats(0.0, 1.0)


def test_an_example_by_hand() -> None:
    # SHA-256 of "a" begins with ca978112ca1bbdca: 0.7914 of what it may be at the most.
    assert hashlib.sha256(b"a").hexdigest().startswith("ca978112ca1bbdca")
    assert is_sampled("a", 0.80)
    assert not is_sampled("a", 0.79)


@given(IDS)
def test_all_and_nothing_are_exact(name: str) -> None:
    assert is_sampled(name, 1.0)
    assert not is_sampled(name, 0.0)


@given(IDS, SHARES, SHARES)
def test_a_small_share_lies_within_a_larger(name: str, one: float, other: float) -> None:
    if is_sampled(name, min(one, other)):
        assert is_sampled(name, max(one, other))


def test_the_share_is_kept() -> None:
    taken = sum(is_sampled(f"{number:032x}", 0.3) for number in range(10_000))

    # Five standard deviations of a binomial count; the ids are fixed.
    assert taken == pytest.approx(3000, abs=5 * (10_000 * 0.3 * 0.7) ** 0.5)
