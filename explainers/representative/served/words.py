"""What is said of polytopes, in words."""


def inside_words(region: str, name: str, inside: int, others: int, approximate: str) -> str:
    """Say what lies in a polytope."""
    images = "1 training image" if inside == 1 else f"{inside:,} training images"
    kind = "tangents to the network's own" if approximate else "the network's own"
    why = f" ({approximate})" if approximate else ""
    return (
        f"The image lies in a group of {images} ({region}) that {kind} decision boundaries "
        f"enclose{why}; {_called(name, inside, others)}."
    )


def _called(name: str, inside: int, others: int) -> str:
    if others:
        return f'the network calls {others:,} of them not "{name}"'
    every = "it" if inside == 1 else "every one of them"
    return f'the network calls {every} "{name}"'


def crossing_words(name: str, relative: float) -> str:
    """Say how near the closest facet is."""
    share = f"{100 * relative:.0f} %" if relative >= 0.01 else "less than 1 %"
    return (
        f'The closest boundary is the one to "{name}": it is reached {share} of the way to the '
        "nearest stored example beyond it."
    )


def nowhere_words(name: str) -> str:
    """Say which facet is closest where no example is stored beyond it."""
    return (
        f'The closest boundary is the one to "{name}"; no stored example of that class lies '
        "beyond it."
    )


def outside_words(polytopes: int, least_depth: float) -> str:
    """Say that the image is in none of the stored polytopes, or hardly in one."""
    stored = "the stored polytope" if polytopes == 1 else f"all {polytopes:,} stored polytopes"
    rim = ", or too near the rim of one to count as inside" if least_depth > 0 else ""
    return f"The image lies outside {stored}{rim}."


def found_words(name: str, inside: int, others: int, of: int) -> str:
    """Say what a search for this image alone found."""
    alone = f'A polytope searched for it alone is one of "{name}" by construction'
    if not inside:
        return f"{alone}; it holds none of the {of:,} stored training images."
    held = f"it holds {inside:,} of the {of:,} stored training images"
    return f"{alone}; {held}, and {_called(name, inside, others)}."


def late_words() -> str:
    """Say that there was no time to search."""
    return "A search for this image alone did not end before the deadline."


def unsearched_words() -> str:
    """Say that a search is impossible."""
    return (
        "No polytope can be searched for it alone: the network above the explained map is not "
        "stored with the model."
    )
