"""What would make a path name another class, in words."""

from reasoned.reply.bodies import PathChange, UnmetTest

CAUTION = (
    "This is a change of the trace, each feature moved as if it could move alone; no image need "
    "exist there."
)


def change_words(change: PathChange | None) -> str:
    """Say which class the nearest other leaf names and how far it is."""
    if change is None:
        return "Every leaf names the same class, so no change of the trace would change it."
    count = len(change.unmet)
    tests = "one test" if count == 1 else f"{count} tests"
    return (
        f"The smallest change after which the path would name another class: {change.leaf}, "
        f"{change.names.label}, {change.distance:g} away. There {tests} would have to turn out "
        "otherwise:"
    )


def unmet_words(test: UnmetTest) -> str:
    """Say that a test fails, and by how much."""
    return f"{test.value:g} is not {test.test} {test.threshold:g}, off by {test.by:g}"
