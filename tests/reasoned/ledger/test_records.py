import dataclasses

import orjson
import pytest

from reasoned.ledger.reading import Feedback, Stored
from reasoned.ledger.records import WholeRecord, decision_record, whole_record
from tests.reasoned.ledger.recorded import decision

FOUND = Stored(7, decision(1), (Feedback(3, 1.5, "dog", wrong=True, useful=None, note=None),))


def test_a_record_tells_what_was_decided() -> None:
    record = decision_record(FOUND).model_dump(mode="json")

    assert record["at"] == "2023-11-14T22:13:21Z"
    assert record["options"]["explain"] == "trace"
    assert record["prediction"]["probability"] == 0.1 + 0.2
    assert record["feedback"] == [
        {"at": "1970-01-01T00:00:01.500000Z", "label": "dog", "wrong": True}
        | {"useful": None, "note": None}
    ]


def test_of_much_feedback_a_list_shows_the_newest_and_how_often_it_came() -> None:
    told = tuple(Feedback(n, n, None, wrong=None, useful=None, note=str(n)) for n in range(5))
    found = Stored(7, decision(1), told)

    record, whole = decision_record(found), orjson.loads(whole_record(found))

    assert [one.note for one in record.feedback] == ["2", "3", "4"]
    assert record.feedback_count == whole["feedback_count"] == 5
    assert [one["note"] for one in whole["feedback"]] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("options", ["", "{", "[]", "7"])
def test_options_that_cannot_be_read_are_null_and_logged(
    options: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = Stored(7, decision(1, options=options))

    assert decision_record(found).options is None
    assert orjson.loads(whole_record(found))["options"] is None
    assert f"decision '{decision(1).id}': its options cannot be read" in caplog.text


def test_the_reply_stays_as_it_is_byte_for_byte() -> None:
    reply = b'{"id":"?",  "share":0.10}'
    found = whole_record(dataclasses.replace(FOUND, decision=decision(1, reply=reply)))

    assert b'"reply":' + reply in found
    assert set(orjson.loads(found)) == {*WholeRecord.model_fields}
    bare = dataclasses.replace(FOUND, decision=decision(1, reply=None))
    assert orjson.loads(whole_record(bare))["reply"] is None
