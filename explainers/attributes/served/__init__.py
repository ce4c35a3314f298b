"""FLINT as it answers: numpy only, frozen."""

from explainers.attributes.served.explainer import Attributes

__all__ = ["Attributes"]
