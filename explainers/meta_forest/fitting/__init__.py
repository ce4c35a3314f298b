"""The fitting part of CNN-INTE: the served trace, and the paper's own pipeline in `inte`."""

from explainers.meta_forest.fitting.trace import fit_meta_forest

__all__ = ["fit_meta_forest"]
