from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from reasoned.errors import OptionsError
from reasoned.ledger.query import Query, parameters, query_of


def test_words_become_a_query() -> None:
    found = query_of(
        {
            "class": "cat",
            "agrees": "false",
            "from": "2026-11-22T08:00:00Z",
            "to": "2026-11-22T10:00:00+01:00",
            "cited": "example=train=7",
            "limit": "7",
        },
        "acme",
    )

    assert found == Query(
        tenant="acme",
        label="cat",
        agrees=False,
        since=datetime(2026, 11, 22, 8, tzinfo=UTC),
        until=datetime(2026, 11, 22, 9, tzinfo=UTC),
        cited=("example", "train=7"),
        limit=7,
    )


def test_nothing_asked_for_is_everything_of_the_tenant() -> None:
    assert query_of({}, "acme") == Query(tenant="acme")
    assert query_of({}, None) == Query()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("clas", "cat", "'clas' is no parameter; there are model, class, status"),
        ("tenant", "other", "'tenant' is no parameter"),
        ("label", "cat", "'label' is no parameter"),
        ("class", "", "class: String should have at least 1 character"),
        ("class", "a\0", "class: wanted text without a zero byte"),
        ("class", "a" * 201, "class: String should have at most 200 characters"),
        ("status", "fine", "status: Input should be 'supported', 'weak' or 'out_of_support'"),
        ("agrees", "maybe", "agrees: Input should be a valid boolean"),
        ("from", "1700000000", "from: wanted a time as 2026-11-22T08:00:00Z, not '1700000000'"),
        ("from", "2026-11-22T08:00:00", "from: wanted a time"),
        ("to", "2026-13-22T08:00:00Z", "to: Input should be a valid datetime"),
        ("cited", "leaf-7", "cited: wanted KIND=KEY, as leaf=leaf-12, not 'leaf-7'"),
        ("cited", "=leaf-7", "cited: wanted KIND=KEY"),
        ("cited", "leaf=\0", "cited: wanted text without a zero byte"),
        ("image_sha256", "AB" * 32, "image_sha256: String should match pattern"),
        ("model", "abc", "model: String should match pattern"),
        ("feedback", "bad", "feedback: Input should be 'wrong', 'right', 'any' or 'none'"),
        ("limit", "0", "limit: Input should be greater than or equal to 1"),
        ("limit", "201", "limit: Input should be less than or equal to 200"),
        ("cursor", "a" * 201, "cursor: String should have at most 200 characters"),
    ],
)
def test_a_wrong_parameter_is_named(name: str, text: str, said: str) -> None:
    with pytest.raises(OptionsError, match=said.replace("|", r"\|")):
        query_of({name: text}, "acme")


def test_every_field_but_the_tenant_can_be_asked_for() -> None:
    assert {*parameters().values()} == {*Query.model_fields} - {"tenant"}
    assert parameters()["class"] == "label"


def test_a_query_takes_no_other_field_and_does_not_change() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Query.model_validate({"classes": "cat"})
    with pytest.raises(ValidationError, match="frozen"):
        Query().limit = 3  # type: ignore[misc]  # which is what is tested
