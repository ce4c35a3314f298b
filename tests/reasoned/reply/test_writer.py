"""Replies from encoded pieces, and from evidence as it comes."""

import dataclasses
import itertools
import json

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.evidence import Evidence
from explainers.neighbours.served import Found
from explainers.reliability import Counts
from explainers.status import STATUSES, Status, Verdict
from reasoned.inference import softmax
from reasoned.model import ExplainedModel
from reasoned.reply.fragments import region_fragments, statement_fragments
from reasoned.reply.schema import Explanation, Prediction
from reasoned.reply.writer import Record, ReplyWriter
from tests.reasoned.rules import counted_for, rule_of

PATH = Evidence(
    "meta_forest",
    "path",
    "leaf-0",
    3,
    0.9,
    "It is so.",
    b'{"steps":[],"vote":0.9,"clusters":{},"change":null}',
)
SUM = Evidence(
    "additive",
    "parts",
    None,
    3,
    None,
    "It adds up.",
    b'{"score":"s","parts":[],"bias":0.0,"rest":0.0,"total":0.0,"threshold":null,"by_design":null}',
)


CELL = Evidence(
    "cells",
    "region",
    "cell-1",
    3,
    0.9,
    "It lies in a cell.",
    b"""{"inside":[],
"facets":[],"closest":null,"references":null,"others":null,"similar":[],"heat_map":null}""",
)
STATEMENT = "Of the 50 calibration images that were explained alike, "
BOUNDS = {"meta_forest": ("leaf-0", 0.9), "cells": ("cell-1", 0.95), "sums": ("sum-0", 0.8)}


@pytest.fixture(scope="module")
def writer(digits_model: ExplainedModel) -> ReplyWriter:
    """Write for three methods with regions and one without, of different bounds."""
    rule = rule_of(meta_forest=0.5, cells=0.5, sums=0.5)
    counts: dict[str, dict[str, dict[str, Counts]]] = {
        method: {region: dict.fromkeys(STATUSES, (99, 100, 98, lower))}
        for method, (region, lower) in BOUNDS.items()
    }
    table = counted_for(rule, counts)
    said = {method: (region,) for method, (region, _) in BOUNDS.items()} | {"additive": ()}
    return dataclasses.replace(
        digits_model.explaining.writer,
        regions=region_fragments(table, said),
        statements=statement_fragments(rule, table),
    )


def firm(first: str, status: Status = "supported", *others: str) -> Verdict:
    """Let a method be firm among those asked."""
    key = "+".join(name for name in BOUNDS if name in (first, *others))
    return Verdict(first, status, key, f"{status} {first}", None)


def weak(first: str, company: int, *others: str) -> Verdict:
    known = firm(first, "weak", *others)
    return dataclasses.replace(known, group=f"weak {first} {company}", company=company)


def written(record: Record) -> Explanation:
    return Explanation.model_validate_json(orjson.dumps(record))


@given(st.lists(st.floats(-30, 30, width=32), min_size=10, max_size=10))
def test_the_five_most_probable_classes_come_in_order(
    writer: ReplyWriter, logits: list[float]
) -> None:
    probabilities = softmax(np.array(logits, np.float32))
    predicted = int(np.argmax(logits))
    found = Prediction.model_validate(writer.prediction(probabilities, predicted))

    assert found.index == predicted
    assert found.label == str(predicted)
    assert found.probability == round(probabilities[predicted], 6)
    assert len(found.top) == 5
    values = [one.probability for one in found.top]
    assert values == sorted(values, reverse=True)
    assert values == [round(p, 6) for p in sorted(probabilities, reverse=True)[:5]]
    assert found.top[0].probability == found.probability


def test_of_equally_probable_classes_the_first_comes_first(writer: ReplyWriter) -> None:
    found = Prediction.model_validate(writer.prediction([0.1] * 10, 0))

    assert [one.index for one in found.top] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("status", STATUSES)
def test_a_first_choice_that_agrees_carries(writer: ReplyWriter, status: Status) -> None:
    found = written(writer.explanation([PATH, SUM], firm("meta_forest", status), 3, []))

    assert (found.carrier, found.agrees, found.status) == ("meta_forest", True, status)
    assert found.sentence.startswith("The network says 3. It is so. ")
    assert f"{STATEMENT}the trace named the network's class for 40" in found.sentence
    assert found.reliability is not None
    assert (found.reliability.group, found.reliability.of) == (f"{status} meta_forest", 50)
    assert found.evidence[0].reliability is not None
    assert found.evidence[0].reliability.lower == 0.9
    assert found.evidence[1].reliability is None
    assert [one.agrees for one in found.evidence] == [True, True]
    assert found.disagreements == []
    assert "Other evidence" not in found.sentence


