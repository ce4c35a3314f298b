"""Compute a recorded answer again, and say whether it comes out the same."""

import dataclasses
from typing import Final, final

from explainers.errors import ReasonedError
from reasoned.errors import ReplayError
from reasoned.ledger.decision import Decision, Kept
from reasoned.model import ExplainedModel
from reasoned.replay.pair import Pair
from reasoned.replay.recomputing import digest_of, kept_of, read_options, recomputed
from reasoned.replay.steps import first_differing
from reasoned.reply.options import ReplyOptions

_IMAGE: Final = "image digest"


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Replay:
    """What came of computing a decision again.

    Attributes
    ----------
    id
        The decision's.
    kept
        What it was computed from: ``image``, ``pixels`` or ``activations``.
    step
        The first step that differs; None where all are equal.
    finding
        In what it differs; None where all are equal.
    bytes_compared
        Whether the stored reply was compared byte for byte.
    left_out
        What could not be compared, and why, each in words.

    """

    id: str
    kept: str
    step: str | None
    finding: str | None
    bytes_compared: bool
    left_out: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether everything that was compared is the same."""
        return self.step is None


def replay(decision: Decision, model: ExplainedModel) -> Replay:
    """Compute a decision again.

    Parameters
    ----------
    decision
        As `reasoned.ledger.reading.read` gives it.
    model
        The model that answered, showing examples as it did then.

    Raises
    ------
    ReplayError
        When another model answered, or too little is kept.

    """
    check_model(decision, model)
    options, kept = read_options(decision.options), kept_of(decision)
    found = _broken(decision, kept)
    if found is not None:
        return _told(decision, kept, found, None)
    unhurried = dataclasses.replace(options, deadline_ms=None)
    try:
        answered = recomputed(model, decision, kept, unhurried)
    except ReasonedError as error:  # whatever was kept is not what a reply was once made from
        return _told(decision, kept, (kept.kind, str(error)), None)
    pair = Pair.of(decision, answered, deadline=options.deadline_ms is not None)
    pair, found = _compared(pair, options)
    return _told(decision, kept, found, pair)


def check_model(decision: Decision, model: ExplainedModel) -> None:
    """Raise `ReplayError` where another model answered."""
    if decision.model != model.sha256:
        raise ReplayError(
            f"{decision.id} was answered by the model {decision.model}, but this is "
            f"{model.sha256} ({model.name} {model.version}); name the folder of the former"
        )


def _compared(pair: Pair, options: ReplyOptions) -> tuple[Pair, tuple[str, str] | None]:
    found = first_differing(pair)
    if found is None or options.deadline_ms is None or pair.decision.reply is not None:
        return pair, found
    doubted = pair.doubted()
    return doubted, first_differing(doubted)


def _broken(decision: Decision, kept: Kept) -> tuple[str, str] | None:
    try:
        sha256 = digest_of(kept)
    except ReasonedError as error:
        return _IMAGE, str(error)
    if sha256 is None or sha256 == decision.image_sha256:
        return None
    return _IMAGE, f"the row's is {decision.image_sha256}, and that of what is kept is {sha256}"


def _told(
    decision: Decision, kept: Kept, found: tuple[str, str] | None, pair: Pair | None
) -> Replay:
    left_out = []
    if kept.kind == "activations":
        left_out.append("the image digest: activations are kept, not the image")
    if decision.reply is None:
        left_out.append("the reply's bytes: no reply is kept")
    if pair is not None and pair.skipped:
        left_out.append(f"skipped under the deadline: {', '.join(pair.skipped)}")
        left_out.append("what is concluded from all steps together")
    step, finding = found or (None, None)
    compared = decision.reply is not None and pair is not None and pair.whole
    return Replay(decision.id, kept.kind, step, finding, compared, tuple(left_out))
