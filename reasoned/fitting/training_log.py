"""What a training says while it runs: its time, a bar over all epochs, a line for each."""

import dataclasses
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, final

from tqdm import tqdm

from explainers.attributes.fitting.training import EpochRecord
from reasoned.fitting.by_design_watching import Begun

_SYMBOLS: Final = {
    "prediction": "L_pred",
    "output_fidelity": "L_of",
    "input_fidelity": "L_if",
    "conciseness": "E(Phi)",
    "diversity": "E(mean Phi)",
    "l1": "l1",
}
MINUTE, HOUR = 60, 3600


@final
class TrainingLog:
    """Speaks on standard error; the bar is drawn on a terminal only."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._epochs = 0

    def begins(self, begun: Begun) -> None:
        """Say how long it will take, and begin the bar."""
        self._epochs = begun.epochs
        self._say(begun_words(begun))
        self._bar = tqdm(
            desc="training",
            total=begun.epochs * begun.per_epoch,
            initial=begun.done * begun.per_epoch,
            disable=not sys.stderr.isatty(),
            leave=False,
        )

    def steps(self, steps: Iterable[int], label: str) -> Iterator[int]:
        """Go through the steps of an epoch under the one bar."""
        if self._bar is not None:
            self._bar.set_description(label)
        for step in steps:
            yield step
            if self._bar is not None:
                self._bar.update()

    def passed(self, record: EpochRecord) -> None:
        """Say what an epoch did."""
        self._say(epoch_words(record, self._epochs))

    def close(self) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.close()

    def _say(self, words: str) -> None:
        # Around the bar, and not through it.
        tqdm.write(words, file=sys.stderr)


def begun_words(begun: Begun) -> str:
    """Say where a training stands and how long the rest will take."""
    left = begun.epochs - begun.done
    if not left:
        return f"All {begun.epochs} epochs were trained before."
    start = f"Going on after epoch {begun.done} of {begun.epochs}: " if begun.done else ""
    whole = f"the {left} epochs left" if begun.done else f"{left} epochs"
    takes = f"{whole} will take about {duration(left * begun.seconds)}"
    takes = takes if start else takes.capitalize()
    return f"{start}{takes} ({duration(begun.seconds)} an epoch, measured here)."


def epoch_words(record: EpochRecord, epochs: int) -> str:
    """Say an epoch's mean terms, each with its weight, the rate and the time."""
    weights = record.weights
    # What is made large has a negative weight, and the prediction's is always 1.
    factors = dataclasses.asdict(weights) | {"diversity": 0.0 - weights.diversity}
    terms = [
        f"{_SYMBOLS[name]} {value:.4f} x {factors.get(name, 1.0):g}"
        for name, value in record.terms.items()
    ]
    end = f"rate {record.rate:.3g}, {duration(record.cpu_seconds)} of CPU"
    return f"epoch {record.epoch}/{epochs}: {', '.join(terms)}; {end}"


def duration(seconds: float) -> str:
    """Write a time as somebody would say it."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h"
