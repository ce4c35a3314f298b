"""Null streams and shifts, resampled from real replies: how often and how fast alarms come.

``python -m benchmarks.drift_streams --model DIR --data fashion-mnist --out FILE``

The test images are answered once, as they are served; streams are drawn from these outcomes with
replacement. Nothing here is settled by them: bets, thresholds and bounds are as the product has
them, and the reference is the model's own, of other images.
"""

import argparse
import dataclasses
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from benchmarks.machine import header
from explainers.arrays import DoubleArray, IntArray
from reasoned.drift.e_detector import BETS, Bank, Batch, Detectors
from reasoned.drift.reference import Reference
from reasoned.drift.signals import Requests, Signals
from reasoned.drift.watch import Watch
from reasoned.fitting.drift_images import Held, Seen, answer_held
from reasoned.fitting.drift_reference import measure
from reasoned.fitting.own_splits import open_own_splits
from reasoned.fitting.progress import bar
from reasoned.model import ExplainedModel
from reasoned.reply.outcome import Outcome

RUN_LENGTH: Final = 100_000
NULLS, NULL_REQUESTS = 200, 20_000
SHIFTS, BEFORE, MOST_AFTER = 50, 2_000, 10_000
TIMES: Final = 5.0  # its bound: how often the shifted stream disagrees
MOVED: Final = 0.1
BATCH: Final = 100
ON_BOUND, ON_BOUND_LENGTH = 0.05, 1_000


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Pool:
    """Outcomes to draw from, as arrays, so that drawing is cheap."""

    reference: Reference
    outcomes: Sequence[Outcome]
    all: Requests
    starts: IntArray

    @classmethod
    def of(cls, reference: Reference, outcomes: Sequence[Outcome]) -> "Pool":
        """Take what the detectors read from outcomes."""
        found = Requests.of(outcomes, Signals.of(reference.record, 1.0).place)
        starts = np.concatenate(([0], np.cumsum(found.counts)[:-1]))
        return cls(reference, outcomes, found, starts)

    def draw(self, places: IntArray) -> Requests:
        """Give some of the outcomes, in order."""
        whole, counts = self.all, self.all.counts[places]
        shifts = np.repeat(self.starts[places] - np.cumsum(counts) + counts, counts)
        return Requests(
            whole.predicted[places],
            whole.confidence[places],
            whole.agrees[places],
            whole.outside[places],
            whole.nearest[places],
            whole.cited[np.arange(int(counts.sum())) + shifts],
            counts,
        )

    def batches(self, places: IntArray) -> Iterator[Requests]:
        """Give some of the outcomes, in batches."""
        for start in range(0, len(places), BATCH):
            yield self.draw(places[start : start + BATCH])


def null_streams(pool: Pool, rng: np.random.Generator) -> dict[str, Any]:
    """Count the undrifted runs in which some family raises an alarm."""
    alarmed: Counter[str] = Counter()
    runs, spent = 0, 0.0
    for _ in bar(range(NULLS), "null streams"):
        watch, names = Watch(pool.reference, RUN_LENGTH), set()
        for requests in pool.batches(rng.integers(0, len(pool.outcomes), NULL_REQUESTS)):
            began = time.process_time()
            crossings = watch.count(requests)
            spent += time.process_time() - began
            names |= {watch.families[one.family].name for one in crossings}
        alarmed.update(names)
        runs += bool(names)
    return {
        "runs": NULLS,
        "requests": NULL_REQUESTS,
        "run_length": RUN_LENGTH,
        "alarmed_share": runs / NULLS,
        "by_family": dict(alarmed),
        "us_per_request": round(1e6 * spent / (NULLS * NULL_REQUESTS), 2),
    }


