"""The methods that can be fitted, by name, and what reads the options of those with some."""

from collections.abc import Callable, Mapping

from explainers.additive.fitting import fit_additive
from explainers.attributes.fitting import AttributeOptions, fit_attributes
from explainers.fitting_contract import Fitter
from explainers.meta_forest.fitting import fit_meta_forest
from explainers.mixture.fitting import MixtureOptions, fit_mixture
from explainers.representative.fitting import RuleSetOptions, fit_representative

FITTERS: dict[str, Fitter] = {
    "meta_forest": fit_meta_forest,
    "representative": fit_representative,
    "attributes": fit_attributes,
    "mixture": fit_mixture,
    "additive": fit_additive,
}

OPTIONS: dict[str, Callable[[Mapping[str, str]], object]] = {
    "representative": RuleSetOptions.read,
    "attributes": AttributeOptions.read,
    "mixture": MixtureOptions.read,
}
