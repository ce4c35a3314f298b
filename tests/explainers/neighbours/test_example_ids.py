import pytest

from explainers.errors import ArtefactError
from explainers.neighbours.served.example_ids import check_ids


def test_ids_that_can_stand_in_a_url_pass() -> None:
    check_ids(("train-000001", "image-7", "a.b_C"))


@pytest.mark.parametrize(
    "odd",
    ["", ".", "..", "../x", "a/b", "a b", "%s", "a?b", "\n", "é", '"', "x" * 101, "-a", "a\n"],
)
def test_any_other_is_told(odd: str) -> None:
    with pytest.raises(ArtefactError, match="ids must be 1 to 100 letters"):
        check_ids(("train-1", odd))
