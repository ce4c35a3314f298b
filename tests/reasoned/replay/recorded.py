"""Decisions as the service records them."""

import hashlib
import io

from PIL import Image

from explainers.arrays import ByteArray
from reasoned.ledger.decision import Decision, Kept, KeptKind
from reasoned.ledger.keeping import keep_picture
from reasoned.model import ExplainedModel
from reasoned.replay.activations import pack_activations, reads_pixels
from reasoned.reply.disclosure import FULL, Disclosure
from reasoned.reply.options import DEFAULT, ReplyOptions
from reasoned.reply.outcome import Answered
from service.recording import options_text

START = 1_700_000_000.0


def png_of(image: ByteArray) -> bytes:
    """Encode a grey image."""
    target = io.BytesIO()
    Image.fromarray(image[:, :, 0]).save(target, "PNG")
    return target.getvalue()


def recorded(
    model: ExplainedModel,
    image: ByteArray,
    options: ReplyOptions = DEFAULT,
    keep: KeptKind | None = "image",
    disclosure: Disclosure = FULL,
    *,
    number: int = 0,
    reply: bool = True,
) -> Decision:
    """Answer an image and record it."""
    name = f"{number:032x}"
    shown = model.disclosing(disclosure)
    answered = shown.answer(image, options, request_id=name)
    return row(model, image, options, keep, disclosure, answered=answered, reply=reply)


def row(
    model: ExplainedModel,
    image: ByteArray,
    options: ReplyOptions,
    keep: KeptKind | None,
    disclosure: Disclosure,
    *,
    answered: Answered,
    reply: bool = True,
) -> Decision:
    """Make a row of an answer."""
    name = answered.body[7:39].decode()  # {"id":"...
    outcome = answered.outcome
    data = image.tobytes() if keep == "pixels" else png_of(image)
    return Decision(
        id=name,
        tenant="acme",
        at=START + int(name, 16),
        client_id=f"client-{int(name, 16)}",
        trace_id=None,
        model=model.sha256,
        options=options_text(options),
        disclosure=disclosure.word,
        predicted=outcome.predicted,
        label=outcome.label,
        confidence=outcome.confidence,
        status=outcome.status,
        carrier=outcome.carrier,
        agrees=outcome.agrees,
        first=outcome.first,
        outside=outcome.outside,
        disagreeing=outcome.disagreeing,
        nearest=outcome.nearest,
        image_sha256=hashlib.sha256(data).hexdigest(),
        decode_us=90,
        infer_us=outcome.infer_us,
        neighbours_us=outcome.neighbours_us,
        explain_us=outcome.explain_us,
        cited=outcome.cited,
        reply=answered.body if reply else None,
        kept=kept(model, image, keep, answered),
    )


def kept(
    model: ExplainedModel, image: ByteArray, keep: KeptKind | None, answered: Answered
) -> Kept | None:
    """Keep what is asked for, as the service does."""
    if keep is None:
        return None
    if keep == "activations":
        assert answered.activations is not None
        pixels = reads_pixels(model.explaining.parts)
        return Kept(keep, pack_activations(answered.activations, pixels=pixels))
    if keep == "pixels":
        return keep_picture("image", None, image)
    return keep_picture(keep, png_of(image), image)
