"""Where others explain better, in plain words."""

from typing import Final

from reasoned.assessment.page_numbers import plain
from reasoned.judges.figures import JudgeFigures, Rivalry, Score
from reasoned.judges.settings import Metric

# Of the other tests a picture that is drawn at random says nothing.
_FAITHFUL: Final[tuple[Metric, ...]] = (
    "pixel_flipping",
    "faithfulness_correlation",
    "road",
    "deletion",
    "insertion",
)


def better_peers(figures: JudgeFigures) -> list[str]:
    """Say by which tests a peer's pictures score better than the best of ours."""
    return [_better(one) for one in figures.rivalries if one.verdict == "the peer is better"]


def _better(one: Rivalry) -> str:
    return (
        f"A peer is better by {one.metric.replace('_', ' ')}: {one.peer} scores better than "
        f"{one.ours}, the best of ours, by {plain(one.gain)} (95 % interval {plain(one.low)} to "
        f"{plain(one.high)})."
    )


def no_better_than_chance(figures: JudgeFigures) -> list[str]:
    """Say which of our pictures are not clearly better than random ones, test by test."""
    found = list[str]()
    for metric in _FAITHFUL:
        scores = [one for one in figures.scores if one.metric == metric]
        control = next((one for one in scores if one.kind == "control"), None)
        if control is None:
            continue
        ours = (one for one in scores if one.kind == "ours")
        names = [one.method for one in ours if not _clearly_better(one, control)]
        if names:
            told = ", ".join(names)
            found.append(
                f"By {metric.replace('_', ' ')}, not clearly better than a random picture: {told}."
            )
    return found


def _clearly_better(one: Score, control: Score) -> bool:
    if one.direction == "higher":
        return one.low > control.high
    return one.high < control.low