def shifted(
    pool: Pool, drifted: IntArray, share: float, wanted: str, rng: np.random.Generator
) -> dict[str, Any]:
    """Find how late a shift is found, after an undrifted beginning.

    From the shift on, `share` of the requests is drawn from `drifted`, and the rest from all.
    """
    delays: list[int] = []
    any_family: list[int] = []
    first: Counter[str] = Counter()
    for _ in bar(range(SHIFTS), f"shift: {wanted}"):
        found = _delays(pool, drifted, share, rng)
        delays.append(found.get(wanted, MOST_AFTER))
        any_family.append(min(found.values(), default=MOST_AFTER))
        first.update([min(found, key=found.__getitem__)] if found else ["none"])
    return {
        "runs": SHIFTS,
        "median_delay": statistics.median(delays),
        "largest_delay": max(delays),
        "median_delay_of_any_family": statistics.median(any_family),
        "first_family": dict(first),
    }


def _delays(
    pool: Pool, drifted: IntArray, share: float, rng: np.random.Generator
) -> dict[str, int]:
    """Give the first alarm of each family, in requests since the shift."""
    watch, found, after = Watch(pool.reference, RUN_LENGTH), dict[str, int](), 0
    for requests in pool.batches(rng.integers(0, len(pool.outcomes), BEFORE)):
        watch.count(requests)
    while after < MOST_AFTER and (after < 2_000 or not found):
        places = rng.integers(0, len(pool.outcomes), BATCH)
        moved = rng.random(BATCH) < share
        places[moved] = rng.choice(drifted, int(moved.sum()))
        for one in watch.count(pool.draw(places)):
            found.setdefault(watch.families[one.family].name, after + one.request + 1)
        after += BATCH
    return found


def disagreement(pool: Pool, rng: np.random.Generator) -> dict[str, Any]:
    """Let the stream disagree at five times its bound."""
    families = {family.name: family for family in pool.reference.record.families}
    bound = families["disagreement"].members[0].bound
    disagrees = np.flatnonzero(pool.all.agrees == 0.0)
    usual = len(disagrees) / len(pool.outcomes)
    rate = TIMES * bound
    share = (rate - usual) / (1.0 - usual)
    found = shifted(pool, disagrees, share, "disagreement", rng)
    return {"bound": bound, "usual": usual, "rate": rate, **found}


def cluster_shift(pool: Pool, rng: np.random.Generator) -> dict[str, Any]:
    """Move a tenth of the traffic into the cluster that is rarest in the reference."""
    families = {family.name: family for family in pool.reference.record.families}
    known = [m for m in families["cluster"].members if m.key is not None and m.share > 0.0]
    rarest = min(known, key=lambda member: (member.share, str(member.key)))
    inside = [("cluster", str(rarest.key)) in one.cited for one in pool.outcomes]
    drifted = np.flatnonzero(inside)
    found = shifted(pool, drifted, MOVED, "cluster", rng)
    return {
        "clusters": len(known),
        "cluster": rarest.key,
        "reference_share": rarest.share,
        "bound": rarest.bound,
        "images_of_it": len(drifted),
        **found,
    }


def merged(pool: Pool, limits: Sequence[Outcome], calibration: Seen) -> Pool:
    """Make 20 clusters of 40, in the reference too: of each class the rarer two, and the others."""
    counts = Counter(_cluster(one) for one in calibration.outcomes)
    by_class: dict[str, list[str]] = {}
    for name, _ in reversed(counts.most_common()):
        by_class.setdefault(name.rpartition("/")[0], []).append(name)
    names = {
        name: f"{label}/{'rarer' if place < len(own) // 2 else 'others'}"
        for label, own in by_class.items()
        for place, name in enumerate(own)
    }

    def renamed(outcomes: Sequence[Outcome]) -> list[Outcome]:
        return [_renamed(one, names) for one in outcomes]

    seen = Seen(renamed(calibration.outcomes), calibration.labels)
    classes = pool.reference.record.classes
    record = measure(renamed(limits), seen, classes, "clusters merged to 20")
    return Pool.of(Reference("merged", "merged", record), renamed(pool.outcomes))


