"""Replies from encoded pieces, and from evidence as it comes."""

import dataclasses
import json

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.evidence import Evidence
from explainers.neighbours.served import Found
from explainers.status import STATUSES, Status
from reasoned.inference import softmax
from reasoned.model import ExplainedModel
from reasoned.reply.schema import Explanation, PartsEvidence, Prediction
from reasoned.reply.writer import Record, ReplyWriter

PATH = Evidence(
    "meta_forest", "path", "leaf-0", 3, 0.9, "It is so.", b'{"steps":[],"vote":0.9,"clusters":{}}'
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


@pytest.fixture(scope="module")
def writer(digits_model: ExplainedModel) -> ReplyWriter:
    return digits_model.explaining.writer


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
    found = written(writer.explanation([PATH, SUM], status, 3, []))

    assert (found.carrier, found.agrees, found.status) == ("meta_forest", True, status)
    assert found.sentence.startswith("The network says 3. It is so. ")
    assert found.reliability == found.evidence[0].reliability
    assert found.evidence[1].reliability is None
    assert [one.agrees for one in found.evidence] == [True, True]


def test_the_first_evidence_that_names_the_class_carries(writer: ReplyWriter) -> None:
    astray = dataclasses.replace(SUM, names=5, sentence="It adds up to 5.")
    silent = dataclasses.replace(SUM, names=None)
    found = written(
        writer.explanation([dataclasses.replace(PATH, names=4), astray, silent, SUM], "weak", 3, [])
    )

    assert (found.carrier, found.agrees) == ("additive", False)
    assert found.names is not None
    assert found.names.index == 3
    assert [one.agrees for one in found.evidence] == [False, False, None, True]
    assert "names 4, not 3, so it is not the reason; the additive evidence" in found.sentence
    assert "It adds up." in found.sentence
    assert "meta_forest trace, which names 4, is weak here" in found.sentence
    assert "It is so." not in found.sentence


def test_a_sum_links_to_the_picture_of_its_region_where_there_is_one(writer: ReplyWriter) -> None:
    grouped = [dataclasses.replace(SUM, method="sums", region=region) for region in ("one", "two")]
    counts = writer.regions["additive", None, "weak"]
    found = written(
        dataclasses.replace(
            writer,
            regions=writer.regions | {("sums", e.region, "weak"): counts for e in grouped},
            pictures={("sums", "one"): "/v1/regions/sums/one.png"},
        ).explanation([*grouped, SUM], "weak", 3, [])
    )
    sums = [one for one in found.evidence if isinstance(one, PartsEvidence)]

    assert [one.picture for one in sums] == ["/v1/regions/sums/one.png", None, None]


def test_where_no_polytope_holds_the_image_none_is_called_weak(writer: ReplyWriter) -> None:
    nothing = Evidence("cells", "region", None, None, None, "Outside.", b"{}")
    regions = {("cells", None, "weak"): writer.regions["meta_forest", None, "weak"]}
    other = dataclasses.replace(writer, regions={**writer.regions, **regions})  # type: ignore[dict-item]  # a literal status
    record = other.explanation([nothing], "weak", 3, [])

    assert "no evidence for it from cells; ask with explain=full" in str(record["sentence"])
    assert "treat it as a hint" not in str(record["sentence"])


def test_a_first_choice_that_names_no_class_does_not_agree(writer: ReplyWriter) -> None:
    found = written(writer.explanation([dataclasses.replace(PATH, names=None)], "weak", 3, []))

    assert (found.carrier, found.names, found.agrees) == (None, None, False)
    assert (found.evidence[0].names, found.evidence[0].agrees) == (None, None)
    assert "names no class, not 3" in found.sentence


def test_the_status_and_the_counts_do_not_read_the_networks_class(writer: ReplyWriter) -> None:
    for status in STATUSES:
        found = [written(writer.explanation([PATH], status, label, [])) for label in range(10)]

        assert {one.status for one in found} == {status}
        assert len({str(one.reliability) for one in found}) == 1
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
