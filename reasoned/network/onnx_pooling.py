"""Convolution and pooling of ONNX, in torch."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional

from reasoned.errors import NetworkError

Settings = dict[str, Any]
Inputs = Sequence[torch.Tensor | None]
_AFTER, _BEFORE = b"SAME_UPPER", b"SAME_LOWER"


def convolve(settings: Settings, inputs: Inputs) -> torch.Tensor:
    """Convolve maps: image, kernel and, where there is one, offset."""
    image, kernel = _need(inputs, 0), _need(inputs, 1)
    offset = inputs[2] if len(inputs) > 2 else None
    strides, dilations = _pair(settings, "strides"), _pair(settings, "dilations")
    padded = _padded(image, _margins(settings, image, tuple(kernel.shape[2:])), 0.0)
    groups = int(settings.get("group", 1))
    return functional.conv2d(padded, kernel, offset, strides, 0, dilations, groups)


def pool_by_max(settings: Settings, inputs: Inputs) -> torch.Tensor:
    """Take the largest number of every window."""
    image, kernel = _need(inputs, 0), _kernel(settings)
    strides, dilations = _pair(settings, "strides"), _pair(settings, "dilations")
    margins = _margins(settings, image, kernel)
    margins = _rounded_up(settings, image, kernel, margins)
    padded = _padded(image, margins, -math.inf)
    return functional.max_pool2d(padded, kernel, strides, 0, dilations)


def pool_by_mean(settings: Settings, inputs: Inputs) -> torch.Tensor:
    """Average every window, over what lies inside the map unless told otherwise."""
    image, kernel = _need(inputs, 0), _kernel(settings)
    if settings.get("ceil_mode", 0) or settings.get("dilations", [1, 1]) != [1, 1]:
        raise NetworkError("AveragePool with ceil_mode or dilations is not read here")
    strides = _pair(settings, "strides")
    margins = _margins(settings, image, kernel)
    means = functional.avg_pool2d(_padded(image, margins, 0.0), kernel, strides)
    if settings.get("count_include_pad", 0) or not any(margins):
        return means
    inside = _padded(torch.ones_like(image[:1, :1]), margins, 0.0)
    return means / functional.avg_pool2d(inside, kernel, strides)


def _need(inputs: Inputs, place: int) -> torch.Tensor:
    found = inputs[place]
    if found is None or found.ndim != 4:
        shape = None if found is None else tuple(found.shape)
        raise NetworkError(f"convolution and pooling are read in two dimensions only, not {shape}")
    return found


def _pair(settings: Settings, name: str) -> tuple[int, int]:
    rows, columns = settings.get(name, [1, 1])
    return int(rows), int(columns)


def _kernel(settings: Settings) -> tuple[int, int]:
    rows, columns = settings["kernel_shape"]
    return int(rows), int(columns)


def _margins(
    settings: Settings, image: torch.Tensor, kernel: tuple[int, ...]
) -> tuple[int, int, int, int]:
    """Give what is added at the top, the left, the bottom and the right."""
    manner = settings.get("auto_pad", b"NOTSET")
    if manner not in (_AFTER, _BEFORE):
        top, left, bottom, right = settings.get("pads", [0, 0, 0, 0])
        return (0, 0, 0, 0) if manner == b"VALID" else (top, left, bottom, right)
    totals = []
    for size, width, step, gap in zip(
        image.shape[2:],
        kernel,
        _pair(settings, "strides"),
        _pair(settings, "dilations"),
        strict=True,
    ):
        wanted = (math.ceil(size / step) - 1) * step + (width - 1) * gap + 1
        totals.append(max(wanted - size, 0))
    less = [total // 2 for total in totals]
    more = [total - half for total, half in zip(totals, less, strict=True)]
    first, last = (less, more) if manner == _AFTER else (more, less)
    return first[0], first[1], last[0], last[1]


def _rounded_up(
    settings: Settings,
    image: torch.Tensor,
    kernel: tuple[int, int],
    margins: tuple[int, int, int, int],
) -> tuple[int, int, int, int]:
    """Widen the end so that a last, unfinished window counts, as ``ceil_mode`` asks."""
    if not settings.get("ceil_mode", 0):
        return margins
    found = list(margins)
    strides, dilations = _pair(settings, "strides"), _pair(settings, "dilations")
    for axis in (0, 1):
        size = image.shape[2 + axis] + margins[axis] + margins[axis + 2]
        rest = size - (kernel[axis] - 1) * dilations[axis] - 1
        steps = math.ceil(rest / strides[axis])
        # A window must start inside the map or the margin before it.
        if steps * strides[axis] >= image.shape[2 + axis] + margins[axis]:
            steps -= 1
        found[axis + 2] += max(steps * strides[axis] - rest, 0)
    return found[0], found[1], found[2], found[3]


def _padded(image: torch.Tensor, margins: tuple[int, int, int, int], value: float) -> torch.Tensor:
    if not any(margins):
        return image
    top, left, bottom, right = margins
    return functional.pad(image, (left, right, top, bottom), value=value)
