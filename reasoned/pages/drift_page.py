"""Where the detectors of a model stand, as a self-contained HTML page."""

import html
from typing import Final

from reasoned.drift.overview import Overview
from reasoned.drift.shares import KindShares, by_kind
from reasoned.drift.status import SignalStatus
from reasoned.pages.drift_alarms import alarm_list, evidence_row
from reasoned.pages.drift_bars import largest, share_rows
from reasoned.pages.drift_words import percent, second, signal_words, title
from reasoned.pages.frame import framed

_SHOWN: Final = 20  # shares of a kind; the others fold away
_READING: Final = (
    "Each step of a bar is a factor of ten, and its line the threshold. An alarm begins a signal "
    "anew."
)
_LEGEND: Final = "<p class='soft caption'><i class=then></i> at fit time <i class=now></i> now</p>"


def drift_page(found: Overview, *, links: bool = True) -> str:
    """Write what is known of a model's drift as a page that needs nothing else.

    Parameters
    ----------
    found
        What to show.
    links
        Whether decisions and alarms are linked, as where a service stands behind the page.

    """
    body = [
        _head(found),
        _unseen(found),
        f"<h2>Alarms</h2>{alarm_list(found.alarms, found.seen, links=links)}",
        f"<h2>Signals</h2><p class=soft>{_READING}</p>",
        *(_signal(found, one) for one in found.status.signals),
        f"<h2>Shares of the last {found.shown.n:,} requests</h2>{_shares_said(found)}",
        *(_kind(one) for one in by_kind(found.shown)),
        _promise(found),
    ]
    return framed(f"Drift of {found.name}", "".join(body))


def _head(found: Overview) -> str:
    status = found.status
    looked = "never" if status.updated is None else second(status.updated)
    behind = f", {status.lag:,} rows yet to be looked at" if status.lag else ""
    idle = "" if found.idle is None else f"<p class=banner>{html.escape(found.idle)}</p>"
    return (
        f"<h1>Drift of {html.escape(found.name)}</h1>"
        f"<div class=soft>{status.counted:,} requests counted{behind}; last looked {looked}; "
        f"this page is of {second(found.read)}</div>"
        f"<div class='soft caption'>model {html.escape(status.model)}</div>{idle}"
    )


def _unseen(found: Overview) -> str:
    """Say at once whether somebody should look."""
    unseen = sum(one.number not in found.seen for one in found.alarms)
    if not unseen:
        if found.idle is not None or not found.status.counted:
            return ""
        return "<p><span class='pill supported'>no alarm waits for anybody</span></p>"
    said = "1 alarm that nobody has" if unseen == 1 else f"{unseen} alarms that nobody has"
    return f"<p><span class='pill apart'>{said} acknowledged</span></p>"


def _signal(found: Overview, signal: SignalStatus) -> str:
    raised = {0: "", 1: "1 alarm so far"}.get(signal.alarms, f"{signal.alarms:,} alarms so far")
    said = f"<small>{html.escape(signal.name)}{', ' if raised else ''}{raised}</small>"
    words = html.escape(signal_words(found, signal.name))
    since = f"<p class='soft caption'>since it began anew: {signal.counted:,} requests</p>"
    bar = evidence_row(signal.evidence, signal.threshold)
    return (
        f"<section><h3>{html.escape(title(signal.name))}{said}</h3><p>{words}</p>{bar}{since}"
        "</section>"
    )


def _shares_said(found: Overview) -> str:
    if not found.shown.n:
        return "<p class=soft>No request was counted yet.</p>"
    said = "They are to look at: no alarm rests on them. What changed most comes first."
    return f"<p class=soft>{said}</p>{_LEGEND}"


def _kind(found: KindShares) -> str:
    first, rest = found.shares[:_SHOWN], found.shares[_SHOWN:]
    most, more = largest(found.shares), ""
    if rest:
        drawn = share_rows(rest, most, grey=found.grey)
        more = f"<details><summary>{len(rest)} more</summary>{drawn}</details>"
    shown = share_rows(first, most, grey=found.grey)
    head = f"<h3>{html.escape(title(found.kind))}<small>{html.escape(found.kind)}</small></h3>"
    return f"<section>{head}{_far(found)}{shown}{more}</section>"


def _far(found: KindShares) -> str:
    """Give PSI and JS, or say why they would mislead."""
    if found.grey:
        return (
            f"<p class=soft>Too few requests to read anything from these: {found.n:,} of the "
            f"{found.wanted:,} that it takes. By chance alone shares may differ much.</p>"
        )
    if found.divergence is None:
        return f"<p class=soft>A request may have several of these. n = {found.n:,}.</p>"
    psi, js = found.divergence.psi, found.divergence.js
    return (
        f"<p class=soft>Population stability index {psi:.3f}, Jensen-Shannon distance {js:.3f}, "
        f"n = {found.n:,}.</p>"
    )


def _promise(found: Overview) -> str:
    """Say what the threshold promises, and what it takes for granted."""
    record = found.reference.record
    count = len(found.status.signals)
    return (
        "<h2>What an alarm means</h2>"
        f"<p>While requests are as the images at fit time were, false alarms come at least "
        f"{found.run_length:,} requests apart on average: one in {found.run_length:,} requests at "
        f"most, all {count} signals together. A signal raises an alarm where its evidence comes "
        "to its threshold.</p>"
        f"<p class=soft>The bounds were measured on {record.images:,} images "
        f"({html.escape(record.source)}); that one of them does not hold has a probability of at "
        f"most {percent(record.error)}, and is not in the figure above. Requests count that "
        "were recorded in the even sample (REASONED_LEDGER_SAMPLE) and asked for a trace of all "
        "methods. An alarm says that explanations have changed, not why, and not that answers "
        "are wrong.</p>"
    )
