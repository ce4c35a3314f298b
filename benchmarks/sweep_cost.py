"""What 2,000 sweeps cost, beside sweeps that recompute every product, on one thread."""

import argparse
import json
import time
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from explainers.mixture.fitting.drawing import draw_prior
from explainers.mixture.fitting.grams import REFRESH_EVERY, Grams
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.sweep import sweep

ROWS, FEATURES, COMPONENTS = 7_000, 300, 6
SHARES, ACTIVE, NOISE = (0.5, 0.3, 0.2), 6, 0.3
SWEEPS, BAR = 2_000, 120.0


def planted(rng: np.random.Generator) -> Regression:
    """Draw three regimes of six active coefficients each, as in the acceptance test."""
    x = rng.standard_normal((ROWS, FEATURES))
    b = np.zeros((len(SHARES), FEATURES))
    for own in b:
        where = rng.choice(FEATURES, size=ACTIVE, replace=False)
        own[where] = rng.uniform(1.4, 2.6, size=ACTIVE) * rng.choice((-1.0, 1.0), size=ACTIVE)
    z = rng.choice(len(SHARES), size=ROWS, p=SHARES)
    y = np.einsum("ip,ip->i", x, b[z]) + NOISE * rng.standard_normal(ROWS)
    return Regression(x, y, intercept=False)


def cpu_seconds(regression: Regression, sweeps: int, refresh_every: int) -> float:
    """Run one chain from a prior draw, and give the CPU seconds of its sweeps."""
    rng = np.random.default_rng(1)
    prior = Prior(components=COMPONENTS)
    state = draw_prior(prior, regression, rng)
    began = time.process_time()
    grams = Grams.of(regression, state.z, COMPONENTS, refresh_every)
    for _ in range(sweeps):
        state = sweep(state, regression, grams, prior, rng).state
    return time.process_time() - began


def measure(sweeps: int) -> dict[str, Any]:
    """Time both, and scale them to 2,000 sweeps."""
    regression = planted(np.random.default_rng(0))
    with threadpool_limits(1):
        kept = cpu_seconds(regression, sweeps, REFRESH_EVERY) / sweeps
        naive = cpu_seconds(regression, sweeps, 1) / sweeps
    return {
        "sweeps_2000_cpu_seconds": round(SWEEPS * kept, 1),
        "naive_2000_cpu_seconds": round(SWEEPS * naive, 1),
        "sweeps_run": sweeps,
        "bar_cpu_seconds": BAR,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweeps", type=int, default=SWEEPS)
    print(json.dumps(measure(parser.parse_args().sweeps), indent=2))


if __name__ == "__main__":
    main()
