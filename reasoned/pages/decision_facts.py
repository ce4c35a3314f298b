"""What the row of a decision holds, as sections of a page."""

import html
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from explainers.evidence import EXAMPLE, Citation
from reasoned.ledger.decision import Decision
from reasoned.ledger.reading import Feedback, Stored
from reasoned.pages.page_pictures import card
from reasoned.pages.pictured import Pictured

_MOST_CARDS: Final = 20
_KEPT: Final = {
    "image": "the file as it came",
    "pixels": "the numbers as they came",
    "thumbnail": "a thumbnail, too little to replay",
    "activations": "what the explainers read of the network, not the image",
    None: "nothing but its digest, too little to replay",
}


def citations(decision: Decision, model: Pictured, withheld: frozenset[str]) -> str:
    """List what the answer went through and shows; where no reply is kept, with pictures."""
    cited = sorted(one for one in decision.cited if one[1] not in withheld or one[0] != EXAMPLE)
    rows = [
        (kind, ", ".join(key for _, key in some))
        for kind, some in groupby(cited, key=lambda one: one[0])
    ]
    if not rows:
        return ""
    cards = _cards(cited, model) if decision.reply is None else ""
    return f"<h2>What it went through</h2>{_table(rows)}{cards}"


def _cards(cited: Sequence[Citation], model: Pictured) -> str:
    shown = [key for kind, key in cited if kind == EXAMPLE][:_MOST_CARDS]
    cards = "".join(card(model, key, key) for key in shown if model.example_png(key) is not None)
    return f"<div class=row>{cards}</div>" if cards else ""


def feedback(said: Sequence[Feedback]) -> str:
    """Show what was said of it since, the newest first."""
    if not said:
        return "<h2>Feedback</h2><p class=soft>Nobody has said anything of it yet.</p>"
    return f"<h2>Feedback</h2>{''.join(_one_feedback(one) for one in reversed(said))}"


def _one_feedback(said: Feedback) -> str:
    words = []
    if said.label is not None:
        verdict = {True: " (the network was wrong)", False: " (the network was right)", None: ""}
        words.append(f"true class {said.label}{verdict[said.wrong]}")
    if said.useful is not None:
        words.append("the explanation was useful" if said.useful else "it was not useful")
    told = "; ".join(words)
    note = "" if said.note is None else f"<p class=note>{html.escape(said.note)}</p>"
    return (
        f"<div class=said><span class=soft>{time_words(said.at)}</span> "
        f"{html.escape(told)}{note}</div>"
    )


def durations(decision: Decision) -> str:
    """Draw how long each step took."""
    steps = (
        ("decoding", decision.decode_us),
        ("the network", decision.infer_us),
        ("neighbours", decision.neighbours_us),
        ("explaining", decision.explain_us),
    )
    total = sum(taken for _, taken in steps)
    longest = max(1, *(taken for _, taken in steps))
    rows = "".join(
        f"<div class=side><span>{name}</span><span class=track><span class='bar plus' "
        f"style='width:{100 * taken / longest:.1f}%'></span></span>"
        f"<span class=number>{taken / 1000:.2f} ms</span></div>"
        for name, taken in steps
    )
    return f"<h2>How long it took</h2><p>{total / 1000:.2f} ms</p><div class=sides>{rows}</div>"


def facts(stored: Stored) -> str:
    """List everything else that was recorded."""
    decision = stored.decision
    kept = None if decision.kept is None else decision.kept.kind
    rows = [
        ("id", decision.id),
        ("the client's id", decision.client_id),
        ("trace", decision.trace_id),
        ("tenant", decision.tenant),
        ("answered", time_words(decision.at)),
        ("model, SHA-256", decision.model),
        ("image, SHA-256", decision.image_sha256),
        ("kept of the image", _KEPT[kept]),
        ("asked for", decision.options),
        ("training images shown", decision.disclosure),
        ("first choice", decision.first),
        ("outside support", {True: "yes", False: "no", None: None}[decision.outside]),
        ("part of the even sample", "yes" if decision.sampled else "no"),
        ("row", str(stored.seq)),
    ]
    return f"<h2>The record</h2>{_table([(n, v) for n, v in rows if v is not None])}"


def replaying(decision: Decision) -> str:
    """Say how to compute it again."""
    command = html.escape(f"reasoned replay {decision.id} --model FOLDER")
    return (
        "<h2>To compute it again</h2><p class=soft>FOLDER is that of the model with the digest "
        f"above; REASONED_LEDGER or --ledger names the ledger.</p><p class=test>{command}</p>"
    )


def time_words(at: float) -> str:
    """Write a time in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " UTC"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"<dt>{html.escape(name)}<dd>{html.escape(value)}" for name, value in rows)
    return f"<dl class=facts>{lines}</dl>"
