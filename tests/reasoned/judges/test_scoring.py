"""Means, intervals and who is ahead, from scores written by hand."""

import numpy as np
import pytest
from pydantic import ValidationError

from reasoned.errors import DataError
from reasoned.judges.peers import GradCamMaps, RandomMaps, SaliencyMaps
from reasoned.judges.pictures import PictureMethod
from reasoned.judges.polytope_pictures import SearchedPolytopes
from reasoned.judges.scoring import (
    ImageScores,
    Scored,
    check_scores,
    mean_curves,
    mean_scores,
    not_judged,
    rivalries,
)
from reasoned.judges.settings import JudgeSettings, Metric

OURS = SearchedPolytopes(np.zeros((0, 1, 4, 4), np.float32))


def scored(method: PictureMethod, metric: Metric, *scores: float) -> Scored:
    return Scored(method, {metric: ImageScores(scores=scores, curve=(), not_judged="")})


def test_a_mean_lies_in_its_interval() -> None:
    (found,) = mean_scores([scored(SaliencyMaps(), "road", 0.0, 0.5, 1.0, 0.5)], seed=0)
    assert (found.method, found.kind, found.direction, found.of) == ("saliency", "peer", "lower", 4)
    assert found.mean == 0.5
    assert 0.0 <= found.low < 0.5 < found.high <= 1.0


@pytest.mark.parametrize(
    ("metric", "ours", "peer", "gain", "verdict"),
    [
        ("insertion", 0.2, 0.8, 0.6, "the peer is better"),
        ("deletion", 0.2, 0.8, -0.6, "ours is better"),
        ("deletion", 0.5, 0.4, 0.1, "the peer is better"),
    ],
)
def test_gains_are_above_zero_where_the_peer_is_better(
    metric: Metric, ours: float, peer: float, gain: float, verdict: str
) -> None:
    both = [scored(OURS, metric, ours, ours), scored(SaliencyMaps(), metric, peer, peer)]
    (found,) = rivalries(both, seed=0)
    assert (found.gain, found.low, found.high) == pytest.approx((gain, gain, gain))
    assert found.verdict == verdict


def test_the_best_of_each_side_is_taken_and_controls_are_on_none() -> None:
    entrants = [
        scored(OURS, "road", 0.5, 0.3),
        scored(SaliencyMaps(), "road", 0.9, 0.9),
        scored(GradCamMaps(), "road", 0.3, 0.5),
        scored(RandomMaps(0), "road", 0.0, 0.0),
    ]
    (found,) = rivalries(entrants, seed=0)
    assert (found.ours, found.peer) == ("representative_searched", "grad_cam")
    assert found.verdict == "no clear difference"
    assert rivalries(entrants[1:], seed=0) == ()


def test_what_was_not_judged_says_why_and_has_no_mean() -> None:
    nothing = ImageScores(scores=(), curve=(), not_judged="of colours nothing is said")
    curve = ImageScores(scores=(0.5,), curve=(1.0, 0.5, 0.0), not_judged="")
    both = [Scored(SaliencyMaps(), {"road": nothing, "deletion": curve})]
    assert not_judged(both) == {"saliency by road": "of colours nothing is said"}
    assert [score.metric for score in mean_scores(both, seed=0)] == ["deletion"]
    (drawn,) = mean_curves(both)
    assert (drawn.shares, drawn.chances) == ((0.0, 0.5, 1.0), (1.0, 0.5, 0.0))


@pytest.mark.parametrize("scores", [(0.5,), (0.5, 0.5, 0.5), (0.5, np.nan), (np.inf, 0.5)])
def test_scores_that_are_not_one_of_each_image_are_refused(scores: tuple[float, ...]) -> None:
    check_scores(scored(OURS, "road", 0.5, 0.3), images=2)
    check_scores(scored(OURS, "road"), images=2)
    with pytest.raises(DataError, match=r"saliency by road must be 2 finite numbers, but are \d"):
        check_scores(scored(SaliencyMaps(), "road", *scores), images=2)


def test_settings_are_checked() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        JudgeSettings(images=0)
    with pytest.raises(ValidationError, match="less than 100"):
        JudgeSettings(removed=(10, 100))
    with pytest.raises(ValidationError, match="at least 1 item"):
        JudgeSettings(removed=())
