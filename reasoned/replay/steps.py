"""The steps of an answer, in the order of the work, and what each is judged by.

A step is compared by the stored reply, where there is one, and by the row in any case.
"""

import functools
from collections.abc import Callable, Iterator
from typing import Any, Final

from explainers.evidence import EXAMPLE, Citation
from reasoned.replay.differing import first_difference
from reasoned.replay.pair import Pair
from reasoned.replay.reply_bytes import bytes_difference

_CLUSTER: Final = "cluster"
_CONCLUSION: Final = ("carrier", "names", "agrees", "disagreements")
Findings = Iterator[str | None]
Step = tuple[str, Callable[[Pair], Findings]]


def first_differing(pair: Pair) -> tuple[str, str] | None:
    """Name the first step that differs, and say in what; None where all are equal."""
    for name, compare in _steps(pair):
        for finding in compare(pair):
            if finding is not None:
                return name, finding
    return None


def _steps(pair: Pair) -> Iterator[Step]:
    yield "model", functools.partial(_replies, names=("id", "model"))
    yield "prediction", _prediction
    if pair.placed:
        yield "examples", _examples
        yield "contrast", functools.partial(_replies, names=("contrast",))
        yield "status", _status
        yield "evidence", _methods
        for method in _ran(pair):
            yield f"evidence of {method}", functools.partial(_evidence, method=method)
        yield "citations", _citations
    if pair.whole:
        yield "reliability", functools.partial(_explanations, names=("reliability",))
        yield "carrier", _carrier
        yield "sentence", functools.partial(_explanations, names=("sentence",))
        yield "whole bytes", _bytes


def _prediction(pair: Pair) -> Findings:
    yield from _rows(pair, "predicted", "label", "confidence")
    yield from _replies(pair, ("prediction",))


def _examples(pair: Pair) -> Findings:
    yield from _rows(pair, "nearest")
    yield from _replies(pair, ("examples",))
    stored, again = pair.decision.cited, pair.outcome.cited
    for kind, key in _placed(pair):
        if (kind, key) not in stored:
            yield f"the {kind} {key} was not cited, and is"
    for kind, key in stored:
        if kind in (EXAMPLE, _CLUSTER) and (kind, key) not in again:
            yield f"the {kind} {key} was cited, and is not"


def _placed(pair: Pair) -> Iterator[Citation]:
    """Give what finding the nearest examples cites, evidence aside."""
    again = pair.again
    shown = {one["id"] for one in (*again["examples"], again["contrast"]) if one is not None}
    for kind, key in pair.outcome.cited:
        if kind == _CLUSTER or (kind == EXAMPLE and key in shown):
            yield kind, key


def _status(pair: Pair) -> Findings:
    yield from _rows(pair, "outside")
    if pair.whole:
        yield from _rows(pair, "status", "first")
        yield from _explanations(pair, ("status",))


def _methods(pair: Pair) -> Findings:
    stored, _ = pair.explanations()
    if stored is None:
        return
    old, new = list(_by_method(stored)), _ran(pair)
    if not pair.whole:  # in another order then, since it is by the conclusion
        old, new = sorted(old), sorted(set(new) & set(old))
    yield first_difference(old, new, "the methods")


def _ran(pair: Pair) -> list[str]:
    return list(_by_method(pair.again["explanation"]))


def _by_method(explanation: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    found = (explanation or {}).get("evidence")
    evidence = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return {str(one.get("method")): one for one in evidence}


def _evidence(pair: Pair, method: str) -> Findings:
    old, new = (_by_method(side).get(method) for side in pair.explanations())
    if old is not None and new is not None:
        without = set() if pair.whole else {"reliability"}  # which is by the status
        before, after = (
            {name: value for name, value in side.items() if name not in without}
            for side in (old, new)
        )
        yield first_difference(before, after, "")


def _citations(pair: Pair) -> Findings:
    stored, again = pair.decision.cited, pair.outcome.cited
    for kind, key in stored:
        if (kind, key) not in again:
            yield f"the {kind} {key} was cited, and is not"
    for kind, key in again if pair.whole else ():
        if (kind, key) not in stored:
            yield f"the {kind} {key} was not cited, and is"
    if pair.whole:
        yield first_difference(stored, again, "cited")


def _carrier(pair: Pair) -> Findings:
    yield from _rows(pair, "carrier", "agrees", "disagreeing")
    yield from _explanations(pair, _CONCLUSION)


def _bytes(pair: Pair) -> Findings:
    if pair.decision.reply is not None:
        yield bytes_difference(pair.decision.reply, pair.body)


def _rows(pair: Pair, *names: str) -> Findings:
    for name in names:
        stored, again = getattr(pair.decision, name), getattr(pair.outcome, name)
        yield first_difference(stored, again, f"the row's {name}")


def _replies(pair: Pair, names: tuple[str, ...]) -> Findings:
    if pair.stored is not None:
        yield from _fields(pair.stored, pair.again, names)


def _explanations(pair: Pair, names: tuple[str, ...]) -> Findings:
    stored, again = pair.explanations()
    if pair.stored is not None and (stored is None) != (again is None):
        yield first_difference(pair.stored.get("explanation"), again, "explanation")
    if stored is not None and again is not None:
        yield from _fields(stored, again, names)


def _fields(old: dict[str, Any], new: dict[str, Any], names: tuple[str, ...]) -> Findings:
    for name in names:
        before, after = ({name: side[name]} if name in side else {} for side in (old, new))
        yield first_difference(before, after, "")
