import pytest

from explainers.errors import ArtefactError
from explainers.neighbours.served.example_ids import check_ids, is_usual


def test_ids_that_can_stand_in_a_url_pass() -> None:
    check_ids(("train-000001", "image-7", "a.b_C"))


@pytest.mark.parametrize(
    "odd",
    ["", ".", "..", "../x", "a/b", "a b", "%s", "a?b", "\n", "é", '"', "x" * 101, "-a", "a\n"],
)
def test_any_other_is_told(odd: str) -> None:
    with pytest.raises(ArtefactError, match="ids must be 1 to 100 letters"):
        check_ids(("train-1", odd))


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("train-004711", True),
        ("image-1000000", True),
        ("test-000000", True),
        ("train-4711", False),
        ("3", False),
        ("cat", False),
        ("cat-3", False),
        ("leaf-12", False),
        ("train-004711.png", False),
    ],
)
def test_a_usual_id_is_no_word_of_a_sentence(name: str, *, usual: bool) -> None:
    assert is_usual(name) == usual
