"""The fitting half of the mixture: sampling the posterior, and what is kept of it."""

from explainers.mixture.fitting.fitter import fit_mixture
from explainers.mixture.fitting.options import MixtureOptions

__all__ = ["MixtureOptions", "fit_mixture"]
