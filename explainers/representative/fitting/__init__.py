"""The fitting part of representative interpretations."""

from explainers.representative.fitting.fitter import fit_representative
from explainers.representative.fitting.options import RuleSetOptions

__all__ = ["RuleSetOptions", "fit_representative"]
