"""What the document says of recorded decisions."""

from reasoned.ledger.feedback import GivenFeedback
from reasoned.ledger.query import Query, parameters
from reasoned.ledger.records import FeedbackRecord, RecordPage, WholeRecord
from service.openapi.recorded import query_parameters, recorded_paths
from service.openapi.recorded_examples import (
    FEEDBACK_EXAMPLE,
    GIVEN_EXAMPLE,
    PAGE_EXAMPLE,
    RECORD_EXAMPLE,
)


def test_its_examples_are_what_the_models_allow() -> None:
    WholeRecord.model_validate(RECORD_EXAMPLE)
    RecordPage.model_validate(PAGE_EXAMPLE)
    FeedbackRecord.model_validate(FEEDBACK_EXAMPLE)
    GivenFeedback.model_validate(GIVEN_EXAMPLE)


def test_its_parameters_are_those_of_a_query() -> None:
    assert list(query_parameters()) == list(parameters())


def test_its_bounds_are_those_of_a_query() -> None:
    told = query_parameters()
    for name, field in Query.model_json_schema()["properties"].items():
        if name in {"tenant", "cited"}:  # one is nobody's to choose, one is written otherwise
            continue
        schema, _ = told[{"label": "class", "since": "from", "until": "to"}.get(name, name)]
        wanted = field.get("anyOf", [field])[0]
        shared = {key: value for key, value in wanted.items() if key not in {"title", "type"}}
        assert schema == schema | shared, name


def test_the_path_of_an_example_takes_no_other_citation() -> None:
    asked = recorded_paths()["/v1/examples/{id}/decisions"]["get"]["parameters"]

    assert "cited" not in [parameter["name"] for parameter in asked]
