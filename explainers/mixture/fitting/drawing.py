"""Draws from the prior: where a chain starts, and what the joint-distribution test compares."""

import dataclasses

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from explainers.arrays import DoubleArray, IntArray
from explainers.mixture.fitting.assignment import break_stick
from explainers.mixture.fitting.coefficients import prior_precisions
from explainers.mixture.fitting.densities import FLOOR
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.state import State


def draw_prior(prior: Prior, regression: Regression, rng: np.random.Generator) -> State:
    """Draw everything from the prior; of the regression only its shape counts."""
    j, k, p = prior.components, prior.nets, regression.penalised
    alpha = float(rng.gamma(prior.e) / prior.f)
    log_pi = break_stick(np.zeros(j, dtype=np.int64), alpha, rng)
    w = rng.dirichlet(np.full(k, 1.0 / k))
    c: IntArray = rng.choice(k, size=j, p=w)
    l1, l2 = (rng.gamma(shape, 2.0 / prior.v, size=k) for shape in (prior.big_l, prior.big_r))
    s2 = prior.b / rng.gamma(prior.a, size=j)
    d = l1[c] ** 2 / (8.0 * l2[c] * s2)
    state = State(
        z=rng.choice(j, size=len(regression.y), p=np.exp(log_pi)),
        log_pi=log_pi,
        alpha=alpha,
        b=np.zeros((j, regression.x.shape[1])),
        s2=s2,
        c=c,
        w=w,
        l1=l1,
        l2=l2,
        tau=draw_prior_mixing(np.repeat(d[:, None], p, axis=1), rng),
    )
    spreads = np.sqrt(s2[:, None] / prior_precisions(state, prior))
    return dataclasses.replace(state, b=spreads * rng.standard_normal(spreads.shape))


def draw_prior_mixing(d: DoubleArray, rng: np.random.Generator) -> DoubleArray:
    """Draw tau ~ InverseGamma(1/2, d) truncated to (0, 1), shape of `d`.

    tau is 2 d / q^2, with q a standard normal beyond sqrt(2 d), drawn on the log scale.
    """
    tail = log_ndtr(-np.sqrt(2.0 * d))
    q = -ndtri_exp(tail - rng.standard_exponential(d.shape))
    return np.clip(2.0 * d / (q * q), FLOOR, 1.0 - FLOOR)


def draw_targets(state: State, regression: Regression, rng: np.random.Generator) -> DoubleArray:
    """Draw y, shape (rows), given z, b and s2."""
    fitted = np.einsum("ip,ip->i", regression.x, state.b[state.z])
    spread = np.sqrt(state.s2[state.z])
    drawn: DoubleArray = fitted + spread * rng.standard_normal(len(fitted))
    return drawn
