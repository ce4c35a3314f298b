import orjson
from hypothesis import given
from hypothesis import strategies as st

from service.metrics import families
from service.metrics.families import Family
from service.metrics.tally import Distribution, Tally

COUNTER = Family("c_total", "counter", "", ("a",))
SUM = Family("s", "gauge", "")
MOST = Family("m", "gauge", "", merge="most", lasting=True)
LEAST = Family("l", "gauge", "", merge="least")
HISTOGRAM = Family("h", "histogram", "", ("a",), (1.0, 2.0))
KNOWN = {one.name: one for one in (COUNTER, SUM, MOST, LEAST, HISTOGRAM)}


def one(amount: float, value: float) -> Tally:
    tally = Tally()
    tally.count(COUNTER, ("x",), amount)
    tally.note(SUM, amount)
    tally.note(MOST, value)
    tally.note(LEAST, value)
    tally.distribution(HISTOGRAM, ("x",)).add(value)
    return tally


def added(*dumped: tuple[Tally, bool]) -> Tally:
    total = Tally()
    for tally, alive in dumped:
        # Through bytes, as between two processes.
        total.include(orjson.loads(orjson.dumps(tally.dump())), KNOWN, alive=alive)
    return total


def test_a_value_on_a_bound_is_below_it() -> None:
    found = Distribution.empty((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 2.0, 9.0):
        found.add(value)

    assert found.counts == [2, 2, 1]
    assert found.total == 14.0


def test_the_living_are_added_up_each_in_its_way() -> None:
    total = added((one(2, 1.5), True), (one(3, 0.5), True))

    assert total.values[COUNTER] == {("x",): 5.0}
    assert total.values[SUM] == {(): 5.0}
    assert total.values[MOST] == {(): 1.5}
    assert total.values[LEAST] == {(): 0.5}
    assert total.distributions[HISTOGRAM][("x",)].counts == [1, 1, 0]


def test_of_the_dead_only_what_lasts_is_left() -> None:
    total = added((one(2, 1.5), True), (one(3, 9.0), False))

    assert total.values[COUNTER] == {("x",): 5.0}
    assert total.values[SUM] == {(): 2.0}
    assert total.values[MOST] == {(): 9.0}
    assert total.values[LEAST] == {(): 1.5}
    assert total.distributions[HISTOGRAM][("x",)].counts == [0, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0, 10)), max_size=30))
def test_it_does_not_matter_who_counted(values: list[tuple[int, float]]) -> None:
    alone, workers = Tally(), [Tally() for _ in range(3)]
    for worker, value in values:
        for tally in (alone, workers[worker]):
            tally.count(COUNTER, ("x",))
            tally.distribution(HISTOGRAM, ("x",)).add(value)

    together = added(*((tally, True) for tally in workers))

    assert together.values.get(COUNTER) == alone.values.get(COUNTER)
    for labels, found in alone.distributions.get(HISTOGRAM, {}).items():
        assert together.distributions[HISTOGRAM][labels].counts == found.counts


def test_every_family_is_known_by_its_own_name() -> None:
    assert all(name == family.name for name, family in families.ALL.items())
    assert all(
        family.name.endswith("_total") == (family.kind == "counter")
        for family in families.ALL.values()
    )
