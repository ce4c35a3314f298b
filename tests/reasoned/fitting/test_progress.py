"""The progress bar."""

import pytest

from reasoned.fitting.progress import bar


def test_it_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(bar(range(3), "counting")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")
