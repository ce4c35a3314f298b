"""The status rule: decision lists, one for every set of methods asked."""

import dataclasses
import itertools
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.decision_list import DecisionList, Entry, Standing
from explainers.errors import ArtefactError
from explainers.status import STATUSES, Status, StatusRule, Verdict, subsets


@final
@dataclasses.dataclass(frozen=True)
class Given:
    """A region, a class and a strength, and nothing else to read."""

    region: str | None
    names: int | None
    strength: float | None


def at(names: int, strength: float) -> Given:
    return Given("somewhere", names, strength)


NOWHERE = Given(None, None, None)
CELLS, TREE = Entry("cells", 0, 0.5), Entry("tree", 1, 0.8)
# The cells are firm by themselves; the tree where one other method finds its class.
RULE = StatusRule(
    methods=("tree", "cells", "sums"),
    lists={
        "tree": DecisionList((), ("tree",), 0.9, reached=False),
        "cells": DecisionList((CELLS,), ("cells",), 0.99, reached=True),
        "sums": DecisionList((Entry("sums", 0, 0.0),), ("sums",), 0.99, reached=True),
        "tree+cells": DecisionList((CELLS, TREE), ("tree", "cells"), 0.99, reached=True),
        "tree+sums": DecisionList((TREE,), ("sums", "tree"), 0.99, reached=True),
        "cells+sums": DecisionList((CELLS,), ("sums", "cells"), 0.99, reached=True),
        "tree+cells+sums": DecisionList(
            (TREE, CELLS), ("sums", "tree", "cells"), 0.995, reached=True
        ),
    },
)
ALL = "tree+cells+sums"


@pytest.mark.parametrize(
    ("tree", "cells", "sums", "verdict"),
    [
        # The tree is firm in the company of one, whichever.
        (at(3, 0.8), at(3, 0.1), at(4, 0.0), ("tree", "supported", "supported tree", None)),
        (at(3, 0.8), at(4, 0.9), at(3, 0.0), ("tree", "supported", "supported tree", None)),
        # Alone it is not, and the cells are next.
        (at(3, 0.9), at(4, 0.5), at(5, 1.0), ("cells", "supported", "supported cells", None)),
        (at(3, 0.79), at(3, 0.9), at(3, 1.0), ("cells", "supported", "supported cells", None)),
        (NOWHERE, at(4, 0.5), NOWHERE, ("cells", "supported", "supported cells", None)),
        # None is firm: the first of `otherwise` with a region, and how many find its class.
        (at(3, 0.9), at(4, 0.4), at(5, 1.0), ("sums", "weak", "weak sums 0", 0)),
        (at(3, 0.7), at(4, 0.4), at(3, 1.0), ("sums", "weak", "weak sums 1", 1)),
        (at(3, 0.7), at(3, 0.4), at(3, 1.0), ("sums", "weak", "weak sums 2", 2)),
        (at(3, 0.7), at(3, 0.4), NOWHERE, ("tree", "weak", "weak tree 1", 1)),
        (at(3, 0.9), NOWHERE, NOWHERE, ("tree", "weak", "weak tree 0", 0)),
        # Outside its regions a method is no company: what it says may be the network's class.
        (at(3, 0.9), at(4, 0.4), Given(None, 3, None), ("tree", "weak", "weak tree 0", 0)),
        (at(3, 0.7), at(4, 0.4), Given(None, 3, 1.0), ("tree", "weak", "weak tree 0", 0)),
        # A region without a strength is not firm.
        (NOWHERE, Given("a", 4, None), NOWHERE, ("cells", "weak", "weak cells 0", 0)),
    ],
)
def test_the_rule_by_hand(
    tree: Given, cells: Given, sums: Given, verdict: tuple[str, Status, str, int | None]
) -> None:
    found = {"tree": tree, "cells": cells, "sums": sums}
    first, status, group, company = verdict
    expected = Verdict(first, status, ALL, group, company)

    assert RULE.decide(ALL, found, outside=False) == expected
    # In whatever order they were asked, and with one beside them that has no regions.
    beside: dict[str, Given] = {"additive": at(3, 1.0), **dict(reversed(found.items()))}
    assert RULE.decide(ALL, beside, outside=False) == expected


