"""The served part of the example search."""

from explainers.neighbours.served.example_ids import is_usual
from explainers.neighbours.served.representatives import Found, Representatives
from explainers.neighbours.served.whole_set import WholeSet

__all__ = ["Found", "Representatives", "WholeSet", "is_usual"]
