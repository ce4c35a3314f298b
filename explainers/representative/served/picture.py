"""The rule set as a picture: how coverage and agreement grow, and what is inside."""

from explainers.svg import INK, MUTED, PALETTE, box, document, label, stroke

_WIDTH, _LEFT, _PLOT, _TOP, _HEIGHT = 720.0, 60.0, 600.0, 50.0, 180.0
_ROW = 20.0
_GRID = "#e4e7ec"
_SHADES = (PALETTE[0], "#88aacc")


def draw_rule_set(
    class_names: tuple[str, ...],
    coverage: list[float],
    agreement: list[float],
    polytopes: list[tuple[int, int]],
) -> str:
    """Draw both curves over the number of polytopes, and each class's polytopes as a row.

    Parameters
    ----------
    class_names
        The classes, in the order of the logits.
    coverage, agreement
        Shares after the first 1, 2, ... polytopes.
    polytopes
        Per polytope its class and how many training images it holds.

    """
    parts = _axis(len(coverage))
    curves = (
        (coverage, "validation images inside a polytope"),
        (agreement, "of these, named as the network does"),
    )
    for number, (values, words) in enumerate(curves):
        parts.append(_curve(values, PALETTE[number]))
        told = f"{words}: {100 * values[-1]:.1f} %"
        parts.append(label((_LEFT + 310 * number, 28), told, colour=PALETTE[number]))
    top = _TOP + _HEIGHT + 60
    parts.append(
        label(
            (_LEFT, top - 10), "Training images in each polytope, and how many there are", bold=True
        )
    )
    sizes = {
        shown: sorted((n for c, n in polytopes if c == shown), reverse=True)
        for shown in sorted({label for label, _ in polytopes})
    }
    largest = max(sum(row) for row in sizes.values())
    for row, (shown, inside) in enumerate(sizes.items()):
        parts += _bars(top + row * _ROW, class_names[shown], inside, largest)
    title = f"A rule set of {len(polytopes)} polytopes"
    return document(_WIDTH, top + len(sizes) * _ROW + 16, title, parts)


def _height(share: float) -> float:
    return _TOP + _HEIGHT * (1.0 - share)


def _axis(count: int) -> list[str]:
    parts = []
    for step in range(5):
        y = _height(step / 4)
        parts.append(stroke(f"M{_LEFT:g} {y:.1f}H{_LEFT + _PLOT:g}", colour=_GRID))
        share = f"{25 * step} %"
        parts.append(label((_LEFT - 6, y + 4), share, size=10, colour=MUTED, anchor="end"))
    below = _TOP + _HEIGHT + 16
    parts.append(label((_LEFT, below), "1 polytope", size=10, colour=MUTED))
    most = f"{count} polytopes"
    parts.append(label((_LEFT + _PLOT, below), most, size=10, colour=MUTED, anchor="end"))
    return parts


def _curve(values: list[float], colour: str) -> str:
    step = _PLOT / max(len(values) - 1, 1)
    # A lone value is drawn as a level, not as an invisible point.
    shown = values if len(values) > 1 else values * 2
    points = [f"{_LEFT + i * step:.1f} {_height(v):.1f}" for i, v in enumerate(shown)]
    return stroke("M" + "L".join(points), colour=colour, thickness=2)


def _bars(top: float, name: str, sizes: list[int], largest: int) -> list[str]:
    at, room = 180.0, _WIDTH - 260.0
    parts = [label((at - 8, top + 13), name[:24], size=11, colour=INK, anchor="end")]
    for number, size in enumerate(sizes):
        width, fill = room * size / largest, _SHADES[number % 2]
        parts.append(box((at, top + 3), (width, _ROW - 7), fill=fill, stroke=fill, corner=0))
        at += width
    parts.append(label((at + 6, top + 13), str(len(sizes)), size=10, colour=MUTED))
    return parts
