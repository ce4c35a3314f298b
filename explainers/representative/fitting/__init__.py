"""The fitting part of representative interpretations."""

from explainers.representative.fitting.fitter import fit_representative

__all__ = ["fit_representative"]
