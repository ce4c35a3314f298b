"""FLINT as it is trained: with torch."""

from explainers.attributes.fitting.fitter import fit_attributes
from explainers.attributes.fitting.options import AttributeOptions

__all__ = ["AttributeOptions", "fit_attributes"]
