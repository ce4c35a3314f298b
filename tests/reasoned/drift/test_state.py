"""The bytes of where detectors stand."""

import numpy as np
import pytest

from reasoned.drift.state import Header, StateError, decode, encode

HEADER = Header(
    reference="r", run_length=10, feedback=False, members=2, bets=3, counted=7, told=0, started=(1,)
)
WEALTH = np.array([[0.5, 1.0, 2.0], [1e-300, 1e300, 0.0]])


def test_a_state_comes_back_byte_for_byte() -> None:
    header, wealth = decode(encode(HEADER, WEALTH))
    assert header == HEADER
    assert wealth.tobytes() == WEALTH.tobytes()


def test_numbers_are_little_endian_whatever_the_machine() -> None:
    assert encode(HEADER, WEALTH).endswith(WEALTH.astype("<f8").tobytes())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "begins with"),
        (b"something else entirely", "begins with"),
        (encode(HEADER, WEALTH)[:-1], "wanted 48 bytes of numbers after the header, not 47"),
        (encode(HEADER, WEALTH) + b"\0", "not 49"),
        (encode(HEADER, WEALTH)[:20], "header of a state is wrong"),
        (encode(HEADER, WEALTH * np.nan), "must be finite"),
        (encode(HEADER, -WEALTH), "must be finite and not below 0"),
    ],
)
def test_what_is_no_state_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(StateError, match=said):
        decode(data)
