"""The fitting part of the example search: choosing whom the replies may show."""

from explainers.neighbours.fitting.choosing import choose_representatives
from explainers.neighbours.fitting.whole_set import fit_whole_set, recall

__all__ = ["choose_representatives", "fit_whole_set", "recall"]
