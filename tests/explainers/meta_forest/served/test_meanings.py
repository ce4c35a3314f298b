import json

import pytest

from explainers.errors import ArtefactError
from explainers.meta_forest.served.meanings import canonical
from tests.explainers.meta_forest.worked import fields, worked

SOUND = '{"size": 1, "classes": {"a": 1}, "medoids": ["x"], "units": [0]}'


def test_a_meaning_is_written_anew() -> None:
    doubled = SOUND[:-1] + ', "size": 7}'

    assert json.loads(canonical(SOUND)) == json.loads(SOUND)
    assert canonical(doubled).count("size") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "one is wrong: Invalid JSON"),
        ("[]", "one is wrong: Input should be an object"),
        ("{}", "size is wrong: Field required"),
        (SOUND + ',"evil":1', "one is wrong: Invalid JSON"),
        (SOUND + '}],"vote":1,"x":[{', "one is wrong: Invalid JSON"),
        (SOUND[:-1] + ',"evil":1}', "evil is wrong: Extra inputs"),
        (SOUND.replace("1,", "NaN,", 1), "size is wrong"),
        (SOUND.replace("1,", "-1,", 1), "size is wrong: Input should be greater"),
        (SOUND.replace("[0]", "[0.5]"), "units.0 is wrong"),
        (SOUND.replace('"x"', '"\\ud800"'), "one is wrong: Invalid JSON"),
        ("[" * 100_000, "one is wrong: Invalid JSON: recursion limit"),
    ],
)
def test_what_would_break_or_forge_a_reply_is_refused(text: str, told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        canonical(text)


def test_a_trace_reads_its_meanings_when_it_is_loaded() -> None:
    meanings = (*fields()["cluster_meanings"][:5], SOUND + ',"evil":1')

    with pytest.raises(ArtefactError, match="cluster_meanings must hold size, classes"):
        worked(cluster_meanings=meanings)
    with pytest.raises(ArtefactError, match="cluster_names must differ"):
        worked(cluster_names=("ant-1",) * 6)
