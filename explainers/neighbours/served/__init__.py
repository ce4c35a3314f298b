"""The served part of the example search."""

from explainers.neighbours.served.representatives import Found, Representatives
from explainers.neighbours.served.whole_set import WholeSet

__all__ = ["Found", "Representatives", "WholeSet"]
