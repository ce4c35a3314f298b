"""An answer computed again from what was kept of the image."""

import hashlib
import time
from collections.abc import Callable
from typing import Final

import orjson

from explainers.activations import Activations
from explainers.errors import ArtefactError
from reasoned.deadline import Clock
from reasoned.errors import OptionsError, ReplayError
from reasoned.ledger.decision import Decision, Kept
from reasoned.ledger.kept_image import kept_image, kept_pixels
from reasoned.model import ExplainedModel
from reasoned.replay.activations import unpack_activations
from reasoned.reply.options import ReplyOptions
from reasoned.reply.outcome import Answered

_ALLOWED: Final = (
    "REASONED_LEDGER_KEEP=image or REASONED_LEDGER_KEEP=activations lets later ones be replayed"
)


def read_options(text: str) -> ReplyOptions:
    """Read the options of a row.

    Raises
    ------
    ReplayError
        When they are not such options.

    """
    try:
        found = orjson.loads(text)
        methods = found["methods"]
        return ReplyOptions(
            **{**found, "methods": None if methods is None else tuple(methods)},
        )
    except (ValueError, TypeError, KeyError, OptionsError) as error:
        raise ReplayError(f"the row's options are not those of a reply: {text[:80]!r}") from error


def kept_of(decision: Decision) -> Kept:
    """Give what the answer can be computed from.

    Raises
    ------
    ReplayError
        When too little is kept.

    """
    kept = decision.kept
    if kept is None:
        raise ReplayError(f"nothing is kept of the image of {decision.id}; {_ALLOWED}")
    if kept.kind == "thumbnail":
        raise ReplayError(f"only a thumbnail is kept of the image of {decision.id}; {_ALLOWED}")
    return kept


def recomputed(
    model: ExplainedModel, decision: Decision, kept: Kept, options: ReplyOptions
) -> Answered:
    """Answer again.

    Raises
    ------
    ImageError, ArtefactError
        When what is kept is not what a reply was once made from.

    """
    image = kept_image(kept)
    if image is not None:
        return model.answer(image, options, request_id=decision.id)
    activations = _fitting(model, unpack_activations(kept.data))
    began = time.perf_counter()
    return model.answering.tell(activations, options, decision.id, Clock(began, None), began)


def digest_of(kept: Kept) -> str | None:
    """Give what the row's image digest must be; None where no image is kept.

    Raises
    ------
    ImageError
        When the pixels cannot be read.

    """
    readers: dict[str, Callable[[bytes], bytes]] = {
        "image": bytes,
        "pixels": lambda data: kept_pixels(data).tobytes(),
    }
    reader = readers.get(kept.kind)
    return None if reader is None else hashlib.sha256(reader(kept.data)).hexdigest()


def _fitting(model: ExplainedModel, activations: Activations) -> Activations:
    parts = model.explaining.parts
    if activations.logits.shape != (len(parts.classes),):
        raise ArtefactError(
            f"the kept activations have {len(activations.logits)} logits, but the model has "
            f"{len(parts.classes)} classes"
        )
    sizes = {name: len(numbers) for name, numbers in activations.heads.items()}
    if sizes and sizes != parts.network.heads:
        raise ArtefactError(f"the kept activations have heads of {sizes} numbers, not this model's")
    return activations
