"""The served part of the support test."""

from explainers.support.served.support import Novelty, Support

__all__ = ["Novelty", "Support"]