@pytest.mark.parametrize("cells", [NOWHERE, Given(None, 4, 0.9)])
def test_where_no_method_has_a_region_for_the_image_nothing_is_counted(cells: Given) -> None:
    found = {"tree": NOWHERE, "cells": cells, "sums": NOWHERE}

    assert RULE.decide(ALL, found, outside=False) == Verdict("sums", "weak", "", "weak", None)


def test_outside_only_the_status_is_another() -> None:
    firm = {"tree": at(3, 0.8), "cells": at(3, 0.1), "sums": at(4, 0.0)}
    shy = {"tree": at(3, 0.1), "cells": at(3, 0.1), "sums": at(3, 0.0)}

    assert RULE.decide(ALL, firm, outside=True) == Verdict(
        "tree", "out_of_support", ALL, "out_of_support tree", None
    )
    assert RULE.decide(ALL, shy, outside=True) == Verdict(
        "sums", "out_of_support", ALL, "out_of_support sums 2", 2
    )


def test_each_set_of_methods_has_a_list_of_its_own() -> None:
    # Asked with the cells, these come first; with the sums, the tree needs their company.
    tree, cells, sums = at(3, 0.9), at(3, 0.9), at(4, 0.9)

    assert RULE.decide("tree+cells", {"tree": tree, "cells": cells}, outside=False) == Verdict(
        "cells", "supported", "tree+cells", "supported cells", None
    )
    assert RULE.decide("tree+sums", {"tree": tree, "sums": sums}, outside=False) == Verdict(
        "sums", "weak", "tree+sums", "weak sums 0", 0
    )
    # Nothing was shown of the tree alone: never firm.
    assert RULE.decide("tree", {"tree": tree}, outside=False) == Verdict(
        "tree", "weak", "tree", "weak tree 0", 0
    )


def test_what_came_in_time_is_judged_as_if_no_more_had_been_asked() -> None:
    # The sums were too late: with them the tree might have had company, so it is not firm.
    ran = {"tree": at(3, 0.9), "cells": at(4, 0.9)}
    found = RULE.decide(ALL, ran, outside=False)

    assert found == RULE.decide("tree+cells", ran, outside=False)
    assert (found.asked, found.first, found.status) == ("tree+cells", "cells", "supported")
    # Without them it has: what is settled is settled.
    assert RULE.decide(ALL, {"tree": at(3, 0.9), "sums": at(3, 0.0)}, outside=False) == Verdict(
        "tree", "supported", ALL, "supported tree", None
    )
    # None of what ran is firm.
    assert RULE.decide(ALL, {"tree": at(3, 0.9)}, outside=False).asked == "tree"


def test_where_no_method_has_regions_nothing_is_counted() -> None:
    summed = {"additive": at(3, 1.0)}

    assert RULE.decide("", summed, outside=False) == Verdict("additive", "weak", "", "weak", None)
    assert RULE.decide("", summed, outside=True) == Verdict(
        "additive", "out_of_support", "", "out_of_support", None
    )


def test_methods_are_asked_in_the_order_of_the_list() -> None:
    assert RULE.asking(["sums", "additive", "cells", "tree"]) == ("tree", "cells", "sums")
    assert RULE.asking(["sums", "cells"]) == ("cells", "sums")
    assert RULE.asking(["additive"]) == ()
    assert RULE.key(["sums", "additive", "tree"]) == "tree+sums"
    assert RULE.key(["additive"]) == ""


STEPS = (0.0, 0.3, 0.5, 0.7, 1.0)
SEEDS = st.integers(0, 10**6)


@final
@dataclasses.dataclass(frozen=True)
class Case:
    """A rule, what it is asked, what each of those finds, and whether the image is outside."""

    rule: StatusRule
    key: str
    found: dict[str, Given]
    outside: bool


def one_of(rng: np.random.Generator, *choices: float | None) -> float | None:
    return choices[rng.integers(len(choices))]


def drawn_list(rng: np.random.Generator, asked: tuple[str, ...]) -> DecisionList:
    order = [asked[place] for place in rng.permutation(len(asked))]
    named = order[: rng.integers(len(asked) + 1)]
    entries = tuple(
        Entry(name, int(rng.integers(len(asked))), float(rng.choice(STEPS))) for name in named
    )
    otherwise = tuple(asked[place] for place in rng.permutation(len(asked)))
    return DecisionList(entries, otherwise, 0.99, reached=True)


