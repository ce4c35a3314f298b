"""Fit the method: an interpreter, what it shows, and what it achieves."""

from collections.abc import Callable, Iterable

import numpy as np
import torch

from explainers.attributes.fitting.activation_maximisation import PhiOf
from explainers.attributes.fitting.interpreting import (
    Trained,
    cached,
    scale_of,
    shapes_of,
    taken_over,
    train_afterwards,
)
from explainers.attributes.fitting.maximisation_settings import settings_for
from explainers.attributes.fitting.measuring import (
    BATCH,
    DEAD,
    measure,
    pass_through,
)
from explainers.attributes.fitting.observing import Cached
from explainers.attributes.fitting.options import AttributeOptions
from explainers.attributes.fitting.pairing import find_pairs
from explainers.attributes.fitting.pictures import (
    Activated,
    attributes_of,
    draw_pictures,
)
from explainers.attributes.fitting.storing import stored_decoder, stored_examples, stored_psi
from explainers.attributes.served import Attributes
from explainers.attributes.served.relevance import conciseness
from explainers.fitting_contract import FittingData


def fit_attributes(
    data: FittingData, rng: np.random.Generator, progress: Callable[..., Iterable[int]]
) -> Attributes:
    """Take the interpreter that came with the network, or train one for the fixed network.

    Parameters
    ----------
    data
        Training images train it and are shown; validation images only measure it: the last
        epoch is kept.
    rng
        Draws the weights, the order of the images and the starts of the pictures.
    progress
        Shows the epochs and the pictures.

    Raises
    ------
    NotApplicableError
        When no hidden layer was tapped, or two that Psi cannot join.

    """
    options = AttributeOptions.read(data.options)
    training, drawing = rng.spawn(2)
    scale = scale_of(data)
    source, unseen = cached(data.train, scale), cached(data.validation, scale)
    if data.companion is not None:
        trained = taken_over(data.companion, shapes_of(source), data)
    else:
        trained = train_afterwards(source, data, options, training, progress)
    passed, validation = (pass_through(trained.interpreter, one) for one in (source, unseen))
    weights = trained.interpreter.class_weights.detach().numpy()
    threshold = 1.0 / options.tau if trained.relevance is None else trained.relevance
    live = passed.phi.mean(axis=0) > DEAD
    pairing = find_pairs(passed, weights, live, threshold)
    classes = pairing.classes if options.samples == "predicted" else source.labels
    given = Activated(
        pixels=source.pixels,
        scale=scale,
        phi=passed.phi,
        classes=classes,
        # With true classes, only images that g puts into theirs can be led by a pair of it.
        leads=np.where(classes == pairing.classes, pairing.leading, -1),
    )
    pictures = draw_pictures(
        given,
        pairing.pairs,
        _phi_of(data, options, trained),
        settings_for(source.pixels.shape[1], options.maximisation, options.rounds),
        drawing,
        progress,
    )
    measured = measure(validation, weights)
    return Attributes(
        class_names=data.classes,
        layers=_layers(data, source),
        by_design=trained.by_design,
        tau=options.tau,
        mean_phi=passed.phi.mean(axis=0, dtype=np.float64),
        table=pairing.table,
        table_threshold=threshold,
        pairs=pairing.pairs,
        pair_images=pairing.images,
        maximised=pictures.tried,
        raised=pictures.raised,
        above_original=pictures.above_original,
        input_error=measured.input_error,
        mean_error=_mean_error(source, unseen),
        validation_fidelity=measured.fidelity,
        validation_cns=conciseness(validation.relevances(weights), options.tau),
        log=trained.log,
        **stored_psi(trained),
        **stored_decoder(trained),
        **stored_examples(data, pairing.classes, pictures),
    )


def _layers(data: FittingData, source: Cached) -> tuple[str, ...]:
    if data.lower is not None:
        return data.lower.layers
    return tuple(f"layer {number + 1}" for number in range(len(source.maps)))


def _phi_of(data: FittingData, options: AttributeOptions, trained: Trained) -> PhiOf | str:
    """Give Phi as a function of the network's input, or say why there will be no pictures."""
    if not options.pictures:
        return "they were not asked for"
    if data.lower is None:
        return "the network below the tapped layers is not known"
    return attributes_of(data.lower, trained.interpreter.psi)


def _mean_error(source: Cached, unseen: Cached) -> float:
    """Give the error of the one picture that is best for all images: their mean."""
    mean = source.scale.to_pixels(torch.from_numpy(source.pixels.mean(axis=0)[None]))
    total = 0.0
    for start in range(0, len(unseen), BATCH):
        part = torch.from_numpy(np.array(unseen.pixels[start : start + BATCH]))
        errors = (source.scale.to_pixels(part) - mean).square().mean(dim=(1, 2, 3))
        total += float(errors.sum())
    return total / len(unseen)
