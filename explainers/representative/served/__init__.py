"""Representative interpretations as they are served."""

from explainers.representative.served.explainer import Representative

__all__ = ["Representative"]
