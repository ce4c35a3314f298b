"""Recorded decisions in a terminal."""

from collections.abc import Iterable, Sequence

from reasoned.cli.speaking import table
from reasoned.ledger.reading import Feedback, Stored
from reasoned.ledger.records import moment

_HEADINGS = ("answered (UTC)", "id", "class", "conf", "status", "carrier", "agrees", "feedback")


def when(seconds: float) -> str:
    """Write a time, in UTC, to the millisecond."""
    return moment(seconds).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def rows_table(rows: Sequence[Stored]) -> str:
    """Lay decisions out in columns."""
    return table([_HEADINGS, *(_row(found) for found in rows)])


def whole(found: Stored) -> str:
    """Tell all of one decision but its reply."""
    decision = found.decision
    steps = ("decode", "infer", "neighbours", "explain")
    times = ", ".join(f"{step} {getattr(decision, f'{step}_us')} us" for step in steps)
    reply = f"{len(decision.reply):,} bytes" if decision.reply is not None else "not kept"
    kept = f"{decision.kept.kind}, {len(decision.kept.data):,} bytes" if decision.kept else "-"
    lines = [
        ("id", decision.id),
        ("client's id", decision.client_id or "-"),
        ("trace", decision.trace_id or "-"),
        ("tenant", decision.tenant),
        ("answered", f"{when(decision.at)} UTC"),
        ("model", decision.model),
        ("class", f"{decision.label} ({decision.predicted}), {decision.confidence:.4f}"),
        ("status", decision.status or "-"),
        ("carrier", decision.carrier or "-"),
        ("first choice", f"{decision.first or '-'}, {agreement(agrees=decision.agrees)}"),
        ("nearest", "-" if decision.nearest is None else f"{decision.nearest:.4g}"),
        ("image", decision.image_sha256),
        ("kept of it", kept),
        ("reply", reply),
        ("options", decision.options),
        ("disclosure", decision.disclosure),
        ("took", times),
        ("cited", _cited(decision.cited)),
        *(("feedback", said(given)) for given in found.feedback),
    ]
    return table(lines)


def said(given: Feedback) -> str:
    """Tell one feedback in a line."""
    parts = [when(given.at) + " UTC"]
    if given.label is not None:
        parts.append(f"label {given.label} ({'wrong' if given.wrong else 'right'})")
    if given.useful is not None:
        parts.append("useful" if given.useful else "not useful")
    if given.note is not None:
        parts.append(_printable(given.note))
    return "; ".join(parts)


def agreement(*, agrees: bool | None) -> str:
    """Tell whether the first choice names the network's class."""
    return "-" if agrees is None else "agrees" if agrees else "disagrees"


def _row(found: Stored) -> tuple[str, ...]:
    decision = found.decision
    return (
        when(decision.at),
        decision.id,
        _printable(decision.label),
        f"{decision.confidence:.3f}",
        decision.status or "-",
        decision.carrier or "-",
        {None: "-", True: "yes", False: "no"}[decision.agrees],
        _verdict(found.feedback),
    )


def _verdict(feedback: Sequence[Feedback]) -> str:
    """Tell the newest label, and whether the explanation was of use."""
    labels = [given for given in feedback if given.label is not None]
    useful = [given.useful for given in feedback if given.useful is not None]
    parts = []
    if labels:
        parts.append(f"wrong: {labels[-1].label}" if labels[-1].wrong else "right")
    if useful:
        parts.append("useful" if useful[-1] else "not useful")
    if feedback and not parts:
        parts.append("note")
    return ", ".join(parts) or "-"


def _cited(cited: Iterable[tuple[str, str]]) -> str:
    by_kind: dict[str, list[str]] = {}
    for kind, key in cited:
        by_kind.setdefault(kind, []).append(key)
    return "; ".join(f"{kind} {', '.join(keys)}" for kind, keys in by_kind.items()) or "-"


def _printable(text: str) -> str:
    """Keep what a client wrote from steering the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
