"""The evaluation of attribute functions, from a model folder to a report."""

import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from explainers.arrays import ByteArray, DoubleArray, IntArray
from explainers.attributes.fitting.picture_bytes import as_bytes
from reasoned.evaluation.attribute_examples import choose_examples, explain_examples
from reasoned.evaluation.attribute_figures import (
    AttributeFigures,
    AttributeSettings,
    LimeFigures,
)
from reasoned.evaluation.attribute_measures import (
    class_figures,
    cns_curve,
    dead_attributes,
    decoded,
    input_figures,
    on_errors,
    relevance_table,
    relevances_of,
)
from reasoned.evaluation.attribute_network import rebuilt_decoder
from reasoned.evaluation.attribute_page import attribute_page
from reasoned.evaluation.attribute_subject import (
    AttributeSubject,
    Progress,
    open_attribute_subject,
)
from reasoned.evaluation.attribute_tables import attribute_sections, attribute_verdict
from reasoned.evaluation.evaluation import Evaluation, Request
from reasoned.evaluation.figures import spread
from reasoned.evaluation.lime_fidelity import HELD_OUT, cell_count, lime_agreement

REBUILT = 12


def evaluate_attributes(request: Request, progress: Progress) -> Evaluation:
    """Evaluate the attributes that a model carries, on its test images.

    Parameters
    ----------
    request
        Which model, on which data, and how.
    progress
        Shows the images.

    Raises
    ------
    FolderError
        When the folder is not as it was written.
    DataError
        When the model carries no attributes, or the data is not what it was fitted on.

    """
    with tempfile.TemporaryDirectory(prefix="reasoned-evaluate-") as scratch:
        subject = open_attribute_subject(request, Path(scratch), progress)
        return evaluate_attribute_subject(subject, request, progress)


def evaluate_attribute_subject(
    subject: AttributeSubject, request: Request, progress: Progress
) -> Evaluation:
    """Do the same with what was opened."""
    asked = AttributeSettings(
        images=request.settings.images,
        examples=request.examples,
        lime_samples=request.lime_samples,
        seed=request.settings.seed,
    )
    stored, answers = subject.stored, subject.answers
    rng = np.random.default_rng([asked.seed, 2])
    decoder = rebuilt_decoder(stored, _image_shape(subject))
    found = relevances_of(answers, stored.class_weights)
    table = relevance_table(answers, found, len(stored.class_names))
    rows, served = class_figures(answers, table, stored.class_names, 1 / stored.tau)
    errors, repeated, corrected = on_errors(answers, subject.labels)
    chosen = choose_examples(subject, asked.examples, rng)
    examples, maximisation = explain_examples(subject, found, chosen, rng, progress)
    figures = AttributeFigures(
        model=subject.name,
        data=request.data,
        layers=stored.layers,
        by_design=stored.by_design,
        attributes=len(stored.attribute_bias),
        dead=dead_attributes(answers.phi),
        tau=stored.tau,
        unseen=len(subject.labels),
        settings=asked,
        f=float((answers.f == subject.labels).mean()),
        g=float((answers.g == subject.labels).mean()),
        fidelity=float((answers.f == answers.g).mean()),
        errors=errors,
        fidelity_on_errors=repeated,
        corrected=corrected,
        cns=cns_curve(found),
        cns_absolute=cns_curve(found, absolute=True),
        classes=rows,
        served=served,
        table=_as_rows(table),
        inputs=input_figures(subject, decoder),
        maximisation=maximisation,
        lime=_lime(subject, asked, progress),
    )
    sections, sentences = attribute_sections(figures), attribute_verdict(figures)
    rebuilt = [] if decoder is None else _rebuilt(subject, decoder, chosen[:REBUILT])
    page = attribute_page(figures, sections, sentences, examples, rebuilt)
    return Evaluation(figures, sections, sentences, page)


def _image_shape(subject: AttributeSubject) -> tuple[int, int, int]:
    shape = subject.pixels.shape
    return shape[1], shape[2], shape[3]


def _as_rows(table: DoubleArray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in np.round(table, 6).tolist())


def _lime(
    subject: AttributeSubject, asked: AttributeSettings, progress: Progress
) -> LimeFigures | None:
    if not asked.lime_samples:
        return None
    rng = np.random.default_rng([asked.seed, 3])
    count = min(asked.images, len(subject.labels))
    drawn = np.sort(rng.choice(len(subject.labels), count, replace=False))
    pixels, packaged = np.array(subject.pixels[drawn]), subject.packaged
    samples = (asked.lime_samples, asked.seed)
    lime = lime_agreement(pixels, packaged.logits, subject.scale.low, samples, progress)
    variants = lime.variants.reshape(-1, *pixels.shape[1:])
    removed = packaged.answers(variants, progress, "images with cells removed").g
    answers = subject.answers
    return LimeFigures(
        images=count,
        samples=asked.lime_samples,
        cells=cell_count(*pixels.shape[2:]),
        variants=HELD_OUT,
        lime=spread(lime.itself.astype(np.float64).tolist()),
        g=spread((answers.g[drawn] == answers.f[drawn]).astype(np.float64).tolist()),
        removed_lime=spread(lime.removed.mean(axis=1).tolist()),
        removed_g=spread(
            (removed.reshape(lime.classes.shape) == lime.classes).mean(axis=1).tolist()
        ),
    )


def _rebuilt(
    subject: AttributeSubject, decoder: nn.Module, chosen: IntArray
) -> list[tuple[ByteArray, ByteArray]]:
    given = torch.from_numpy(np.array(subject.pixels[chosen]))
    images = as_bytes(subject.scale.to_pixels(given).numpy(), "bounded")
    made = as_bytes(decoded(decoder, subject.answers.phi[chosen]), "bounded")
    return list(zip(images, made, strict=True))
