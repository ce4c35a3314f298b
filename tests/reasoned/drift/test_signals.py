"""From outcomes to what detectors see."""

import numpy as np

from reasoned.drift.signals import NOT_WATCHED, Requests, Signals
from tests.reasoned.drift.planted import FAMILIES, family, member, outcome, record

# disagreement 0, out_of_support 1, neighbour_distance 2, confidence 3 and 4, class_mix 5 and 6,
# attribute 7 (above), 8 (below), 9 (other), cluster 10, 11, 12 (other)
SIGNALS = Signals.of(record(), 10.0)


def seen(**changes: object) -> tuple[list[float], list[int]]:
    requests = Requests.of([outcome(**changes)], SIGNALS.place)
    batch = SIGNALS.batch(requests)
    assert batch.ends.tolist() == [len(batch.hits)]
    return batch.values[0].tolist(), batch.hits.tolist()


def test_a_usual_outcome() -> None:
    values, hits = seen()
    np.testing.assert_allclose(values, [0.0, 0.0, 0.0, 0.8, 0.2], rtol=1e-12)
    assert hits == [5, 7, 8, 10]


def test_each_signal_in_turn() -> None:
    assert seen(agrees=False)[0][0] == 1.0
    assert seen(outside=True)[0][1] == 1.0
    assert seen(predicted=1)[1] == [6, 7, 8, 10]
    assert seen(cited=(("cluster", "c-2"),))[1] == [5, 11]


def test_far_is_by_the_class() -> None:
    assert seen(nearest=2.0)[0][2] == 0.0
    assert seen(nearest=2.1)[0][2] == 1.0
    assert seen(nearest=2.1, predicted=1)[0][2] == 0.0


def test_what_is_not_known_is_not_seen() -> None:
    values, _ = seen(agrees=None, nearest=None, outside=None)
    assert np.isnan(values[:3]).all()


def test_everything_new_counts_once_as_other() -> None:
    assert seen(cited=(("cluster", "new"), ("cluster", "newer")))[1] == [5, 12]
    assert seen(cited=(("attribute", "spots"), ("attribute", "stripes")))[1] == [5, 7, 8, 9]


def test_training_images_and_kinds_that_were_never_seen_are_not_watched() -> None:
    assert SIGNALS.place(("example", "train-1")) == NOT_WATCHED
    assert SIGNALS.place(("polytope", "polytope-1")) == NOT_WATCHED
    assert seen(cited=(("example", "train-1"), ("polytope", "polytope-1")))[1] == [5]


def test_a_new_method_is_watched_without_a_word_here() -> None:
    halo = family("halo", member("h-1", 0.1, 0.2), member(None, 0.0, 0.1), kind="halo")
    signals = Signals.of(record(families=(halo, *FAMILIES)), 10.0)
    requests = Requests.of([outcome(cited=(("halo", "h-1"),))], signals.place)

    assert signals.families[0].name == "disagreement"  # numbers come first
    found = signals.batch(requests).hits.tolist()
    names = [(f.name, m.key) for f in signals.families for m in f.members]
    assert [names[place] for place in found] == [("halo", "h-1"), ("class_mix", "cat")]


def test_many_at_once_are_as_one_by_one() -> None:
    outcomes = [outcome(), outcome(cited=()), outcome(predicted=1, cited=(("cluster", "x"),))]
    batch = SIGNALS.batch(Requests.of(outcomes, SIGNALS.place))

    assert batch.hits.tolist() == [5, 7, 8, 10, 5, 6, 12]
    assert batch.ends.tolist() == [4, 5, 7]


def test_no_requests_are_an_empty_batch() -> None:
    assert len(SIGNALS.batch(Requests.of([], SIGNALS.place))) == 0