def drawn_standing(rng: np.random.Generator) -> Given:
    names = one_of(rng, None, 0, 0, 1, 2)
    region = "a" if rng.random() < 0.8 else None
    return Given(region, None if names is None else int(names), one_of(rng, None, *STEPS, 1.0))


def cases(seed: int) -> Iterator[Case]:
    """Draw some at once: cheaper than one by one."""
    rng = np.random.default_rng(seed)
    for _ in range(6):
        methods = ("a", "b", "c")[: rng.integers(1, 4)]
        lists = {"+".join(asked): drawn_list(rng, asked) for asked in subsets(methods)}
        key = str(rng.choice(sorted(lists, key=len)[-3:]))
        found = {name: drawn_standing(rng) for name in key.split("+")}
        yield Case(StatusRule(methods, lists), key, found, bool(rng.random() < 0.3))


@given(SEEDS)
def test_asked_one_by_one_until_it_is_settled_the_verdict_is_that_of_all(seed: int) -> None:
    for case in cases(seed):
        rule, key = case.rule, case.key
        whole = rule.decide(key, case.found, outside=case.outside)
        so_far: dict[str, Given] = {}
        for name in rule.asking(key.split("+")):
            so_far[name] = case.found[name]
            if rule.settled(key, so_far) is not None:
                # And so it stays, whatever else is asked.
                assert rule.decide(key, so_far, outside=case.outside) == whole
        assert rule.decide(key, so_far, outside=case.outside) == whole


@given(SEEDS)
def test_of_any_methods_that_ran_only_what_all_would_settle_is_settled(seed: int) -> None:
    for case in cases(seed):
        whole = case.rule.settled(case.key, case.found)
        for some in subsets(tuple(case.found)):
            early = case.rule.settled(case.key, {name: case.found[name] for name in some})
            assert early in (None, whole)


def company_of(case: Case, method: str) -> int:
    own = case.found[method].names
    others = [
        one.names for name, one in case.found.items() if name != method and one.region is not None
    ]
    return 0 if own is None else others.count(own)


def holds(case: Case, entry: Entry) -> bool:
    own = case.found[entry.method]
    if own.region is None or own.strength is None:
        return False
    return own.strength >= entry.least_strength and company_of(case, entry.method) >= entry.company


@given(SEEDS)
def test_the_rule_is_that_of_its_own_words(seed: int) -> None:
    for case in cases(seed):
        chosen = case.rule.lists[case.key]
        said = case.rule.decide(case.key, case.found, outside=case.outside)
        firm = [entry.method for entry in chosen.entries if holds(case, entry)]
        placed = [name for name in chosen.otherwise if case.found[name].region is not None]
        first = [*firm, *placed, *chosen.otherwise][0]
        inside: Status = "supported" if firm else "weak"

        assert (said.first, said.status) == (first, "out_of_support" if case.outside else inside)
        counted = not firm and bool(placed)
        assert said.company == (company_of(case, first) if counted else None)
        assert bool(said.asked) == bool(firm or placed)


@given(SEEDS, st.sets(st.sampled_from("abc")))
def test_every_verdict_is_among_those_that_there_can_be(seed: int, late: set[str]) -> None:
    for case in cases(seed):
        ran = {name: one for name, one in case.found.items() if name not in late}
        said = case.rule.decide(case.key, ran | {"sum": NOWHERE}, outside=case.outside)
        known = {(one.asked, one.group): one for one in case.rule.verdicts()}

        assert said.status in STATUSES
        assert (said.status == "out_of_support") == case.outside
        expected = said if said.asked else dataclasses.replace(said, first="")
        assert known[said.asked, said.group] == expected


def test_no_two_verdicts_share_a_group() -> None:
    found = [(one.asked, one.group) for one in RULE.verdicts()]

    assert len(set(found)) == len(found)
    # Per status one without regions, and per set of n methods n of them with n + 1 companies.
    assert len(found) == 3 * (1 + 3 * (1 * 2) + 3 * (2 * 3) + 3 * 4)


