"""What is said of polytopes, in words."""


def inside_words(region: str, name: str, inside: int, others: int, approximate: str) -> str:
    """Say what lies in a polytope."""
    images = "1 training image" if inside == 1 else f"{inside} training images"
    if others:
        held = f"holds {images}, of which the network puts {others} into another class"
    else:
        held = f"holds {images}, and the network calls every one {name}"
    kind = "tangents to" if approximate else "linear pieces of"
    return (
        f"The image lies in {region}, which is bounded by {kind} the network's own decision "
        f"surface around {name}; it {held}."
    )


def crossing_words(name: str, relative: float) -> str:
    """Say how near the closest facet is."""
    return (
        f"The boundary nearest to being crossed is the one against {name}, "
        f"{100 * relative:.0f} % of the way to the nearest such example beyond it."
    )


def nowhere_words(name: str) -> str:
    """Say which facet is closest where no example is stored beyond it."""
    return f"The boundary nearest to being crossed is the one against {name}."


def outside_words(polytopes: int) -> str:
    """Say that the image is in none of the stored polytopes."""
    stored = "the stored polytope" if polytopes == 1 else f"all {polytopes} stored polytopes"
    return f"The image lies outside {stored}."


def found_words(name: str, inside: int, others: int, of: int) -> str:
    """Say what a search for this image alone found."""
    held = f"{inside} of the {of} stored training images"
    rest = f", {others} of them of another class" if others else ", none of another class"
    return (
        f"A polytope searched for it alone around {name}, its class by construction, holds "
        f"{held}{rest}."
    )


def late_words() -> str:
    """Say that there was no time to search."""
    return "A search for this image alone did not end before the deadline."
