"""What a reference is measured as."""

import numpy as np
import pytest

from explainers.bounds import clopper_pearson_upper
from reasoned.drift.reference import Family, ReferenceRecord
from reasoned.errors import DataError
from reasoned.fitting.drift_images import Seen
from reasoned.fitting.drift_reference import ERROR, MOST_MEMBERS, measure
from reasoned.reply.outcome import Outcome
from tests.reasoned.drift.planted import CLASSES, outcome


def measured(outcomes: list[Outcome], limits: list[Outcome] | None = None) -> ReferenceRecord:
    labels = np.zeros(len(outcomes), np.int64)
    return measure(limits or outcomes, Seen(outcomes, labels), CLASSES, "drawn")


def families(record: ReferenceRecord) -> dict[str, Family]:
    return {family.name: family for family in record.families}


def some(count: int = 200) -> list[Outcome]:
    cited = ("attribute", "stripes")
    return [
        outcome(
            agrees=i % 20 != 0,
            outside=i % 50 == 0,
            predicted=i % 2,
            nearest=float(i),
            cited=(*((cited,) if i % 4 == 0 else ()), ("cluster", f"c-{i % 5}"), ("example", "x")),
        )
        for i in range(count)
    ]


def test_shares_are_counted_and_bounded_all_at_once() -> None:
    record = measured(some())
    found = families(record)
    bounds = sum(len(family.members) for family in record.families) + 1

    (disagreement,) = found["disagreement"].members
    assert disagreement.share == 0.05
    wanted = clopper_pearson_upper(10, 200, ERROR / bounds)
    assert disagreement.bound == pytest.approx(wanted, rel=1e-9)
    assert record.feedback is not None
    assert record.feedback.share == 0.5  # the labels are all 0, every second prediction is 1
    assert [m.key for m in found["class_mix"].members] == ["cat", "dog"]


def test_every_kind_but_examples_becomes_a_family() -> None:
    found = families(measured(some()))
    assert [name for name, family in found.items() if family.kind] == ["attribute", "cluster"]
    sides = [(m.key, m.side, m.share) for m in found["attribute"].members]
    assert sides == [("stripes", "above", 0.25), ("stripes", "below", 0.25), (None, "above", 0.0)]
    assert {m.side for m in found["cluster"].members} == {"above"}
    assert found["cluster"].members[-1].key is None


def test_limits_come_from_other_images_and_by_the_class() -> None:
    limits = [outcome(predicted=i % 2, nearest=float(i % 2 + 1)) for i in range(100)]
    record = measured(some(), limits)
    assert record.distance_limits == (1.0, 2.0)
    assert (record.images, record.limit_images) == (200, 100)


def test_a_rare_class_takes_the_limit_of_all() -> None:
    limits = [outcome(nearest=float(i)) for i in range(101)] + [outcome(predicted=1, nearest=0.0)]
    record = measured(some(), limits)
    assert record.distance_limits[1] == np.quantile([*range(101), 0.0], 0.95, method="higher")


def test_a_kind_of_many_keys_keeps_the_most_frequent() -> None:
    many = [outcome(cited=(("leaf", f"leaf-{min(i, 2 * i % 900)}"),)) for i in range(900)]
    (family,) = (f for f in measured(many).families if f.kind == "leaf")

    assert len(family.members) == MOST_MEMBERS + 1
    rest = family.members[-1]
    assert rest.key is None
    assert rest.share == pytest.approx(1.0 - sum(m.share for m in family.members[:-1]), abs=1e-9)


def drawn_leaves(rng: np.random.Generator, images: int) -> list[Outcome]:
    """Give images of 200 leaves, few of them frequent."""
    shares = 1.0 / np.arange(1, 201)
    leaves = rng.choice(200, images, p=shares / shares.sum())
    return [outcome(cited=(("leaf", f"leaf-{leaf}"),)) for leaf in leaves]


def test_what_no_image_cited_is_bounded_too() -> None:
    rng = np.random.default_rng(7)
    for _ in range(10):
        record = measured(drawn_leaves(rng, 300), drawn_leaves(rng, 300))
        leaves = families(record)["leaf"]
        known = {m.key for m in leaves.members}
        fresh = drawn_leaves(rng, 2000)
        new = sum(key not in known for one in fresh for _, key in one.cited) / len(fresh)
        rest = leaves.members[-1]
        assert rest.key is None
        assert rest.share > 0.0
        assert new < rest.bound


def test_members_are_chosen_on_other_images_than_are_counted() -> None:
    limits = [outcome(cited=(("leaf", "old"),)) for _ in range(50)]
    seen = [outcome(cited=(("leaf", "new"),)) for _ in range(50)]
    (family,) = (f for f in measured([*seen, outcome()], limits).families if f.kind == "leaf")
    assert [(m.key, m.share) for m in family.members] == [("old", 0.0), (None, 50 / 51)]


def test_a_model_without_regions_has_no_disagreement() -> None:
    plain = [outcome(agrees=None, nearest=float(i)) for i in range(50)]
    assert "disagreement" not in families(measured(plain))


def test_what_can_grow_no_more_is_left_out() -> None:
    found = families(measured([outcome(agrees=False) for _ in range(50)]))
    assert "disagreement" not in found
    assert [m.key for m in found["class_mix"].members] == ["dog"]


def test_no_images_are_refused() -> None:
    with pytest.raises(DataError, match="images for limits, and others for bounds"):
        measure(some(), Seen([], np.zeros(0, np.int64)), CLASSES, "none")
