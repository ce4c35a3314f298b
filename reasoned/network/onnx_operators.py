"""What every piecewise linear operator of ONNX computes, in torch, with gradients."""

import functools
import math
from collections.abc import Callable

import torch
from torch.nn import functional

from reasoned.errors import NetworkError
from reasoned.network.onnx_pooling import (
    Inputs,
    Settings,
    convolve,
    pool_by_max,
    pool_by_mean,
)

Operation = Callable[[Settings, Inputs], torch.Tensor]
INFERRED = "inferred"
_FAR = 2**31 - 1


def _at(inputs: Inputs, place: int) -> torch.Tensor:
    found = inputs[place]
    if found is None:
        raise NetworkError(f"input {place} of an operator is left out, and is needed here")
    return found


def _given(inputs: Inputs) -> list[torch.Tensor]:
    return [one for one in inputs if one is not None]


def _whole_numbers(settings: Settings, inputs: Inputs, name: str, place: int) -> list[int] | None:
    """Read a list that is an attribute in old graphs and an input in new ones."""
    if len(inputs) > place and inputs[place] is not None:
        return [int(n) for n in _at(inputs, place).reshape(-1).tolist()]
    found = settings.get(name)
    return None if found is None else [int(n) for n in found]


def _gemm(settings: Settings, inputs: Inputs) -> torch.Tensor:
    left, right = _at(inputs, 0), _at(inputs, 1)
    left = left.T if settings.get("transA") else left
    right = right.T if settings.get("transB") else right
    product = float(settings.get("alpha", 1.0)) * (left @ right)
    if len(inputs) < 3 or inputs[2] is None:
        return product
    return product + float(settings.get("beta", 1.0)) * inputs[2]


def _normalise(settings: Settings, inputs: Inputs) -> torch.Tensor:
    image, scale, offset, mean, variance = _given(inputs)
    epsilon = float(settings.get("epsilon", 1e-5))
    return functional.batch_norm(image, mean, variance, scale, offset, eps=epsilon)


