"""The measurements of a CNN-INTE study, turned into figures for the file."""

import dataclasses

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import IntArray
from explainers.meta_forest.fitting.inte.controls import (
    label_shuffle,
    pixel_forest,
    pixel_tree,
    untrained_network,
    with_activations_of,
)
from explainers.meta_forest.fitting.inte.fidelity import (
    AccuracyClaim,
    Complexity,
    Rate,
    agreement,
    agreement_on_errors,
    complexity,
    confusion,
    id_accuracy,
)
from explainers.meta_forest.fitting.inte.meta_learner import MetaLearner
from explainers.meta_forest.fitting.inte.nominal_tree import NominalTree
from explainers.meta_forest.fitting.inte.pipeline import CnnInte, InteSettings
from explainers.meta_forest.fitting.inte.rules import rule_table
from explainers.meta_forest.fitting.inte.stability import stability
from reasoned.fitting.study_figures import (
    ClaimFigure,
    ComplexityFigure,
    ControlFigures,
    FactorFigure,
    RateFigure,
    RouteFigure,
    RuleFigure,
    StabilityFigure,
)
from reasoned.fitting.study_tables import UntrainedTables


def rate_figure(found: Rate) -> RateFigure:
    """Write a rate as a figure."""
    share = found.share if found.of else None
    return RateFigure(
        count=found.count, of=found.of, share=share, lower=found.lower, upper=found.upper
    )


def route_figure(meta: MetaLearner, codes: IntArray, test: ActivationTable) -> RouteFigure:
    """Measure one route by the ids it gives, shape (images, factors)."""
    named = meta.full.predict(codes)
    table = confusion(test.predicted, named, test.logits.shape[1])
    return RouteFigure(
        fidelity=rate_figure(agreement(named, test.predicted)),
        displayed_fidelity=rate_figure(agreement(meta.display.predict(codes), test.predicted)),
        fidelity_on_errors=rate_figure(agreement_on_errors(named, test.predicted, test.labels)),
        accuracy=rate_figure(agreement(named, test.labels)),
        confusion=table.tolist(),
    )


def complexity_figure(tree: NominalTree, codes: IntArray) -> ComplexityFigure:
    """Measure how much of a tree there is to read."""
    found: Complexity = complexity(tree, codes)
    return ComplexityFigure.model_validate(dataclasses.asdict(found))


def factor_figures(
    fitted: CnnInte, network_codes: IntArray, forest_codes: IntArray
) -> list[FactorFigure]:
    """Describe every factor, and score its base learner on the test images."""
    reading, learners = fitted.network.reading, fitted.learners
    accuracies = id_accuracy(network_codes, forest_codes)
    return [
        FactorFigure(
            factor=factor,
            title=reading.title(factor),
            units=reading.units(factor).tolist(),
            clusters=clusters,
            id_accuracy=float(accuracies[factor]),
            id_accuracy_out_of_bag=float(learners.out_of_bag[factor]),
        )
        for factor, clusters in enumerate(reading.clusters)
    ]


def control_figures(
    tables: tuple[ActivationTable, ActivationTable],
    untrained: UntrainedTables,
    settings: InteSettings,
    fitted: CnnInte,
    rng: np.random.Generator,
) -> ControlFigures:
    """Run every control on the tables of the training and the test images."""
    train, test = tables
    streams = rng.spawn(4)
    bare = untrained_network(
        with_activations_of(train, untrained.train),
        with_activations_of(test, untrained.test),
        settings,
        streams[0],
    )
    taught = fitted.network.reading.fitted_codes, train.predicted
    judged = fitted.network_codes(test), test.predicted
    shuffled = label_shuffle(taught, judged, settings.tree, streams[1])
    forest = pixel_forest(train, test, settings.forests, streams[3])
    return ControlFigures(
        pixel_tree=rate_figure(pixel_tree(train, test, streams[2])),
        pixel_forest=rate_figure(forest),
        untrained_network_route=rate_figure(bare.network_route),
        untrained_forest_route=rate_figure(bare.forest_route),
        shuffled=rate_figure(shuffled.fidelity),
        majority=shuffled.majority,
    )


def rule_figures(
    tree: NominalTree, codes: IntArray, predicted: IntArray, classes: tuple[str, ...]
) -> list[RuleFigure]:
    """Write the displayed tree as rules."""
    return [
        RuleFigure(
            conditions=[condition.text for condition in rule.conditions],
            names=classes[rule.names],
            support=rule.support,
            purity=rule.purity,
            agreed=rate_figure(rule.agreed),
        )
        for rule in rule_table(tree, codes, predicted)
    ]


def stability_figure(
    train: ActivationTable,
    test: ActivationTable,
    settings: InteSettings,
    rng: np.random.Generator,
    *,
    seeds: int,
) -> StabilityFigure:
    """Fit with several seeds and compare."""
    found = stability(train, test, settings, rng, seeds=seeds)
    return StabilityFigure(
        fidelities=list(found.fidelities),
        id_agreement=list(found.id_agreement),
        partition_agreement=list(found.partition_agreement),
    )


def claim_figure(claim: AccuracyClaim) -> ClaimFigure:
    """Write the judgement of the paper's claim as a figure."""
    return ClaimFigure(difference=claim.difference, reproduced=claim.reproduced, words=claim.words)
