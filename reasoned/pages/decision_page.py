"""One decision out of the ledger as a self-contained HTML page."""

import html

from explainers.arrays import ByteArray
from reasoned.errors import ImageError
from reasoned.images.thumbnails import thumbnail_png
from reasoned.ledger.decision import Decision
from reasoned.ledger.kept_image import kept_image
from reasoned.ledger.reading import Stored
from reasoned.pages.decision_facts import citations, durations, facts, feedback, replaying
from reasoned.pages.explanation_page import AGREES, DISAGREES, reasons, standing
from reasoned.pages.frame import framed
from reasoned.pages.page_pictures import picture
from reasoned.pages.pictured import Pictured, Unpictured
from reasoned.reply.redaction import redact
from reasoned.reply.schema import Reply

_STATUSES = frozenset({"supported", "weak", "out_of_support"})
_NO_REPLY = (
    "The reply itself was not kept (REASONED_LEDGER_REPLIES), or may not be shown any more "
    "(REASONED_EXAMPLES); this is what the row says."
)
_UNREADABLE = "The reply is kept, but is none that this release can read; see the row below."
_OTHER = (
    "The model that answered is not at hand, so no pictures of training images are shown, and none "
    "of what regions mean."
)


def decision_page(
    stored: Stored, model: Pictured | None, withheld: frozenset[str] = frozenset()
) -> str:
    """Write a decision as a page that needs nothing else: pictures are inside it.

    Parameters
    ----------
    stored
        As the ledger holds it.
    model
        Whose pictures are shown, as far as it discloses them; another model than the one that
        answered counts as none.
    withheld
        Ids of training images that must not appear, whatever was answered then.

    """
    decision = stored.decision
    at_hand = model is not None and model.sha256 == decision.model
    shown: Pictured = model if model is not None and at_hand else Unpictured()
    image, reply = _image(decision), _reply(decision, withheld)
    body = [
        _head(decision, image),
        "" if at_hand else f"<p class=soft>{_OTHER}</p>",
        _said(decision) if reply is None else reasons(shown, reply, image),
        citations(decision, shown, withheld),
        feedback(stored.feedback),
        durations(decision),
        facts(stored),
        replaying(decision),
    ]
    return framed(f"{decision.label}: decision {decision.id}", "".join(body))


def _image(decision: Decision) -> ByteArray | None:
    try:
        return None if decision.kept is None else kept_image(decision.kept)
    except ImageError:  # the page is of the decision: `reasoned replay` finds what is broken
        return None


def _reply(decision: Decision, withheld: frozenset[str]) -> Reply | None:
    if decision.reply is None:
        return None
    try:
        return Reply.model_validate_json(redact(decision.reply, withheld))
    except ValueError:
        return None


def _said(decision: Decision) -> str:
    return f"<p>{_NO_REPLY if decision.reply is None else _UNREADABLE}</p>"


def _head(decision: Decision, image: ByteArray | None) -> str:
    shown = "" if image is None else picture(thumbnail_png(image), "the image that was kept")
    share = f"{100 * decision.confidence:.1f} % (the network's own probability, not calibrated)"
    return (
        f"<div class=head>{shown}<div><h1>{html.escape(decision.label)}</h1>"
        f"<div class=soft>{share}</div>{_standing(decision)}</div></div>"
    )


def _standing(decision: Decision) -> str:
    if decision.status is None or decision.status not in _STATUSES:
        return ""
    badge = {True: AGREES, False: DISAGREES, None: ""}[decision.agrees]
    carrier = decision.carrier
    words = "Nothing carries the class." if carrier is None else f"Carried by {carrier}."
    apart = decision.agrees is False
    said = standing(decision.status, badge, apart=apart)
    return f"{said}<p class='soft caption'>{html.escape(words)}</p>"
