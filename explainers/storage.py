"""A frozen dataclass on disk: arrays as safetensors, the rest as JSON, no pickle."""

import dataclasses
import json
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from explainers.arrays import AnyArray
from explainers.errors import ArtefactError, ShapeError

Stored = TypeVar("Stored")
_STRICT = ConfigDict(strict=False, arbitrary_types_allowed=True)


def _stored_fields(kind: type[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(kind) if field.init]


def write(folder: Path, name: str, instance: object) -> None:
    """Write the fields of a frozen dataclass as ``NAME.safetensors`` and ``NAME.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    values = {key: getattr(instance, key) for key in _stored_fields(type(instance))}
    arrays = {k: np.ascontiguousarray(v) for k, v in values.items() if isinstance(v, np.ndarray)}
    plain = {k: v for k, v in values.items() if not isinstance(v, np.ndarray)}
    (folder / f"{name}.safetensors").write_bytes(save_arrays(arrays))
    text = json.dumps(
        plain,
        indent=1,
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        default=dataclasses.asdict,
    )
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def read(folder: Path, name: str, kind: type[Stored]) -> Stored:
    """Read what `write` wrote, as an instance of `kind`.

    Raises
    ------
    ArtefactError
        When a file is missing or broken, or its fields are not those of `kind`.

    """
    where = folder / name
    arrays = _read_arrays(folder / f"{name}.safetensors")
    plain = _read_json(folder / f"{name}.json")
    found, wanted = sorted([*arrays, *plain]), sorted(_stored_fields(kind))
    if found != wanted:
        raise ArtefactError(f"{where} must hold {wanted}, but holds {found}")
    hints = get_type_hints(kind)
    values = {key: _numbers(where, key, hints[key], value) for key, value in arrays.items()}
    try:
        return kind(**values, **{k: _typed(where, k, hints[k], v) for k, v in plain.items()})
    except ShapeError as error:
        raise ArtefactError(f"{where}.safetensors: {error}") from error


def _read_arrays(path: Path) -> dict[str, AnyArray]:
    try:
        return dict(load_arrays(path.read_bytes()))
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ArtefactError(f"{path} is not a readable safetensors file: {error}") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        # Stricter than `json`: no NaN, no lone surrogates, and no nesting without end.
        found = orjson.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path} is not a readable JSON file: {error}") from error
    if not isinstance(found, dict):
        raise ArtefactError(f"{path} must hold a JSON object, not {type(found).__name__}")
    return found


def _numbers(where: Path, key: str, hint: Any, array: AnyArray) -> AnyArray:  # noqa: ANN401  a type hint
    if get_origin(hint) is not np.ndarray:
        raise ArtefactError(f"{where}.safetensors: {key} must not be an array")
    wanted = np.dtype(get_args(get_args(hint)[1])[0])
    if array.dtype != wanted:
        raise ArtefactError(f"{where}.safetensors: {key} must be {wanted}, not {array.dtype}")
    return array


def _typed(where: Path, key: str, hint: Any, value: object) -> object:  # noqa: ANN401  a type hint
    try:
        return TypeAdapter(hint, config=None if _is_model(hint) else _STRICT).validate_python(value)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ArtefactError(f"{where}.json: {key} is wrong: {wrong['msg']}") from error


def _is_model(hint: object) -> bool:
    return dataclasses.is_dataclass(hint) or hasattr(hint, "model_validate")
