"""A regression small enough to work out by other means, and a state of it."""

import numpy as np

from explainers.mixture.fitting.drawing import draw_prior
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State

ROWS, PENALISED = 12, 3
WITHOUT = Prior(components=3, nets=2, a=2.0, b=2.0)
WITH = Prior(components=3, nets=2, a=2.0, b=2.0, intercept=4.0)


def tiny(prior: Prior, seed: int = 0) -> tuple[Regression, State]:
    """Draw twelve rows of three features, and a state whose last component is empty."""
    rng = np.random.default_rng(seed)
    intercept = prior.intercept > 0.0
    x = rng.standard_normal((ROWS, PENALISED + intercept))
    if intercept:
        x[:, -1] = 1.0
    regression = Regression(x, rng.standard_normal(ROWS), intercept)
    drawn = draw_prior(prior, regression, rng)
    return regression, State(
        z=np.arange(ROWS) % (prior.components - 1),
        log_pi=np.log(np.array([0.5, 0.3, 0.2])),
        alpha=1.3,
        b=rng.standard_normal(drawn.b.shape),
        s2=np.array([0.5, 1.5, 1.0]),
        c=np.array([0, 1, 0]),
        w=np.array([0.6, 0.4]),
        l1=np.array([1.0, 3.0]),
        l2=np.array([2.0, 0.5]),
        tau=rng.uniform(0.2, 0.8, size=drawn.tau.shape),
    )
