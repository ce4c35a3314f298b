import pytest

from reasoned.ledger.word import writable


def test_text_is_given_back() -> None:
    assert writable("Ankle boot, ü") == "Ankle boot, ü"


def test_a_zero_byte_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zero byte"):
        writable("a\0b")
