"""What every registered method must keep to on disk."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from explainers.activations import Activations
from explainers.arrays import AnyArray
from explainers.contract import Explainer
from explainers.errors import ArtefactError
from explainers.fitting_contract import silent
from explainers.fitting_registry import FITTERS
from reasoned.reply.schema import (
    PartsBody,
    PathBody,
    RegionBody,
    RegressionBody,
)
from tests.explainers.planting import Planted, quick

BODIES: dict[str, type[BaseModel]] = {
    "path": PathBody,
    "region": RegionBody,
    "parts": PartsBody,
    "regression": RegressionBody,
}


def test_it_survives_save_and_load(
    method: Explainer, rows: list[Activations], tmp_path: Path
) -> None:
    method.save(tmp_path)

    loaded = type(method).load(tmp_path)

    assert [loaded.explain(row) for row in rows] == [method.explain(row) for row in rows]
    assert loaded.regions() == method.regions()
    assert loaded.cites() == method.cites()
    assert loaded.summary() == method.summary()


def test_what_was_loaded_saves_the_same_bytes(method: Explainer, tmp_path: Path) -> None:
    method.save(tmp_path / "first")
    type(method).load(tmp_path / "first").save(tmp_path / "second")

    assert _bytes(tmp_path / "first") == _bytes(tmp_path / "second")


def test_it_saves_two_files_under_its_name(name: str, method: Explainer, tmp_path: Path) -> None:
    method.save(tmp_path)

    assert sorted(_bytes(tmp_path)) == [f"{name}.json", f"{name}.safetensors"]


def test_the_same_seed_fits_the_same_bytes(
    name: str, method: Explainer, planted: Planted, tmp_path: Path
) -> None:
    FITTERS[name](quick(planted.data, name), np.random.default_rng(1), silent).save(
        tmp_path / "again"
    )
    method.save(tmp_path / "first")

    assert _bytes(tmp_path / "again") == _bytes(tmp_path / "first")


@pytest.mark.parametrize("ending", ["json", "safetensors"])
def test_a_missing_file_is_named(name: str, method: Explainer, tmp_path: Path, ending: str) -> None:
    method.save(tmp_path)
    (tmp_path / f"{name}.{ending}").unlink()

    with pytest.raises(ArtefactError, match=rf"{name}\.{ending} is not a readable"):
        type(method).load(tmp_path)


@pytest.mark.parametrize("ending", ["json", "safetensors"])
def test_a_cut_file_is_named(name: str, method: Explainer, tmp_path: Path, ending: str) -> None:
    method.save(tmp_path)
    path = tmp_path / f"{name}.{ending}"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(ArtefactError, match=rf"{name}\.{ending} is not a readable"):
        type(method).load(tmp_path)


def test_it_refuses_what_another_method_saved(
    name: str, method: Explainer, fitted_methods: dict[str, Explainer], tmp_path: Path
) -> None:
    for other in fitted_methods.values():
        if other is method:
            continue
        other.save(tmp_path)
        for path in sorted(tmp_path.iterdir()):
            path.rename(path.with_name(name + path.suffix))

        with pytest.raises(ArtefactError, match=rf"{name} must hold \['.*'\], but holds \['"):
            type(method).load(tmp_path)


def test_it_refuses_a_field_that_it_does_not_know(
    name: str, method: Explainer, tmp_path: Path
) -> None:
    method.save(tmp_path)
    _change_json(tmp_path / f"{name}.json", lambda found: found | {"novel": 1})

    with pytest.raises(ArtefactError, match=r"must hold \[.*\], but holds \[.*'novel'.*\]"):
        type(method).load(tmp_path)


def test_it_refuses_a_field_that_is_stored_twice(
    name: str, method: Explainer, tmp_path: Path
) -> None:
    method.save(tmp_path)
    array = next(iter(_arrays(tmp_path / f"{name}.safetensors")))
    _change_json(tmp_path / f"{name}.json", lambda found: found | {array: []})

    with pytest.raises(ArtefactError, match=rf"but holds \[.*'{array}', '{array}'"):
        type(method).load(tmp_path)


def test_it_refuses_to_do_without_a_field(name: str, method: Explainer, tmp_path: Path) -> None:
    for field in _stored(method):
        method.save(tmp_path)
        _drop(tmp_path / name, field)

        with pytest.raises(ArtefactError, match=r"must hold \[.*\], but holds \["):
            type(method).load(tmp_path)


def test_it_refuses_an_array_of_another_type(name: str, method: Explainer, tmp_path: Path) -> None:
    method.save(tmp_path)
    path = tmp_path / f"{name}.safetensors"
    arrays = _arrays(path)
    for key, array in arrays.items():
        path.write_bytes(save_arrays(arrays | {key: np.zeros(array.shape, np.float16)}))

        told = rf"{name}\.safetensors: {key} must be {array.dtype}, not float16"
        with pytest.raises(ArtefactError, match=told):
            type(method).load(tmp_path)


def test_it_refuses_an_array_of_another_shape(name: str, method: Explainer, tmp_path: Path) -> None:
    method.save(tmp_path)
    path = tmp_path / f"{name}.safetensors"
    arrays = _arrays(path)
    for key, array in arrays.items():
        # One without rows cannot lose any.
        fewer = (array[:-1],) if array.size else ()
        for changed in (array[None], *fewer, np.zeros((), array.dtype)):
            path.write_bytes(save_arrays(arrays | {key: np.array(changed)}))

            with pytest.raises(ArtefactError, match=r"must"):
                type(method).load(tmp_path)


def test_it_refuses_a_plain_field_of_another_kind(
    name: str, method: Explainer, tmp_path: Path
) -> None:
    method.save(tmp_path)
    path = tmp_path / f"{name}.json"
    sound = path.read_text("utf-8")
    for key in json.loads(sound):
        path.write_text(json.dumps(json.loads(sound) | {key: [[[]]]}), "utf-8")

        with pytest.raises(ArtefactError, match=rf"{name}\.json: {key} is wrong: Input should"):
            type(method).load(tmp_path)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _stored(method: Explainer) -> list[str]:
    return [field.name for field in dataclasses.fields(method) if field.init]


def _arrays(path: Path) -> dict[str, AnyArray]:
    return dict(load_arrays(path.read_bytes()))


def _change_json(path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    path.write_text(json.dumps(change(json.loads(path.read_text("utf-8")))), "utf-8")


def _drop(stem: Path, field: str) -> None:
    path = stem.with_suffix(".safetensors")
    arrays = _arrays(path)
    path.write_bytes(save_arrays({k: v for k, v in arrays.items() if k != field}))
    _change_json(
        stem.with_suffix(".json"), lambda found: {k: v for k, v in found.items() if k != field}
    )
