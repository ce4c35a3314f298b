"""Train the interpreter, with the predictor or on its cached activations."""

import dataclasses
import math
import time
from collections.abc import Callable, Iterable
from typing import Literal, final

import numpy as np
import torch
from torch import nn

from explainers.arrays import IntArray
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.losses import (
    Interpreted,
    interpretation_loss,
    prediction_loss,
)
from explainers.attributes.fitting.observing import Observed, Source
from explainers.attributes.fitting.presets import Preset
from explainers.attributes.fitting.schedule import StageWeights
from explainers.errors import FittingError

Precision = Literal["float32", "bfloat16"]
WARM = 0.3  # share of a one-cycle schedule before its peak
FIRST, LAST = 1 / 25, 1e-4  # of the peak


@final
@dataclasses.dataclass(frozen=True)
class EpochRecord:
    """What one epoch did.

    Attributes
    ----------
    epoch
        Counted from 1.
    weights
        Of the loss.
    terms
        The mean of each term over the epoch, before it is weighted.
    rate
        Of Adam, in the last step.
    cpu_seconds
        Of this process.

    """

    epoch: int
    weights: StageWeights
    terms: dict[str, float]
    rate: float
    cpu_seconds: float


@final
class Trainer:
    """The modules in training, their optimiser and what is drawn for each epoch.

    Every epoch draws from a generator of its own, so that a training which goes on from a
    checkpoint is the training that was never stopped, number for number. The images that do
    not fill a last batch are left out of an epoch.

    Parameters
    ----------
    interpreter
        Psi, head and decoder.
    source
        The images; it holds the predictor where that is trained too.
    preset
        Weights, rates, epochs and batch.
    seed
        Of the order, the dropout and the augmentation.
    precision
        In which the forward passes compute; losses and weights are always float32.

    """

    def __init__(
        self,
        interpreter: Interpreter,
        source: Source,
        preset: Preset,
        seed: int,
        precision: Precision = "float32",
    ) -> None:
        self.interpreter, self.source, self.preset = interpreter, source, preset
        self.seed, self.precision = seed, precision
        network = source.network()
        parts = [interpreter] if network is None else [network, interpreter]
        self.modules = nn.ModuleList(parts).to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs know no ModuleList
        self.per_epoch = max(1, len(source) // preset.batch)
        self.optimiser = self._fresh_optimiser()

    def _fresh_optimiser(self) -> torch.optim.Adam:
        return torch.optim.Adam(self.modules.parameters(), self.preset.rate, fused=True)

    def epoch(self, number: int, progress: Callable[..., Iterable[int]]) -> EpochRecord:
        """Train one epoch, counted from 1, and leave the modules in eval mode."""
        started = time.process_time()
        rng = np.random.default_rng([self.seed, number])
        torch.manual_seed(int(rng.integers(2**62)))
        order = rng.permutation(len(self.source)).astype(np.int64)
        weights = self.preset.schedule.weights(number)
        later, rate = self.preset.later_rate
        if later and number == later:
            # As released: a new optimiser, which has forgotten its moments.
            self.optimiser = self._fresh_optimiser()
        sums: dict[str, float] = {}
        self.modules.train()
        for step in progress(range(self.per_epoch), f"epoch {number} of {self.preset.epochs}"):
            rate = self._set_rate(number, step)
            rows = order[step * self.preset.batch : (step + 1) * self.preset.batch]
            for name, value in self._step(rows, rng, weights).items():
                sums[name] = sums.get(name, 0.0) + value
        self.modules.eval()
        return EpochRecord(
            epoch=number,
            weights=weights,
            terms={name: value / self.per_epoch for name, value in sums.items()},
            rate=rate,
            cpu_seconds=time.process_time() - started,
        )

    def _set_rate(self, number: int, step: int) -> float:
        rate = rate_at(self.preset, (number - 1) * self.per_epoch + step, self.per_epoch)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        return rate

    def _step(
        self, rows: IntArray, rng: np.random.Generator, weights: StageWeights
    ) -> dict[str, float]:
        with torch.autocast("cpu", torch.bfloat16, enabled=self.precision == "bfloat16"):
            seen = self.source.observe(rows, rng)
            found = self.interpreter(seen.maps)
        loss, terms = self._loss(seen, found, weights)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self.optimiser.step()
        return {name: float(term) for name, term in terms.items()}

    def _loss(
        self, seen: Observed, found: Interpreted, weights: StageWeights
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        exact = Interpreted(found.phi.float(), found.logits.float(), found.reconstruction.float())
        f_logits = seen.logits.float()
        loss, terms = interpretation_loss(
            exact, f_logits, seen.images, weights, self.preset.variant
        )
        if self.source.network() is None:
            return loss, terms
        accuracy = prediction_loss(f_logits, seen.labels, self.preset.variant)
        return loss + accuracy, {"prediction": accuracy.detach(), **terms}


def with_numbers(record: EpochRecord, advice: str) -> EpochRecord:
    """Give the record of an epoch whose terms are all numbers.

    Raises
    ------
    FittingError
        When one is none any more; it ends with the advice.

    """
    wrong = [name for name, term in record.terms.items() if not math.isfinite(term)]
    if wrong:
        raise FittingError(
            f"the training diverged in epoch {record.epoch}: {', '.join(wrong)} is no longer a "
            f"number; {advice}"
        )
    return record


def log_of(records: Iterable[EpochRecord]) -> list[dict[str, object]]:
    """Give the records as they are stored: without seconds, so that equal fits are equal."""
    return [dataclasses.asdict(record) | {"cpu_seconds": None} for record in records]


def rate_at(preset: Preset, step: int, per_epoch: int) -> float:
    """Give Adam's rate at a step, counted from 0 over all epochs."""
    later, rate = preset.later_rate
    if later and step >= (later - 1) * per_epoch:
        return rate
    if preset.rates == "constant":
        return preset.rate
    total = max(preset.epochs * per_epoch - 1, 1)
    warm = WARM * total
    if step < warm:
        share, ends = step / warm, (FIRST, 1.0)
    else:
        share, ends = (step - warm) / (total - warm), (1.0, LAST * FIRST)
    between = 0.5 - 0.5 * math.cos(math.pi * share)
    return preset.rate * (ends[0] + (ends[1] - ends[0]) * between)
