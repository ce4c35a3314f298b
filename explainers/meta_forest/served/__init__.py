"""The served part of CNN-INTE: clusters, margins, a tree's path and a forest's vote."""

from explainers.meta_forest.served.explainer import MetaForest

__all__ = ["MetaForest"]
