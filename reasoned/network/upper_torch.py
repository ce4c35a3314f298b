"""The network above boundary space by torch, where it is more than dense layers."""

import dataclasses
import math
from collections.abc import Iterator
from typing import final

import numpy as np
import torch
from torch import nn

from explainers.arrays import DoubleArray, IntArray
from reasoned.network.onnx_torch import OnnxModule
from reasoned.network.upper_graph import UpperGraph

# Numbers that are gone through at a time: some hundred megabytes with what lies between.
_AT_ONCE = 2**21


@final
@dataclasses.dataclass(frozen=True, eq=False)
class TorchUpper:
    """See `explainers.fitting_contract.Upper`.

    Attributes
    ----------
    module
        From boundary space to the logits, in float64.
    shape
        Of one point, before it was flattened.
    approximate
        Why a boundary is only tangent to the network's own; empty where it is exact.
    single_piece
        Whether it is one affine map.

    """

    module: nn.Module
    shape: tuple[int, ...]
    approximate: str = ""
    single_piece: bool = False

    def logits(self, points: DoubleArray) -> DoubleArray:
        """Give logits, shape (points, classes), for points (points, units)."""
        with torch.no_grad():
            found = [self.module(part).numpy() for part in self._parts(points)]
        return np.concatenate(found).astype(np.float64, copy=False)

    def local(
        self, points: DoubleArray, first: IntArray, second: IntArray
    ) -> tuple[DoubleArray, DoubleArray]:
        """Give the local affine form of ``G_first - G_second`` at each point.

        Returns
        -------
        normals
            Shape (points, units). The gradients.
        offsets
            Shape (points). So that ``normals @ point + offsets`` is the difference of
            logits there.

        """
        normals, values, start = list[DoubleArray](), list[DoubleArray](), 0
        for part in self._parts(points):
            stop = start + len(part)
            pairs = np.stack([first[start:stop], second[start:stop]], axis=1)
            chosen = self.module(part.requires_grad_()).gather(1, torch.from_numpy(pairs))
            gaps = chosen[:, 0] - chosen[:, 1]
            # The points do not touch each other: one pass backward serves them all.
            (gradient,) = torch.autograd.grad(gaps.sum(), part)
            normals.append(gradient.flatten(1).numpy())
            values.append(gaps.detach().numpy())
            start = stop
        found = np.concatenate(normals)
        return found, np.concatenate(values) - (found * points).sum(axis=1)

    def _parts(self, points: DoubleArray) -> Iterator[torch.Tensor]:
        size = max(1, _AT_ONCE // math.prod(self.shape))
        # At least one, which may be empty: its results have the right axes.
        for start in range(0, max(len(points), 1), size):
            part = np.array(points[start : start + size], dtype=np.float64)
            yield torch.from_numpy(part.reshape(len(part), *self.shape))


def torch_upper(above: UpperGraph) -> TorchUpper:
    """Read the graph between boundary space and the logits.

    Raises
    ------
    NetworkError
        When an operator in between is not one of the piecewise linear ones.

    """
    module = OnnxModule(above.graph, above.boundary, above.logits).double().eval()
    return TorchUpper(module, above.shape(above.boundary), above.approximate)
