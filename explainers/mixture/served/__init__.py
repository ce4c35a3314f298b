"""DMM-MEN as it answers: numpy only, frozen."""

from explainers.mixture.served.explainer import Mixture

__all__ = ["Mixture"]
