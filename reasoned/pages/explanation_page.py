"""One explanation as a self-contained HTML page."""

import html

from explainers.arrays import ByteArray
from reasoned.images.thumbnails import thumbnail_png
from reasoned.pages.frame import framed
from reasoned.pages.page_pictures import card, picture
from reasoned.pages.parts_section import parts_section
from reasoned.pages.path_words import CAUTION, change_words, unmet_words
from reasoned.pages.pictured import Pictured
from reasoned.pages.region_section import region_section
from reasoned.pages.region_words import parting_words
from reasoned.pages.regression_section import regression_section
from reasoned.reply.bodies import ClusterMeaning, PathChange
from reasoned.reply.schema import (
    Explanation,
    PartsEvidence,
    PathEvidence,
    RegionEvidence,
    RegressionEvidence,
    Reply,
)

_MEANS = {
    "supported": (
        "supported: on images like this one this evidence usually names the network's class. It "
        "does not say that the class is right."
    ),
    "weak": (
        "weak: for images like this one this evidence is not firm enough to rely on. It does not "
        "say that the class is wrong."
    ),
    "out_of_support": (
        "out of support: the image is unlike those that the model was fitted on. Trust neither "
        "the class nor this evidence."
    ),
}
AGREES = " <span class='pill agrees'>evidence agrees</span>"
DISAGREES = " <span class='pill apart'>evidence disagrees</span>"
_APART = (
    "supported is about images like this one, where this evidence usually names the network's "
    "class. For this image it does not."
)


def page(model: Pictured, reply: Reply, image: ByteArray) -> str:
    """Write a reply as a page that needs nothing else: pictures are inside it."""
    body = head(reply, thumbnail_png(image)) + reasons(model, reply, image) + _foot(reply)
    return framed(f"{reply.prediction.label}, explained", body)


def head(reply: Reply, thumbnail: bytes | None) -> str:
    """Show the image, where there is one, the class and the status."""
    shown = "" if thumbnail is None else picture(thumbnail, "the image")
    return (
        f"<div class=head>{shown}<div><h1>{html.escape(reply.prediction.label)}</h1>"
        f"<div class=soft>{_probability(reply)}</div>{_status(reply.explanation)}</div></div>"
    )


def reasons(model: Pictured, reply: Reply, image: ByteArray | None) -> str:
    """Show the sentence, all evidence and the nearest examples.

    Parameters
    ----------
    model
        Whose pictures are shown.
    reply
        What it answered.
    image
        Shape (rows, columns, channels). As it came; None where it is not at hand.

    """
    said, parts = reply.explanation, list[str]()
    if said is not None:
        parts.append(f"<h2>In words</h2><p>{html.escape(said.sentence)}</p>")
        parts += [_evidence(model, one, image, reply.prediction.label) for one in said.evidence]
    return "".join((*parts, _examples(model, reply)))


def _probability(reply: Reply) -> str:
    share = f"{100 * reply.prediction.probability:.1f} %"
    return f"{share} (the network's own probability, not calibrated)"


def _status(said: Explanation | None) -> str:
    if said is None or said.status is None:
        return ""
    first = said.evidence[0].agrees if said.evidence else None
    return standing(said.status, "" if first is not False else DISAGREES, apart=first is False)


def standing(status: str, badge: str, *, apart: bool) -> str:
    """Show a status, a badge beside it, and what the status means.

    Parameters
    ----------
    status
        As in the reply.
    badge
        Markup that stands beside it.
    apart
        Whether the evidence names another class than the network.

    """
    means = _APART if apart and status == "supported" else _MEANS[status]
    words = status.replace("_", " ")
    return (
        f"<p><span class='pill {status}'>{words}</span>{badge}</p>"
        f"<p class='soft caption'>{means}</p>"
    )


def _evidence(model: Pictured, evidence: object, image: ByteArray | None, label: str) -> str:
    if isinstance(evidence, PathEvidence):
        return _path(evidence, label) + _clusters(model, evidence)
    if isinstance(evidence, PartsEvidence):
        return parts_section(model, evidence, label)
    if isinstance(evidence, RegionEvidence):
        return region_section(model, evidence, image, label)
    if isinstance(evidence, RegressionEvidence):
        return regression_section(model, evidence, image, label)
    return ""


def _path(evidence: PathEvidence, label: str) -> str:
    named = "" if evidence.names is None else evidence.names.label
    parted = parting_words("This path names", evidence.names, label)
    apart = f"<p>{html.escape(parted)}</p>" if parted else ""
    verdict = "names the network's class" if evidence.agrees else "names another class"
    steps = "".join(
        f"<li>{html.escape(step.text)}<div class=test>{html.escape(step.feature)} = "
        f"{step.value:g} {html.escape(step.test)} {step.threshold:g}; nearest clusters "
        f"{html.escape(' and '.join(step.clusters))}</div></li>"
        for step in evidence.body.steps
    )
    return (
        f"<h2>The path ({evidence.method}, {evidence.region})</h2>"
        f"{apart}<ol class=path>{steps}"
        f"<li class=leaf><b>{html.escape(named)}</b> <span class=soft>- {verdict}; "
        f"{100 * evidence.body.vote:.0f} % of the meta-level forest's vote</span></li></ol>"
        f"{_change(evidence.body.change)}"
    )


def _change(change: PathChange | None) -> str:
    told = f"<p>{html.escape(change_words(change))}</p>"
    if change is None:
        return told
    tests = "".join(
        f"<li>{html.escape(unmet.text)}<div class=test>{html.escape(unmet.feature)}: "
        f"{html.escape(unmet_words(unmet))}</div></li>"
        for unmet in change.unmet
    )
    return f"{told}<ul class=path>{tests}</ul><p class='soft caption'>{CAUTION}</p>"


def _clusters(model: Pictured, evidence: PathEvidence) -> str:
    cards = "".join(
        _meaning(model, name, meaning) for name, meaning in evidence.body.clusters.items()
    )
    return f"<h2>What the clusters mean</h2><div class=row>{cards}</div>" if cards else ""


def _meaning(model: Pictured, name: str, meaning: ClusterMeaning) -> str:
    found = ((medoid, model.example_png(medoid)) for medoid in meaning.medoids)
    pictures = "".join(picture(png, medoid) for medoid, png in found if png is not None)
    classes = ", ".join(f"{count} {label}" for label, count in meaning.classes.items())
    units = ", ".join(str(unit) for unit in meaning.units)
    return (
        f"<div class=cluster>{pictures}<br><b>{html.escape(name)}</b>: {meaning.size} training "
        f"images, {html.escape(classes)}; highest in units {units}</div>"
    )


def _examples(model: Pictured, reply: Reply) -> str:
    cards = "".join(
        card(model, e.id, e.label, f"distance {e.distance:.2f}", _stands_for(e.stands_for))
        for e in reply.examples
    )
    if reply.contrast is not None:
        other = reply.contrast
        contrast = card(model, other.id, other.predicted, f"distance {other.distance:.2f}", "")
    else:
        contrast = ""
    found = (
        f"<h2>Nearest representative training images</h2><div class=row>{cards}</div>"
        if cards
        else ""
    )
    if contrast:
        found += f"<h2>Nearest of another class</h2><div class=row>{contrast}</div>"
    return found


def _stands_for(count: int) -> str:
    return "stands for 1 image" if count == 1 else f"stands for {count:,} images"


def _foot(reply: Reply) -> str:
    model = reply.model
    return (
        f"<p class=soft style='margin-top:36px;font-size:13px'>{html.escape(model.name)} "
        f"{html.escape(model.version)}, manifest SHA-256 {model.sha256}</p>"
    )
