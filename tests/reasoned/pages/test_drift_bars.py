"""Bars of evidence and of shares."""

import re

from hypothesis import given
from hypothesis import strategies as st

from reasoned.drift.live import Share
from reasoned.pages.drift_bars import evidence_bar, largest, paired_bar, power_words, share_rows


def lengths(drawn: str, kind: str) -> list[float]:
    return [float(x) for x in re.findall(rf"class={kind} x=0 y=\d+ width=([\d.]+)", drawn)]


def test_evidence_is_measured_against_its_threshold() -> None:
    under, over = evidence_bar(3.0, 6.0), evidence_bar(6.0, 6.0)

    assert lengths(under, "under") == [45.0]
    assert lengths(over, "over") == [90.0]
    assert "class=limit d='M90 0V14'" in under
    ticks = [float(at) for at in re.findall(r"M([\d.]+) 0V14", under)]
    assert ticks == [15.0, 30.0, 45.0, 60.0, 75.0, 90.0, 90.0]  # and the threshold itself
    assert "10 to the power of 3.0, threshold 10 to the power of 6.0" in under
    assert power_words(3.04, 6.0) == "10<sup>3.0</sup> of 10<sup>6.0</sup>"


@given(st.floats(0, 400), st.floats(0, 20))
def test_a_bar_never_leaves_its_picture(evidence: float, threshold: float) -> None:
    drawn = evidence_bar(evidence, threshold)
    (length,) = lengths(drawn, "over" if evidence >= threshold else "under")

    assert 0.0 <= length <= 100.0
    assert drawn.count("0V14") <= 42


def test_the_longest_share_fills_its_row() -> None:
    shares = [Share("leaf", "leaf-1", 0.4, 0.2, 10), Share("leaf", "<b>", 0.1, 0.0, 10)]
    assert (largest(shares), largest(())) == (0.4, 0.0)
    drawn = share_rows(shares, largest(shares), grey=False)

    assert lengths(drawn, "then") == [100.0, 25.0]
    assert lengths(drawn, "now") == [50.0, 0.0]
    assert "&lt;b&gt;" in drawn
    assert "<b>" not in drawn
    assert "class='pairs'" in drawn
    assert "class='pairs grey'" in share_rows([], 0.0, grey=True)


def test_shares_of_nothing_are_drawn() -> None:
    assert lengths(paired_bar(0.0, 0.0, 0.0), "now") == [0.0]
