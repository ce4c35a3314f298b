"""Fitting data of heads that are known in advance."""

import dataclasses
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray
from explainers.fitting_contract import FittingData, Upper, silent
from explainers.representative.fitting import fit_representative
from explainers.representative.served import Representative
from explainers.representative.served.search import DenseTail
from tests.explainers.representative.planted import pentagon_and_island, random_tail


def example_id(row: int) -> str:
    return f"image {row}"


def table(
    points: FloatArray, predicted: IntArray, first: int = 0, psi: FloatArray | None = None
) -> ActivationTable:
    """A split whose labels are all wrong: a method that reads them shows it.

    Its images are every third of the data set, from the given row on.
    """
    images, classes = len(points), int(predicted.max()) + 1
    return ActivationTable(
        rows=first + 3 * np.arange(images),
        labels=(predicted + 1) % classes,
        predicted=predicted,
        logits=np.eye(classes, dtype=np.float32)[predicted],
        hidden=np.zeros((images, 1), dtype=np.float32),
        pixels=np.zeros((images, 1, 1, 1), dtype=np.float32),
        psi=psi,
        boundary=points,
    )


def data_of(tail: DenseTail, train: FloatArray, validation: FloatArray) -> FittingData:
    """Fitting data whose network is that tail alone: psi is boundary space."""
    splits = [
        table(points, tail.logits(points.astype(np.float64)).argmax(axis=1), first)
        for points, first in ((train, 5), (validation, 100_000))
    ]
    return FittingData(
        train=splits[0],
        validation=splits[1],
        classes=tuple(f"class {number}" for number in range(len(tail.biases[-1]))),
        example_ids=example_id,
        head=None,
        head_reason="not asked",
        upper=tail,
    )


def pentagon(images: int = 3000) -> FittingData:
    """The planted pentagon and island, without points just off a corner of the pentagon."""
    tail, sides = pentagon_and_island()
    points = np.random.default_rng(0).uniform(-3.0, 3.0, (images + 1000, 2)).astype(np.float32)
    # There two sides count at once, and the boundary is parallel to neither.
    beyond = points @ sides.T - 0.8
    points = points[((beyond > 0.0) & (beyond < 0.02)).sum(axis=1) < 2]
    return data_of(tail, points[:-1000], points[-1000:])


def in_pentagon(split: ActivationTable) -> BoolArray:
    near = np.linalg.norm(boundary_of(split), axis=1) < 1.5
    found: BoolArray = near & (split.predicted == 0)
    return found


def random_network(seed: int = 0, images: int = 1200, slope: float = 0.0) -> FittingData:
    rng = np.random.default_rng(seed)
    tail = random_tail(rng, (6, 14, 4), slope)
    points = rng.normal(size=(images + 400, 6)).astype(np.float32)
    return data_of(tail, points[:images], points[images:])


def boundary_of(split: ActivationTable) -> FloatArray:
    assert split.boundary is not None
    return split.boundary


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Bent:
    """A network of which nothing is known but what every network above must tell."""

    tail: DenseTail
    approximate: str = "GELU bends"
    single_piece: bool = False

    def logits(self, points: DoubleArray) -> DoubleArray:
        return self.tail.logits(points)

    def local(
        self, points: DoubleArray, first: IntArray, second: IntArray
    ) -> tuple[DoubleArray, DoubleArray]:
        return self.tail.local(points, first, second)


def bent(data: FittingData) -> Upper:
    assert isinstance(data.upper, DenseTail)
    return Bent(data.upper)


def fit(data: FittingData, seed: int = 0, **options: str) -> Representative:
    rng = np.random.default_rng(seed)
    return fit_representative(dataclasses.replace(data, options=options), rng, silent)