def test_the_rule_is_never_told_what_the_network_said() -> None:
    # All that it is given of an evidence is a region, the method's class and a strength.
    assert {name for name in dir(Standing) if not name.startswith("_")} == {
        "region",
        "names",
        "strength",
    }
    hints = typing.get_type_hints(StatusRule.decide)
    assert hints == {
        "asked": str,
        "found": Mapping[str, Standing],
        "outside": bool,
        "return": Verdict,
    }
    assert "predicted" not in {field.name for field in dataclasses.fields(Verdict)}


@given(SEEDS, st.permutations([0, 1, 2]))
def test_what_the_classes_are_called_changes_nothing(seed: int, called: list[int]) -> None:
    # Were the network's class read anywhere, some order of the names would show it.
    for case in cases(seed):
        renamed = {
            name: dataclasses.replace(one, names=None if one.names is None else called[one.names])
            for name, one in case.found.items()
        }
        said = case.rule.decide(case.key, renamed, outside=case.outside)

        assert said == case.rule.decide(case.key, case.found, outside=case.outside)


def test_every_set_but_the_empty_one_is_a_subset() -> None:
    methods = ("a", "b", "c")
    found = subsets(methods)

    assert len(found) == 7
    assert set(found) == {
        some for size in (1, 2, 3) for some in itertools.combinations(methods, size)
    }
    assert subsets(()) == []
    assert StatusRule((), {}).key(["additive"]) == ""


def changed(key: str, **fields: Any) -> dict[str, DecisionList]:  # noqa: ANN401  fields of any type
    return RULE.lists | {key: dataclasses.replace(RULE.lists[key], **fields)}


@pytest.mark.parametrize(
    ("lists", "told"),
    [
        ({}, r"every set of \['tree', 'cells', 'sums'\], but has them for \[\]"),
        (RULE.lists | {"trees": RULE.lists["tree"]}, r"but has them for .*'trees'"),
        (
            changed("tree+cells", otherwise=("tree",)),
            r"list of tree\+cells must order \['tree', 'cells'\], each once, not \['tree'\], \['ce",
        ),
        (
            changed("tree+cells", otherwise=("tree", "cells", "sums")),
            r"must order \['tree', 'cells'\], each once",
        ),
        (changed("cells", entries=(CELLS, CELLS)), r"each once, not \['cells'\], \['cells', 'ce"),
        (changed("cells", entries=(TREE,)), "company of 0 to 0, not tree and 1"),
        (changed("cells", entries=(Entry("cells", 1, 0.5),)), "company of 0 to 0, not cells and 1"),
        (changed("tree+cells", entries=(Entry("cells", -1, 0.5),)), "0 to 1, not cells and -1"),
        (changed("cells", entries=(Entry("cells", 0, 1.1),)), r"least_strength must lie in \[0.0"),
        (changed("cells", entries=(Entry("cells", 0, -0.1),)), r"least_strength must lie in"),
        (changed("cells", entries=(Entry("cells", 0, float("nan")),)), "least_strength must lie"),
        (changed("cells", target=1.1), r"target must lie in \[0.0, 1.0\], but .* 1.1"),
        (changed("cells", target=float("nan")), r"target must lie in \[0.0, 1.0\]"),
    ],
)
def test_impossible_rules_are_refused(lists: dict[str, DecisionList], told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        StatusRule(RULE.methods, lists)


def test_a_method_is_named_once() -> None:
    with pytest.raises(ArtefactError, match=r"for every set of \['tree', 'tree'\]"):
        StatusRule(("tree", "tree"), {"tree": RULE.lists["tree"]})


def test_it_survives_save_and_load(tmp_path: Path) -> None:
    RULE.save(tmp_path)

    assert StatusRule.load(tmp_path) == RULE


@pytest.mark.parametrize(
    ("old", "new"),
    [('"company": 1', '"company": "one"'), ('"least_strength"', '"least"')],
)
def test_a_broken_file_is_told(tmp_path: Path, old: str, new: str) -> None:
    RULE.save(tmp_path)
    path = tmp_path / "status.json"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(ArtefactError, match=r"status\.json: lists is wrong"):
        StatusRule.load(tmp_path)


def test_a_rule_of_too_many_methods_is_refused_at_once() -> None:
    # Their sets would fill the memory before they could be compared.
    many = tuple(f"method-{number}" for number in range(40))

    with pytest.raises(ArtefactError, match="must be of at most 8 methods, not 40"):
        StatusRule(many, {})
