"""The methods that can be served, by name, in the order in which they are offered."""

from explainers.additive.served import Additive
from explainers.attributes.served import Attributes
from explainers.contract import Explainer
from explainers.meta_forest.served import MetaForest
from explainers.mixture.served import Mixture
from explainers.representative.served import Representative

METHODS: dict[str, type[Explainer]] = {
    MetaForest.name: MetaForest,
    Representative.name: Representative,
    Attributes.name: Attributes,
    Mixture.name: Mixture,
    Additive.name: Additive,
}
