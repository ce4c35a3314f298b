"""Several chains of one regression, made into one posterior."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from explainers.arrays import DoubleArray, IntArray
from explainers.mixture.fitting.averages import Averages
from explainers.mixture.fitting.convergence import DECIDING, OCCUPIED, split_r_hat, worst
from explainers.mixture.fitting.prior import Prior
from explainers.mixture.fitting.regression import Regression
from explainers.mixture.fitting.relabelling import closest_order
from explainers.mixture.fitting.running import Running
from explainers.mixture.fitting.summary import Posterior, responsibilities_of
from explainers.mixture.served.showcase import HIGHEST_R_HAT


def pooled(chains: Sequence[Running], regression: Regression, prior: Prior) -> Posterior:
    """Pool chains that agree; of chains that do not, keep the one of the highest likelihood.

    Chains agree where the split R-hat of no deciding statistic is above 1.1. They are pooled
    after their components are aligned with the first chain's by the final assignments.
    """
    r_hat = split_r_hat([half for chain in chains for half in (chain.first, chain.second)])
    kept = max(chains, key=lambda chain: chain.mean_log_likelihood)
    disagree = worst(r_hat) > HIGHEST_R_HAT
    averages = kept.averages if disagree else _aligned(chains, regression)
    means = [c.mean_log_likelihood for c in ([kept] if disagree else chains)]
    warnings = (_about(r_hat, len(chains)),) if disagree else ()
    found = _summarised(averages, regression)
    occupied = np.mean([half.mean[1] for chain in chains for half in (chain.first, chain.second)])
    posterior = dataclasses.replace(
        found,
        occupied_mean=float(occupied),
        r_hat=r_hat,
        log_likelihood=float(np.mean(means)),
        warnings=warnings,
    )
    return with_occupancy_warning(posterior, prior)


def with_occupancy_warning(posterior: Posterior, prior: Prior) -> Posterior:
    """Add a sentence where no component was left empty: there may be more than J."""
    if np.count_nonzero(posterior.shares > OCCUPIED) < prior.components:
        return posterior
    sentence = (
        f"all {prior.components} components are occupied: raise the number of components, "
        "since the mixture may need more than it was allowed"
    )
    return dataclasses.replace(posterior, warnings=(*posterior.warnings, sentence))


def _about(r_hat: dict[str, float], chains: int) -> str:
    name = max(DECIDING, key=lambda statistic: r_hat[statistic])
    what = f"R-hat of {name} is {r_hat[name]:.2f}, above {HIGHEST_R_HAT}"
    if chains == 1:
        return f"the halves of the chain differ ({what}): raise the number of sweeps"
    return (
        f"the chains differ ({what}): only the chain of the highest mean log-likelihood is "
        "kept; raise the number of sweeps"
    )


def _aligned(chains: Sequence[Running], regression: Regression) -> Averages:
    found = chains[0].averages
    reference = _assignment(found, regression)
    for chain in chains[1:]:
        z = _assignment(chain.averages, regression)
        found = found.plus(chain.averages, closest_order(reference, z, len(found.pi)))
    return found


def _weights(averages: Averages) -> DoubleArray:
    pi = np.where(np.diagonal(averages.held) > 0.0, averages.pi, 0.0)
    return np.asarray(pi / pi.sum())


def _assignment(averages: Averages, regression: Regression) -> IntArray:
    s2 = np.exp(averages.log_s2 / averages.times_held)
    shares = responsibilities_of(regression, averages.mean, s2, _weights(averages))
    return np.asarray(np.argmax(shares, axis=1), dtype=np.int64)


def _summarised(averages: Averages, regression: Regression) -> Posterior:
    times = averages.times_held
    held = np.diagonal(averages.held) > 0.0
    s2 = np.exp(averages.log_s2 / times)
    pi = _weights(averages)
    shares = responsibilities_of(regression, averages.mean, s2, pi)
    return Posterior(
        b=averages.mean,
        deviation=averages.deviation,
        positive=np.where(held[:, None], averages.b_positive / times[:, None], 0.5),
        s2=s2,
        pi=pi,
        shares=averages.share / averages.draws,
        l1=np.exp(averages.log_l1 / times),
        l2=np.exp(averages.log_l2 / times),
        same_net=averages.same_net / np.maximum(averages.held, 1.0),
        z=np.asarray(np.argmax(shares, axis=1), dtype=np.int64),
        responsibilities=shares,
        occupied_mean=0.0,
        r_hat={},
        log_likelihood=0.0,
        paired_rows=averages.rows,
        together=averages.together / np.float32(averages.paired_draws),
        warnings=(),
    )