def _renamed(outcome: Outcome, names: dict[str, str]) -> Outcome:
    cited = ((k, names.get(key, key) if k == "cluster" else key) for k, key in outcome.cited)
    return dataclasses.replace(outcome, cited=tuple(cited))


def with_twenty(
    pool: Pool, limits: Sequence[Outcome], calibration: Sequence[Outcome], labels: IntArray
) -> Pool:
    """Leave only the 20 most frequent clusters, in the reference too."""
    counts = Counter(_cluster(one) for one in calibration)
    kept = {name for name, _ in counts.most_common(20)}
    inside = np.array([_cluster(one) in kept for one in calibration])
    record = measure(
        [one for one in limits if _cluster(one) in kept],
        Seen(
            [one for one, there in zip(calibration, inside, strict=True) if there], labels[inside]
        ),
        pool.reference.record.classes,
        "the 20 most frequent clusters",
    )
    reference = Reference("20", "20", record)
    return Pool.of(reference, [one for one in pool.outcomes if _cluster(one) in kept])


def _cluster(outcome: Outcome) -> str:
    return next(key for kind, key in outcome.cited if kind == "cluster")


def on_the_bound(rng: np.random.Generator) -> dict[str, Any]:
    """Measure the run length of 500 lone detectors at once, on streams exactly on the bound."""
    lone, requests = 500, 20_000
    bank = Bank(
        bounds=np.full(lone, ON_BOUND),
        rests=np.zeros(lone),
        starts=np.arange(lone, dtype=np.int64),
        measured=lone,
        threshold=float(ON_BOUND_LENGTH),
    )
    detectors, lengths = Detectors(bank), dict[int, int]()
    while detectors.counted < requests and len(lengths) < lone:
        values: DoubleArray = (rng.random((BATCH, lone)) < ON_BOUND).astype(np.float64)
        ends = np.zeros(BATCH, np.int64)
        for one in detectors.count(Batch(values, np.zeros(0, np.int64), ends)):
            lengths.setdefault(one.family, one.counted)
    found = [lengths.get(place, requests) for place in range(lone)]
    return {
        "bound": ON_BOUND,
        "promised": ON_BOUND_LENGTH,
        "mean_run_length": round(statistics.fmean(found), 1),
        "standard_error": round(statistics.stdev(found) / lone**0.5, 1),
        "detectors": lone,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    model = ExplainedModel.load(asked.model)
    if model.reference is None:
        parser.error(f"{asked.model} has no reference; measure one by `reasoned drift reference`")
    own = open_own_splits(asked.model, asked.data, asked.data_dir)
    splits = (own.splits.validation, own.splits.calibration, own.splits.test)
    limits, calibration, test = (
        answer_held(model.explaining, Held(own.dataset, rows), bar) for rows in splits
    )
    rng = np.random.default_rng(asked.seed)
    pool = Pool.of(model.reference, test.outcomes)
    twenty = with_twenty(pool, limits.outcomes, calibration.outcomes, calibration.labels)
    found = {
        **header(),
        "model": model.sha256,
        "methods": list(model.methods),
        "members": len(Signals.of(model.reference.record, 1.0).bank),
        "bets": BETS,
        "families": {f.name: len(f.members) for f in model.reference.record.families},
        "disagreement": disagreement(pool, rng),
        "cluster_shift": cluster_shift(pool, rng),
        "cluster_shift_of_20_most_frequent": cluster_shift(twenty, rng),
        "cluster_shift_of_20_merged": cluster_shift(
            merged(pool, limits.outcomes, calibration), rng
        ),
        "on_the_bound": on_the_bound(rng),
        "null": null_streams(pool, rng),
    }
    found |= {
        "null_alarmed_share": found["null"]["alarmed_share"],
        "disagreement_delay": found["disagreement"]["median_delay"],
        "cluster_shift_delay": found["cluster_shift"]["median_delay"],
    }
    asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
