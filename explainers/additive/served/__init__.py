"""The served part of the exact additive attribution."""

from explainers.additive.served.explainer import Additive

__all__ = ["Additive"]
