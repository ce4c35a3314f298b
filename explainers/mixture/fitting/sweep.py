"""One sweep of the partially collapsed Gibbs sampler."""

import dataclasses
from typing import final

import numpy as np

from explainers.mixture.fitting.assignment import assign, break_stick, draw_alpha
from explainers.mixture.fitting.coefficients import draw_coefficients, draw_mixing
from explainers.mixture.fitting.grams import Grams
from explainers.mixture.fitting.net_draws import choose_nets, draw_penalties, weigh_nets
from explainers.mixture.fitting.posterior import log_posterior, log_posterior_of
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State
from explainers.mixture.fitting.variance_draws import draw_variances

__all__ = ["Swept", "log_posterior", "sweep"]


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Swept:
    """What a sweep gives.

    Attributes
    ----------
    state
        The next draw.
    log_likelihood
        log p(y | pi, b, s2) with z summed out, of the state that *entered*: it costs nothing
        beside drawing z. No relabelling changes it.
    log_posterior
        Of the next draw; see `log_posterior`.

    """

    state: State
    log_likelihood: float
    log_posterior: float


def sweep(
    state: State, regression: Regression, grams: Grams, prior: Prior, rng: np.random.Generator
) -> Swept:
    """Draw everything once, in an order that keeps the collapsed updates valid.

    s2, c, l1 and l2 are drawn with tau integrated out, and tau is redrawn before anything
    depends on it again.

    Parameters
    ----------
    state
        Where the chain stands.
    regression
        The rows.
    grams
        Of `state.z`; they follow the new z.
    prior
        What is not learned.
    rng
        What everything is drawn with.

    Raises
    ------
    FittingError
        Where a density is NaN or cannot be normalised.

    """
    assigned = assign(state, regression, rng)
    grams.moved(state.z, assigned.z)
    log_pi = break_stick(grams.rows, state.alpha, rng)
    alpha = draw_alpha(log_pi, prior, rng)
    state = dataclasses.replace(state, z=assigned.z, log_pi=log_pi, alpha=alpha)
    state = dataclasses.replace(state, b=draw_coefficients(state, grams, prior, rng))
    state = dataclasses.replace(state, s2=draw_variances(state, grams, prior, rng))
    c = choose_nets(state, rng)
    state = dataclasses.replace(state, c=c, w=weigh_nets(c, prior, rng))
    l1, l2 = draw_penalties(state, prior, rng)
    state = dataclasses.replace(state, l1=l1, l2=l2)
    state = dataclasses.replace(state, tau=draw_mixing(state, rng))
    density = log_posterior_of(state, grams.rows, grams.residual_squares(state.b), prior)
    return Swept(state, assigned.log_likelihood, density)
