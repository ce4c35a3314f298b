import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import save as save_arrays

from explainers import storage
from explainers.arrays import FloatArray, check_shape
from explainers.errors import ArtefactError


@dataclasses.dataclass(frozen=True, eq=False)
class Record:
    weights: FloatArray
    masks: npt.NDArray[np.uint64]
    names: tuple[str, ...]
    counts: dict[str, tuple[int, float]]
    share: float
    derived: int = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        check_shape("weights", self.weights, "rows", "columns")
        object.__setattr__(self, "derived", len(self.names))


@dataclasses.dataclass(frozen=True, slots=True)
class Inner:
    label: str
    count: int


@dataclasses.dataclass(frozen=True)
class Nested:
    inner: dict[str, tuple[Inner, ...]]


NESTED = Nested({"x": (Inner("ä", 1), Inner("", 0)), "y": ()})
RECORD = Record(
    weights=np.array([[1.5, -0.1], [0.0, 3.0]], dtype=np.float32).T,
    masks=np.array([2**64 - 1, 0], dtype=np.uint64),
    names=("ä", 'a "b"', ""),
    counts={"x": (1, 0.1)},
    share=0.1,
)


def _written(folder: Path) -> Path:
    storage.write(folder, "record", RECORD)
    return folder


def test_what_was_written_is_read(tmp_path: Path) -> None:
    found = storage.read(_written(tmp_path / "new" / "folder"), "record", Record)

    np.testing.assert_array_equal(found.weights, RECORD.weights)
    np.testing.assert_array_equal(found.masks, RECORD.masks)
    assert (found.names, found.counts) == (RECORD.names, RECORD.counts)
    assert (found.share, found.derived) == (0.1, 3)


def test_what_is_derived_is_not_written(tmp_path: Path) -> None:
    text = (_written(tmp_path) / "record.json").read_text("utf-8")

    assert list(json.loads(text)) == ["counts", "names", "share"]
    assert "ä" in text


def test_a_number_that_json_does_not_know_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        storage.write(tmp_path, "record", dataclasses.replace(RECORD, share=np.inf))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not a readable JSON file: Input is a zero-length"),
        ("[1]", "must hold a JSON object, not list"),
        ("[" * 100_000, "is not a readable JSON file: depth limit"),
        ('{"counts": {}, "names": [], "share": NaN}', "is not a readable JSON file: unexpected"),
        ('{"counts": {}, "names": ["\\ud800"], "share": 1}', "JSON file: no low surrogate"),
        ("{", "is not a readable JSON file"),
        ("{}", r"must hold \['counts', 'masks', 'names', 'share', 'weights'\], but holds"),
        ('{"counts": {}, "names": 7, "share": 1}', "names is wrong: Input should be a valid tuple"),
        ('{"counts": {"x": [1]}, "names": [], "share": 1}', "counts is wrong: Field required"),
        ('{"counts": {}, "names": [], "share": "much"}', "share is wrong: Input should be a valid"),
    ],
)
def test_a_wrong_json_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    (_written(tmp_path) / "record.json").write_text(text, "utf-8")

    with pytest.raises(ArtefactError, match=told):
        storage.read(tmp_path, "record", Record)


@pytest.mark.parametrize("raw", [b"", b"\xff" * 64, b"\x80\x04K\x01."])
def test_bytes_that_are_not_safetensors_are_told(tmp_path: Path, raw: bytes) -> None:
    (_written(tmp_path) / "record.safetensors").write_bytes(raw)

    told = r"record\.safetensors is not a readable safetensors file"
    with pytest.raises(ArtefactError, match=told):
        storage.read(tmp_path, "record", Record)


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"weights": np.zeros((2, 2))}, "weights must be float32, not float64"),
        ({"masks": np.zeros(2, np.int64)}, "masks must be uint64, not int64"),
        (
            {"weights": np.zeros(2, np.float32)},
            "weights must have shape (rows, columns), not (2,)",
        ),
    ],
)
def test_an_array_of_another_kind_is_told(
    tmp_path: Path, arrays: dict[str, npt.NDArray[np.float64]], told: str
) -> None:
    sound = {"weights": RECORD.weights.copy(), "masks": RECORD.masks}
    (_written(tmp_path) / "record.safetensors").write_bytes(save_arrays({**sound, **arrays}))

    with pytest.raises(ArtefactError, match=r"record\.safetensors: " + re.escape(told)):
        storage.read(tmp_path, "record", Record)


def test_an_array_in_the_place_of_a_number_is_told(tmp_path: Path) -> None:
    arrays = {"weights": RECORD.weights.copy(), "masks": RECORD.masks, "share": np.zeros(1)}
    (_written(tmp_path) / "record.safetensors").write_bytes(save_arrays(arrays))
    (tmp_path / "record.json").write_text('{"counts": {}, "names": []}', "utf-8")

    with pytest.raises(ArtefactError, match="share must not be an array"):
        storage.read(tmp_path, "record", Record)


def test_a_list_in_the_place_of_an_array_is_told(tmp_path: Path) -> None:
    arrays = {"weights": RECORD.weights.copy()}
    (_written(tmp_path) / "record.safetensors").write_bytes(save_arrays(arrays))
    plain = {"counts": {}, "names": [], "share": 1, "masks": [1, 2]}
    (tmp_path / "record.json").write_text(json.dumps(plain), "utf-8")

    with pytest.raises(ArtefactError, match="masks is wrong: Input should be an instance of nd"):
        storage.read(tmp_path, "record", Record)


def test_frozen_dataclasses_within_one_are_written_by_field(tmp_path: Path) -> None:
    storage.write(tmp_path, "nested", NESTED)

    text = (tmp_path / "nested.json").read_text("utf-8")
    first = {"label": "ä", "count": 1}
    assert json.loads(text) == {"inner": {"x": [first, {"label": "", "count": 0}], "y": []}}
    assert storage.read(tmp_path, "nested", Nested) == NESTED


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        ({"label": "a"}, "inner is wrong: Field required"),
        ({"label": "a", "count": "many"}, "inner is wrong: Input should be a valid integer"),
        ("a", "inner is wrong: Input should be a dictionary or an instance of Inner"),
    ],
)
def test_a_wrong_dataclass_within_one_is_told(tmp_path: Path, inner: object, told: str) -> None:
    storage.write(tmp_path, "nested", NESTED)
    (tmp_path / "nested.json").write_text(json.dumps({"inner": {"x": [inner]}}), "utf-8")

    with pytest.raises(ArtefactError, match=told):
        storage.read(tmp_path, "nested", Nested)


def test_what_has_no_fields_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"asdict\(\) should be called on dataclass instances"):
        storage.write(tmp_path, "nested", dataclasses.replace(NESTED, inner={"x": {1}}))  # type: ignore[dict-item]  # wrong on purpose
