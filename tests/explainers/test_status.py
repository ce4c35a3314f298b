import dataclasses
import typing
from pathlib import Path
from typing import Any, final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.errors import ArtefactError
from explainers.status import STATUSES, Standing, Status, StatusRule

RULE = StatusRule(
    order=("tree", "cells"),
    least_strength={"tree": 0.8, "cells": 0.5},
    target={"tree": 0.99, "cells": 0.97},
    reached={"tree": True, "cells": False},
)


@final
@dataclasses.dataclass(frozen=True)
class Given:
    """A region and a strength, and nothing else to read."""

    region: str | None
    strength: float | None


@pytest.mark.parametrize(
    ("outside", "region", "strength", "status"),
    [
        (False, "leaf-1", 0.8, "supported"),
        (False, "leaf-1", 1.0, "supported"),
        (False, "leaf-1", 0.799, "weak"),
        (False, "leaf-1", None, "weak"),
        (False, None, 0.9, "weak"),
        (True, "leaf-1", 1.0, "out_of_support"),
        (True, None, None, "out_of_support"),
    ],
)
def test_the_rule_by_hand(
    *, outside: bool, region: str | None, strength: float | None, status: Status
) -> None:
    assert RULE.status("tree", Given(region, strength), outside=outside) == status


FIRM, SHY, NOWHERE = Given("a", 0.9), Given("a", 0.1), Given(None, None)


@pytest.mark.parametrize(
    ("tree", "cells", "first"),
    [
        (FIRM, FIRM, "tree"),
        (FIRM, NOWHERE, "tree"),
        (SHY, FIRM, "cells"),
        (NOWHERE, FIRM, "cells"),
        (SHY, SHY, "tree"),
        (SHY, NOWHERE, "tree"),
        (NOWHERE, SHY, "cells"),
        (NOWHERE, NOWHERE, "tree"),
    ],
)
def test_the_first_choice_by_hand(tree: Given, cells: Given, first: str) -> None:
    summed = Given(None, None)

    assert RULE.first_choice({"tree": tree, "cells": cells}) == first
    # In whatever order they were asked, and with others beside them.
    assert RULE.first_choice({"sum": summed, "cells": cells, "tree": tree}) == first


def test_of_a_subset_the_first_choice_is_one_of_those_asked() -> None:
    assert RULE.first_choice({"cells": SHY, "sum": FIRM}) == "cells"
    assert RULE.first_choice({"sum": NOWHERE}) == "sum"
    assert not RULE.firm("sum", FIRM)  # no strength of it was ever looked at


def test_the_rule_is_never_told_what_the_network_said() -> None:
    # It cannot read agreement: all that it is given is a region and a strength.
    told = {name for name in dir(Standing) if not name.startswith("_")}
    assert told == {"region", "strength"}
    for method in (StatusRule.firm, StatusRule.first_choice, StatusRule.status):
        kinds = [kind for name, kind in typing.get_type_hints(method).items() if name != "return"]
        assert set(map(str, kinds)) <= set(
            map(str, (str, bool, Standing, typing.get_type_hints(StatusRule.first_choice)["found"]))
        )


@given(
    st.booleans(),
    st.sampled_from(["tree", "cells", "sum"]),
    st.none() | st.sampled_from(["a", "b"]),
    st.none() | st.floats(0, 1),
)
def test_the_status_is_one_of_three_and_never_better_outside(
    outside: bool,  # noqa: FBT001  hypothesis passes it by position
    method: str,
    region: str | None,
    strength: float | None,
) -> None:
    found = RULE.status(method, Given(region, strength), outside=outside)

    assert found in STATUSES
    assert (found == "out_of_support") == outside


STANDINGS = st.builds(Given, st.none() | st.just("a"), st.none() | st.floats(0, 1))


@given(STANDINGS, STANDINGS)
def test_an_image_is_supported_exactly_where_some_method_is_firm(tree: Given, cells: Given) -> None:
    found = {"tree": tree, "cells": cells}
    first = RULE.first_choice(found)
    firm = any(RULE.firm(name, standing) for name, standing in found.items())

    assert (RULE.status(first, found[first], outside=False) == "supported") == firm


def test_beyond_every_strength_nothing_is_supported() -> None:
    never = dataclasses.replace(RULE, least_strength={"tree": 2.0, "cells": 2.0})

    assert never.status("tree", Given("leaf-0", 1.0), outside=False) == "weak"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"least_strength": {"tree": -0.1, "cells": 0.5}},
            r"must lie in \[0.0, 2.0\], but .* -0.1",
        ),
        ({"least_strength": {"tree": 2.1, "cells": 0.5}}, r"least_strength must lie in \[0.0, 2.0"),
        ({"least_strength": {"tree": 0.1, "cells": float("nan")}}, r"must lie in \[0.0, 2.0\]"),
        ({"target": {"tree": 1.1, "cells": 1.1}}, r"target must lie in \[0.0, 1.0\], but .* 1.1"),
        ({"target": {"tree": 0.9}}, r"target of the status rule must name .* not \['tree'\]"),
        ({"order": ("tree", "tree")}, r"least_strength of the status rule must name the methods"),
        ({"order": ("tree",)}, r"order, each once: \['tree'\], not \['tree', 'cells'\]"),
    ],
)
def test_impossible_rules_are_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        dataclasses.replace(RULE, **change)


def test_it_survives_save_and_load(tmp_path: Path) -> None:
    RULE.save(tmp_path)

    assert StatusRule.load(tmp_path) == RULE
