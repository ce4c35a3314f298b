"""What the method says, in words."""

from collections.abc import Sequence

BY_DESIGN = "An interpreter that was trained together with the network"
AFTERWARDS = "An interpreter that was trained afterwards on the fixed network's inner layers"


def opening_words(class_name: str, *, by_design: bool) -> str:
    """Begin the sentence for a class that g names."""
    return f"{BY_DESIGN if by_design else AFTERWARDS} names {class_name}"


def attribute_words(
    told: Sequence[tuple[int, float]], above: int, of: int, threshold: float
) -> str:
    """Say which attributes speak for the class.

    Parameters
    ----------
    told
        The attributes to be named, each with its relevance, the most relevant first; all
        above 0.
    above
        How many are above the threshold.
    of
        How many attributes there are.
    threshold
        1 / tau.

    """
    if not told:
        return ", by its bias alone: none of its learned attributes speaks for that."
    listed = [f"attribute {number} (relevance {relevance:.2f})" for number, relevance in told]
    joined = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    verb = "has" if above == 1 else "have"
    return f", mainly by {joined}; {above} of {of} attributes {verb} more than {threshold:.2f}."
