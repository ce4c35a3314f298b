"""What the method says, in words."""

from collections.abc import Sequence

TOGETHER = "was trained together with the network"
AFTERWARDS = "was trained afterwards, without changing the network"


def opening_words(class_name: str, attributes: int, *, by_design: bool) -> str:
    """Begin the sentence for a class that g names."""
    trained = TOGETHER if by_design else AFTERWARDS
    return (
        f"A second, small classifier over the network's inner layers (the interpreter), which "
        f"{trained}, names {class_name}: it adds up {attributes} learned features without names "
        "(attributes)"
    )


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
        return ", none of which speaks for that; its bias alone does."
    first, *others = told
    counted = [
        f"attribute {number} {100 * relevance:.0f} % as much" for number, relevance in others
    ]
    listed = f"attribute {first[0]} speaks for it most"
    listed += f", {_joined(counted)}" if counted else ""
    left = of - above
    if not left or above < len(told):
        return f"; {listed}."
    verb = "speaks" if left == 1 else "speak"
    return (
        f"; {listed}; the other {left} {verb} for it less than {100 * threshold:.0f} % as much, or "
        "not."
    )


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
