"""What a model does not promise, and what it costs."""

from reasoned.card.markdown import bullets, table
from reasoned.card.subject import Subject

_LIMITS = (
    (
        "An explanation is not a cause. It says what the network's answer goes with among the "
        "training images, not what would happen if the world were otherwise."
    ),
    (
        "Replies and pages show real training images, and name them. Do not serve a model fitted "
        "on images that must not be shown."
    ),
    (
        "Neither the network nor the explanations are robust against images made to deceive "
        "them; an image can be changed so that it keeps its status and loses its class."
    ),
    (
        "Faithful means: names the network's class. Where the network errs, a faithful explanation "
        "errs with it, and reads just as well."
    ),
    (
        "Counts come from one calibration set. Where the images to come differ from it, "
        "estimates and bounds need not hold."
    ),
    (
        "This card and the manifest name the files and folders in the command that made the model; "
        "read them before you publish either."
    ),
    "Bias in the training data is kept by the network and shown, not removed, by the explanations.",
)


def limits(subject: Subject) -> str:
    """Write limits, risks and cost."""
    manifest = subject.manifest
    parts = [
        "## Limits and risks",
        bullets(_LIMITS),
        "## Cost",
        (
            f"One reply with its explanation took {manifest.request_ms:g} ms (median, one thread, "
            "in process) on the machine that fitted the model."
        ),
    ]
    costs = () if subject.measured is None else subject.measured.cost
    if costs:
        rows = [
            (one.name, one.kind, f"{one.milliseconds:.3g}", f"{one.passes:.3g}") for one in costs
        ]
        head = ("explanation", "whose", "milliseconds", "passes of the bare network")
        parts += ["One explanation, one image at a time, in one run:", table(head, rows)]
    return "\n\n".join(parts)
