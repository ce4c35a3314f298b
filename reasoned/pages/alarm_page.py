"""One alarm as a self-contained HTML page."""

import html

from reasoned.drift.acknowledged import Seen
from reasoned.drift.alarms import Alarm
from reasoned.pages.drift_alarms import (
    RAISED,
    contributors,
    decision_links,
    evidence_row,
    seen_words,
    standing,
)
from reasoned.pages.drift_words import second, title
from reasoned.pages.frame import framed

_LEGEND = (
    "<p class='soft caption'><i class=then></i> at fit time <i class=now></i> from the first of "
    "these requests to the alarm</p>"
)
_YOURS = "Yours only, those that show most first."
_NO_CONTRIBUTORS = (
    "<p class=soft>Nothing was left to compare: feedback raised it, or its requests were deleted "
    "before it was.</p>"
)


def alarm_page(alarm: Alarm, seen: Seen | None) -> str:
    """Write an alarm as a page that needs nothing else.

    Parameters
    ----------
    alarm
        As the ledger holds it, with decisions of the asking tenant only.
    seen
        Who has acknowledged it; None where nobody has.

    """
    name = f"Alarm {alarm.number}: {title(alarm.signal)}"
    due = contributors(alarm)
    when = f"{second(alarm.at)}, signal {html.escape(alarm.signal)}"
    body = [
        f"<h1>{html.escape(name)}</h1><div class=soft>{when}</div><p>{standing(seen)}</p>",
        "" if seen is None else seen_words(seen),
        f"<p>{_since(alarm)}</p>{evidence_row(alarm.evidence, alarm.threshold)}",
        f"<p class='soft caption'>{RAISED}</p>",
        f"<h2>What it is due to</h2>{_LEGEND + due if due else _NO_CONTRIBUTORS}",
        f"<h2>Decisions that show it</h2><p class=soft>{_YOURS}</p>",
        decision_links(alarm.examples, links=True),
        "" if seen is not None else _acknowledging(alarm.number),
        "<p><a href='/v1/drift.html'>All signals</a></p>",
        f"<p class='soft caption'>model {html.escape(alarm.model)}</p>",
    ]
    return framed(name, "".join(body))


def _since(alarm: Alarm) -> str:
    began = "" if alarm.began is None else f", the first of them answered {second(alarm.began)}"
    return (
        f"The change shows in the requests {alarm.first_seq:,} to {alarm.last_seq:,} of the "
        f"ledger{began}. The signal had counted {alarm.counted:,} requests since it began anew "
        "when its evidence came to the threshold."
    )


def _acknowledging(number: int) -> str:
    return (
        "<h2>To say that it was seen</h2><p class=soft>A change that goes on then raises a new "
        f"alarm.</p><p class=test>POST /v1/alarms/{number}/acknowledge<br>reasoned drift "
        f"acknowledge {number}</p>"
    )
