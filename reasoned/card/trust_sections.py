"""How far replies can be trusted: the statement, its check, shifted images and strangers."""

from reasoned.card.markdown import bullets, figure, named, percent, plain, table
from reasoned.card.measured import Measured, Shift
from reasoned.card.subject import Subject
from reasoned.folder.manifest import Figure

_STATEMENT = """Every reply carries a `status`, which speaks of the place where the image falls and
never of this image's own agreement; an estimate of how often an explanation given in such places
names the network's class; and a lower bound for it. Both are counted on the calibration images
that were explained alike: k of n named the network's class. If the images to come are like the
calibration images, the bounds of all such groups hold at once with 95 % confidence. They are
bounds for agreement with the network, not for the network being right, and say nothing of images
that are not like the calibration images.

- `supported`: the image is like the training images, and the first evidence is firm there.
- `weak`: it is like them, but no evidence is firm: a hint.
- `out_of_support`: it is unlike the training images: trust neither class nor evidence."""
_MISSING = (
    "Not measured; run `reasoned evaluate MODEL --data ...`, then `reasoned card MODEL "
    "--evaluation evaluation.json`."
)
_VERDICTS = {None: "not measured", True: "holds", False: "**does not hold**"}
_SHIFT_HEAD = (
    "change, severity",
    "images",
    "supported",
    "accuracy",
    "fidelity",
    "fidelity where supported",
)
_STATUSES = ("supported", "weak", "out_of_support")
_HEAD = ("status", "share of the images", "fidelity of the first choice", "accuracy of the network")


def reliability(subject: Subject) -> str:
    """Write what the statement of a reply means, and how it held on test images."""
    manifest = subject.manifest
    bounds = [(named(key), figure(value)) for key, value in manifest.bounds.items()]
    parts = [
        "## Reliability",
        _STATEMENT,
        "On test images:",
        table(_HEAD, _statuses(subject)),
        "Whether estimates and bounds hold on unseen images:",
        _MISSING if subject.measured is None else _held(subject.measured),
    ]
    if bounds:
        parts += ["What was fixed on validation images:", table(("figure", "value"), bounds)]
    return "\n\n".join(parts)


def _statuses(subject: Subject) -> list[tuple[str, ...]]:
    if subject.measured is not None:
        return [
            (some.name, percent(some.share), percent(some.fidelity), percent(some.accuracy))
            for some in subject.measured.reliability.statuses
        ]
    figures: dict[str, Figure] = subject.manifest.figures
    keys = ("share", "fidelity", "accuracy")
    return [
        (status, *(percent(figures.get(f"{status}_{key}")) for key in keys)) for status in _STATUSES
    ]


def _held(measured: Measured) -> str:
    trust = measured.reliability
    error = trust.calibration_error
    return "\n\n".join(
        (
            bullets(
                (
                    "calibration error of the estimate: "
                    + ("nothing was counted" if error is None else f"{error:.4f}"),
                    (
                        "groups whose lower bound the test images reject: "
                        f"{percent(trust.bounds_broken_share)}"
                    ),
                )
            ),
            "In one line each:",
            bullets(f"{_VERDICTS[one.holds]}: {plain(one.text)}" for one in measured.summary),
        )
    )


def shifted(subject: Subject) -> str:
    """Write what happens when images change, and to images of another kind."""
    parts = ["## Images that differ from the training images"]
    measured = subject.measured
    if measured is None:
        return "\n\n".join([*parts, _MISSING])
    if not measured.shift and not measured.strangers:
        return "\n\n".join([*parts, "The evaluation left this out."])
    if measured.shift:
        parts.append(table(_SHIFT_HEAD, (_shift(one) for one in measured.shift)))
    if measured.strangers:
        head = ("images of another kind", "images", "not supported")
        rows = [
            (f"{one.name}: {one.what}", f"{one.images:,}", percent(one.not_supported))
            for one in measured.strangers
        ]
        parts.append(table(head, rows))
    return "\n\n".join(parts)


def _shift(one: Shift) -> tuple[str, ...]:
    shares = (one.supported, one.accuracy, one.fidelity, one.supported_fidelity)
    return (f"{one.kind}, {one.severity}", f"{one.images:,}", *map(percent, shares))
