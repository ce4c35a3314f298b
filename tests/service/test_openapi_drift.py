"""What the document says of drift and alarms."""

import pytest
from starlette.routing import compile_path

from reasoned.drift.alarm_search import AlarmQuery
from reasoned.drift.records import AlarmPage, AlarmRecord, DriftRecord, GivenAcknowledgement
from service.edge.scopes import RULES
from service.openapi.drift import alarm_parameters, drift_paths
from service.openapi.drift_examples import (
    ACKNOWLEDGEMENT_EXAMPLE,
    ALARM_EXAMPLE,
    ALARM_PAGE_EXAMPLE,
    DRIFT_EXAMPLE,
)


def test_its_examples_are_what_the_models_allow() -> None:
    DriftRecord.model_validate(DRIFT_EXAMPLE)
    AlarmRecord.model_validate(ALARM_EXAMPLE)
    AlarmPage.model_validate(ALARM_PAGE_EXAMPLE)
    GivenAcknowledgement.model_validate(ACKNOWLEDGEMENT_EXAMPLE)


def test_its_parameters_and_their_bounds_are_those_of_a_query() -> None:
    told = alarm_parameters()
    assert list(told) == list(AlarmQuery.model_fields)
    for name, field in AlarmQuery.model_json_schema()["properties"].items():
        wanted = field.get("anyOf", [field])[0]
        shared = {key: value for key, value in wanted.items() if key != "title"}
        assert told[name][0] == told[name][0] | shared, name


@pytest.mark.parametrize("path", drift_paths())
def test_each_path_is_one_that_a_scope_is_named_for(path: str) -> None:
    rules = {rule.template: rule for rule in RULES}
    assert rules[path].method.lower() in drift_paths()[path]
    told = drift_paths()[path].get("parameters", [])
    assert [one["name"] for one in told] == list(compile_path(path)[2])