def test_the_first_choice_comes_first_and_the_others_by_their_bounds(writer: ReplyWriter) -> None:
    sums = dataclasses.replace(SUM, method="sums", region="sum-0")
    given = [SUM, sums, CELL, PATH]
    for order in itertools.permutations(given):
        for first, expected in {
            "sums": ["sums", "cells", "meta_forest", "additive"],
            "cells": ["cells", "meta_forest", "sums", "additive"],
        }.items():
            verdict = firm(first, "supported", *BOUNDS)
            found = written(writer.explanation(order, verdict, 3, []))

            assert [one.method for one in found.evidence] == expected
            # By the bound, not by the order: the first choice need not carry.
            assert (found.carrier, found.agrees) == ("cells", True)
            beside = "cells names it too, in a region of the highest bound."
            assert (beside in found.sentence) == (first != "cells")


def test_the_carrier_is_the_evidence_of_the_highest_bound_that_names_the_class(
    writer: ReplyWriter,
) -> None:
    sums = dataclasses.replace(SUM, method="sums", region="sum-0", sentence="Summed.")
    astray = dataclasses.replace(CELL, names=5)
    verdict = firm("cells", "supported", *BOUNDS)
    found = written(writer.explanation([astray, SUM, sums, PATH], verdict, 3, []))

    assert (found.carrier, found.agrees) == ("meta_forest", False)
    assert [one.agrees for one in found.evidence] == [False, True, True, True]
    assert "names 5, not 3, so it is not the reason; the meta_forest evidence" in found.sentence
    # Where all with regions go astray, what agrees by construction carries, last.
    others = [dataclasses.replace(one, names=4) for one in (sums, PATH)]
    found = written(writer.explanation([astray, SUM, *others], verdict, 3, []))
    assert (found.carrier, found.evidence[-1].method) == ("additive", "additive")


def test_a_bound_of_zero_still_comes_before_what_agrees_by_construction(
    writer: ReplyWriter,
) -> None:
    astray = dataclasses.replace(PATH, names=4)
    regions = writer.regions | {
        ("cells", "cell-1", status): dataclasses.replace(
            writer.regions["cells", "cell-1", status], lower=0.0
        )
        for status in STATUSES
    }
    found = written(
        dataclasses.replace(writer, regions=regions).explanation(
            [SUM, CELL, astray], firm("meta_forest", "weak", "cells"), 3, []
        )
    )

    assert [one.method for one in found.evidence] == ["meta_forest", "cells", "additive"]
    assert found.carrier == "cells"


def test_which_evidence_disagrees_and_on_which_class_is_told(writer: ReplyWriter) -> None:
    astray = dataclasses.replace(SUM, method="sums", region="sum-0", names=5)
    other, silent = dataclasses.replace(CELL, names=7), dataclasses.replace(SUM, names=None)
    verdict = firm("meta_forest", "supported", *BOUNDS)
    found = written(writer.explanation([PATH, astray, other, silent], verdict, 3, []))

    assert [(one.method, one.names.index) for one in found.disagreements] == [
        ("cells", 7),
        ("sums", 5),
    ]
    assert found.sentence.endswith(" Other evidence disagrees: cells names 7 and sums names 5.")
    assert [one.agrees for one in found.evidence] == [True, False, False, None]
    # A first choice that goes astray is told of in its own words, once.
    verdict = firm("sums", "supported", *BOUNDS)
    found = written(writer.explanation([PATH, astray, other], verdict, 3, []))
    assert [one.method for one in found.disagreements] == ["sums", "cells"]
    assert found.sentence.endswith(" Other evidence disagrees: cells names 7.")
    assert "The sums interpreter speaks for 5, not 3, so" in found.sentence


