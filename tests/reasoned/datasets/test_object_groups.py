import pytest

from reasoned.datasets.object_groups import object_groups
from reasoned.errors import DataError


def test_what_is_captured_counts_within_a_class() -> None:
    files = ["train/a/07_1.jpg", "train/a/07_2.jpg", "train/a/08_1.jpg", "train/b/07_1.jpg"]

    assert object_groups(files, ["a", "a", "a", "b"], r"^(\d+)_").tolist() == [0, 0, 1, 2]


def test_only_the_file_name_is_looked_at() -> None:
    assert object_groups(["9/a1.png", "9/a2.png"], ["9", "9"], r"(\d)").tolist() == [0, 1]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (r"^(\d+", r"must be a regular expression, but '\^\(\\\\d\+' is not: "),
        (r"^\d+_", r"must have one capturing group.+ has 0$"),
        (r"^(\d)(\d)", r"must have one capturing group.+ has 2$"),
        (r"^(x)", r"must match every file name, but '\^\(x\)' captures nothing in a/07_1.jpg"),
        (r"^(x)?", r"captures nothing in a/07_1.jpg"),
    ],
)
def test_a_wrong_pattern_is_refused(pattern: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        object_groups(["a/07_1.jpg"], ["a"], pattern)
