"""The methods that can be served, by name, in the order in which they are offered."""

from explainers.additive.served import Additive
from explainers.contract import Explainer
from explainers.meta_forest.served import MetaForest

METHODS: dict[str, type[Explainer]] = {
    MetaForest.name: MetaForest,
    Additive.name: Additive,
}