def test_the_sentence_of_one_that_is_not_firm_tells_of_its_company(writer: ReplyWriter) -> None:
    astray = dataclasses.replace(PATH, names=4)
    silent = dataclasses.replace(SUM, names=None)
    verdict = weak("meta_forest", 1, "cells", "sums")
    found = written(writer.explanation([astray, silent, SUM], verdict, 3, []))

    assert (found.carrier, found.agrees, found.status) == ("additive", False, "weak")
    assert found.names is not None
    assert found.names.index == 3
    assert found.sentence == (
        "The network says 3. The meta_forest trace names 4, not 3, so it is not the reason; the "
        "additive evidence speaks for 3. It adds up. The meta_forest trace, which names 4, is weak "
        "here: treat it as a hint. 1 of the 2 other methods that were asked find the same class. "
        "Of the 50 calibration images that were explained alike, the meta_forest trace named the "
        "network's class for 40: an estimated 80.0 %, and with 95 % confidence at least 70.0 %. "
        "The network was right for 45."
    )
    assert found.reliability is not None
    assert (found.reliability.group, found.reliability.company) == ("weak meta_forest 1", 1)


def test_without_a_method_with_regions_there_is_no_statement(writer: ReplyWriter) -> None:
    verdict = Verdict("additive", "weak", "", "weak", None)
    found = written(writer.explanation([SUM], verdict, 3, []))

    assert (found.reliability, found.carrier, found.status) == (None, "additive", "weak")
    assert found.sentence.startswith("The network says 3. It adds up. It has no region of its own")


def test_a_sum_links_to_the_picture_of_its_region_where_there_is_one(writer: ReplyWriter) -> None:
    sums = dataclasses.replace(SUM, method="sums", region="sum-0")
    found = written(
        dataclasses.replace(
            writer, pictures={("sums", "sum-0"): "/v1/regions/sums/sum-0.png"}
        ).explanation([CELL, sums, SUM], firm("sums", "weak", "cells"), 3, [])
    )
    shown = [None if one.form == "path" else one.picture for one in found.evidence]

    assert shown == ["/v1/regions/sums/sum-0.png", None, None]


def test_where_no_polytope_holds_the_image_none_is_called_weak(writer: ReplyWriter) -> None:
    nothing = Evidence("cells", "region", None, None, None, "Outside.", b"{}")
    record = writer.explanation([nothing], weak("cells", 0), 3, [])

    assert "no evidence for it from cells; ask with explain=full" in str(record["sentence"])
    assert "treat it as a hint" not in str(record["sentence"])


def test_a_first_choice_that_names_no_class_does_not_agree(writer: ReplyWriter) -> None:
    unnamed = dataclasses.replace(PATH, names=None)
    found = written(writer.explanation([unnamed], weak("meta_forest", 0), 3, []))

    assert (found.carrier, found.names, found.agrees) == (None, None, False)
    assert (found.evidence[0].names, found.evidence[0].agrees) == (None, None)
    assert "names no class, not 3" in found.sentence
    assert found.disagreements == []


def test_the_status_and_the_counts_do_not_read_the_networks_class(writer: ReplyWriter) -> None:
    for status in STATUSES:
        verdict = firm("meta_forest", status, "cells")
        found = [
            written(writer.explanation([PATH, CELL, SUM], verdict, label, []))
            for label in range(10)
        ]

        assert {one.status for one in found} == {status}
        assert len({str(one.reliability) for one in found}) == 1
        assert {tuple(e.method for e in one.evidence) for one in found} == {
            ("meta_forest", "cells", "additive")
        }
        assert [one.agrees for one in found] == [label == 3 for label in range(10)]


def test_what_was_left_out_is_said(writer: ReplyWriter) -> None:
    skipped = [{"step": "examples", "reason": "it was late"}]
    found = written(writer.left_out(skipped))

    assert found.sentence == "Not explained: it was late."
    assert [one.step for one in found.skipped] == ["examples"]
    assert (found.status, found.carrier, found.names, found.agrees) == (None, None, None, None)
    assert found.reliability is None


def test_examples_come_nearest_first_and_no_more_than_asked(writer: ReplyWriter) -> None:
    found = Found(
        positions=[4, 2, 9], distances=[0.0, 1.23456, 7e5], contrast=None, contrast_distance=None
    )
    near = [json.loads(orjson.dumps(one)) for one in writer.near(found, 2)]

    assert [one["distance"] for one in near] == [0.0, 1.2346]
    assert len(writer.near(found, 0)) == 0
    assert len(writer.near(found, 20)) == 3
    assert writer.contrast(found) is None
    other = dataclasses.replace(found, contrast=1, contrast_distance=2.0)
    assert json.loads(orjson.dumps(writer.contrast(other)))["distance"] == 2.0
