"""Alarms as a list, and as what one of them is due to."""

import html
from collections.abc import Mapping, Sequence
from typing import Final

from reasoned.drift.acknowledged import Seen
from reasoned.drift.alarms import Alarm
from reasoned.drift.change import Contributor
from reasoned.pages.drift_bars import evidence_bar, paired_bar, power_words
from reasoned.pages.drift_words import contributor_words, second, title

DECISION: Final = "/v1/explanations/{id}.html"
ALARM: Final = "/v1/alarms/{number}.html"
_LAST: Final = 8  # digits of an id, which begins with the time
_NO_EXAMPLES: Final = (
    "Decisions of other tenants are not shown here; with the ledger itself: "
    "reasoned drift alarms MODEL."
)
RAISED: Final = (
    "Evidence and shares are of the moment an alarm was raised. Its range of requests goes on "
    "while the change does, until somebody acknowledges it."
)


def alarm_list(alarms: Sequence[Alarm], seen: Mapping[int, Seen], *, links: bool) -> str:
    """List alarms in a line or two each, with links to decisions that show them."""
    if not alarms:
        return "<p class=soft>None was raised.</p>"
    items = "".join(_item(one, seen.get(one.number), links=links) for one in alarms)
    return f"<p class='soft caption'>{RAISED}</p>{items}"


def standing(seen: Seen | None) -> str:
    """Say whether somebody has acknowledged an alarm."""
    if seen is None:
        return "<span class='pill apart'>not acknowledged</span>"
    return "<span class='pill supported'>acknowledged</span>"


def seen_words(seen: Seen) -> str:
    """Say who has seen an alarm, and what was found."""
    by = "" if seen.by is None else f" by {seen.by}"
    note = f"<p class=note>{html.escape(seen.note)}</p>" if seen.note else ""
    said = html.escape(f"Acknowledged {second(seen.at)}{by}.")
    return f"<div class=said><span class=soft>{said}</span>{note}</div>"


def evidence_row(evidence: float, threshold: float) -> str:
    """Draw evidence with its figures."""
    return (
        f"<div class=gauge><span class=track>{evidence_bar(evidence, threshold)}</span>"
        f"<span class=number>{power_words(evidence, threshold)}</span></div>"
    )


def decision_links(ids: Sequence[str], *, links: bool) -> str:
    """Name decisions; as links where a service stands behind the page."""
    if not ids:
        return f"<p class=soft>{_NO_EXAMPLES}</p>"
    named = (_decision(one, one, links=links) for one in ids)
    return f"<ul class=ids>{''.join(f'<li>{one}' for one in named)}</ul>"


def decision_line(ids: Sequence[str], *, links: bool) -> str:
    """Name decisions in one line: links say but the last digits of ids."""
    named = (_decision(one, f"…{one[-_LAST:]}" if links else one, links=links) for one in ids)
    return f"<div class=soft>see <span class=ids>{', '.join(named)}</span></div>" if ids else ""


def contributors(alarm: Alarm) -> str:
    """Draw what an alarm is due to: fit time above, the alarm's requests below."""
    known = [one for one in alarm.contributors if one.live is not None]
    most = max((max(one.reference, one.live or 0.0) for one in known), default=0.0)
    return "".join(_contributor(alarm.signal, one, most) for one in alarm.contributors)


def _contributor(signal: str, found: Contributor, most: float) -> str:
    words = html.escape(contributor_words(signal, found))
    drawn = "" if found.live is None else paired_bar(found.reference, found.live, most)
    power = f"evidence 10<sup>{found.evidence:.1f}</sup>"
    return f"<div class=said>{words}; {power}.<div class=sides>{drawn}</div></div>"


def _item(alarm: Alarm, seen: Seen | None, *, links: bool) -> str:
    name = html.escape(f"{alarm.number}. {title(alarm.signal)}")
    head = _link(ALARM.format(number=alarm.number), name) if links else name
    due = "".join(
        f"<div>{html.escape(contributor_words(alarm.signal, one))}.</div>"
        for one in alarm.contributors[:2]
    )
    shown = decision_line(alarm.examples, links=links)
    began = "" if alarm.began is None else f", began {second(alarm.began)}"
    where = f"{second(alarm.at)}{began}, requests {alarm.first_seq:,} to {alarm.last_seq:,}"
    return (
        f"<div class=said><div><b>{head}</b> {standing(seen)}</div><div class=soft>{where}</div>"
        f"{due}{shown}{'' if seen is None else seen_words(seen)}</div>"
    )


def _decision(identity: str, name: str, *, links: bool) -> str:
    return _link(DECISION.format(id=identity), html.escape(name)) if links else html.escape(name)


def _link(where: str, name: str) -> str:
    """Make a link; `where` and `name` are escaped, or need not be."""
    return f'<a href="{html.escape(where)}">{name}</a>'