def _clip(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found = _at(inputs, 0)
    low = inputs[1] if len(inputs) > 1 else settings.get("min")
    high = inputs[2] if len(inputs) > 2 else settings.get("max")
    found = found if low is None else torch.maximum(found, torch.as_tensor(low).to(found))
    return found if high is None else torch.minimum(found, torch.as_tensor(high).to(found))


def _leaky(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found = _at(inputs, 0)
    return torch.where(found > 0, found, settings.get("alpha", 0.01) * found)


def _leaky_by_channel(_settings: Settings, inputs: Inputs) -> torch.Tensor:
    found, slopes = _at(inputs, 0), _at(inputs, 1)
    return torch.where(found > 0, found, slopes * found)


def _flatten(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found = _at(inputs, 0)
    axis = int(settings.get("axis", 1))
    axis = axis + found.ndim if axis < 0 else axis
    return found.reshape(math.prod(found.shape[:axis]), -1)


def _reshape(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found = _at(inputs, 0)
    if settings.get(INFERRED):
        return found.reshape(-1, *settings[INFERRED])
    sizes = [int(n) for n in _at(inputs, 1).tolist()]
    return found.reshape([found.shape[i] if n == 0 else n for i, n in enumerate(sizes)])


def _squeeze(settings: Settings, inputs: Inputs) -> torch.Tensor:
    axes = _whole_numbers(settings, inputs, "axes", 1)
    found = _at(inputs, 0)
    return found.squeeze() if axes is None else found.squeeze(tuple(axes))


def _unsqueeze(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found = _at(inputs, 0)
    axes = _whole_numbers(settings, inputs, "axes", 1) or []
    rank = found.ndim + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        found = found.unsqueeze(axis)
    return found


def _reduce(
    take: Callable[[torch.Tensor, list[int], bool], torch.Tensor],
    settings: Settings,
    inputs: Inputs,
) -> torch.Tensor:
    found = _at(inputs, 0)
    axes = _whole_numbers(settings, inputs, "axes", 1)
    if not axes and settings.get("noop_with_empty_axes", 0):
        return found
    return take(found, axes or list(range(found.ndim)), bool(settings.get("keepdims", 1)))


def _slice(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found = _at(inputs, 0)
    starts = _whole_numbers(settings, inputs, "starts", 1) or []
    ends = _whole_numbers(settings, inputs, "ends", 2) or []
    axes = _whole_numbers(settings, inputs, "axes", 3) or list(range(len(starts)))
    steps = _whole_numbers(settings, inputs, "steps", 4) or [1] * len(starts)
    if min(steps, default=1) < 1:
        raise NetworkError(f"Slice is read with steps of at least 1, not {steps}")
    parts = [slice(None)] * found.ndim
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        parts[axis] = slice(start, min(end, _FAR), step)
    return found[tuple(parts)]


def _gather(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found, wanted = _at(inputs, 0), _at(inputs, 1)
    axis = int(settings.get("axis", 0)) % found.ndim
    places = wanted.reshape(-1).long() % found.shape[axis]
    chosen = found.index_select(axis, places)
    return chosen.reshape(*found.shape[:axis], *wanted.shape, *found.shape[axis + 1 :])


def _pad(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found = _at(inputs, 0)
    sizes = _whole_numbers(settings, inputs, "pads", 1) or []
    manner = settings.get("mode", b"constant").decode()
    if len(sizes) != 2 * found.ndim or manner not in ("constant", "reflect", "edge"):
        raise NetworkError(f"Pad is read over all axes, not as {manner} with {sizes}")
    pairs = list(zip(sizes[: found.ndim], sizes[found.ndim :], strict=True))
    if manner != "constant":
        # torch mirrors the last axes only, and the first two are never padded.
        flat = [n for pair in reversed(pairs[2:]) for n in pair]
        return functional.pad(found, flat, mode="replicate" if manner == "edge" else manner)
    fill = inputs[2] if len(inputs) > 2 else None
    value = float(settings.get("value", 0.0)) if fill is None else float(fill)
    return functional.pad(found, [n for pair in reversed(pairs) for n in pair], value=value)


def _transpose(settings: Settings, inputs: Inputs) -> torch.Tensor:
    found = _at(inputs, 0)
    return found.permute(*settings.get("perm", range(found.ndim - 1, -1, -1)))


OPERATIONS: dict[str, Operation] = {
    "Abs": lambda _, x: _at(x, 0).abs(),
    "Add": lambda _, x: _at(x, 0) + _at(x, 1),
    "AveragePool": pool_by_mean,
    "BatchNormalization": _normalise,
    "Clip": _clip,
    "Concat": lambda s, x: torch.cat(_given(x), int(s["axis"])),
    "Conv": convolve,
    "Div": lambda _, x: _at(x, 0) / _at(x, 1),
    "Dropout": lambda _, x: _at(x, 0),
    "Flatten": _flatten,
    "Gather": _gather,
    "Gemm": _gemm,
    "GlobalAveragePool": lambda _, x: _at(x, 0).mean(dim=(2, 3), keepdim=True),
    "GlobalMaxPool": lambda _, x: _at(x, 0).flatten(2).max(dim=2).values[:, :, None, None],
    "Identity": lambda _, x: _at(x, 0),
    "LeakyRelu": _leaky,
    "MatMul": lambda _, x: _at(x, 0) @ _at(x, 1),
    "Max": lambda _, x: functools.reduce(torch.maximum, _given(x)),
    "MaxPool": pool_by_max,
    "Min": lambda _, x: functools.reduce(torch.minimum, _given(x)),
    "Mul": lambda _, x: _at(x, 0) * _at(x, 1),
    "Neg": lambda _, x: -_at(x, 0),
    "PRelu": _leaky_by_channel,
    "Pad": _pad,
    "ReduceMax": functools.partial(_reduce, torch.amax),
    "ReduceMean": functools.partial(_reduce, torch.mean),
    "ReduceSum": functools.partial(_reduce, torch.sum),
    "Relu": lambda _, x: torch.relu(_at(x, 0)),
    "Reshape": _reshape,
    "Slice": _slice,
    "Squeeze": _squeeze,
    "Sub": lambda _, x: _at(x, 0) - _at(x, 1),
    "Sum": lambda _, x: functools.reduce(torch.add, _given(x)),
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}
