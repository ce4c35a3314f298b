"""The methods of a model, and how faithful each was."""

from reasoned.card.markdown import bullets, figure, named, percent, plain, table
from reasoned.card.method_words import METHODS, UNKNOWN
from reasoned.card.subject import Subject


def methods(subject: Subject) -> str:
    """Write what each method is and does not say, and the figures of its fit."""
    manifest = subject.manifest
    parts = ["## Methods"]
    for method, summary in manifest.methods.items():
        what, limits = METHODS.get(method, UNKNOWN)
        parts += [f"### {plain(method)}", f"{what} Limits: {limits}"]
        if summary:
            rows = [(named(key), figure(value)) for key, value in summary.items()]
            parts.append(table(("figure", "value"), rows))
    if manifest.refused:
        refused = (f"{plain(name)}: {plain(why)}" for name, why in manifest.refused.items())
        parts += ["### Not packaged", bullets(refused)]
    return "\n\n".join(parts)


def fidelity(subject: Subject) -> str:
    """Write how accurate the network is, and how often evidence names its class."""
    images, accuracy, first, wrong = _overall(subject)
    return "\n\n".join(
        (
            "## Accuracy and fidelity",
            (
                f"On {images} test images that no fit, choice or calibration saw. Accuracy is how "
                "often the network's class is the true one; fidelity is how often an explanation "
                "names the network's class, right or wrong."
            ),
            table(
                ("figure", "value"),
                [
                    ("accuracy of the network", percent(accuracy)),
                    ("fidelity of the first choice", percent(first)),
                    ("fidelity of the first choice where the network is wrong", percent(wrong)),
                ],
            ),
            table(("method", "images that it has a region for", "fidelity there"), _rows(subject)),
        )
    )


def _overall(subject: Subject) -> tuple[str, object, object, object]:
    if (measured := subject.measured) is not None:
        trust = measured.reliability
        return f"{trust.images:,}", trust.accuracy, trust.fidelity, trust.wrong.fidelity
    figures = subject.manifest.figures
    first, wrong = "first_choice_fidelity", "first_choice_fidelity_where_wrong"
    images = figures.get("images")
    counted = f"{images:,}" if isinstance(images, int) else "the"
    return counted, figures.get("accuracy"), figures.get(first), figures.get(wrong)


def _rows(subject: Subject) -> list[tuple[str, str, str]]:
    figures, found = subject.manifest.figures, dict[str, tuple[object, object]]()
    if subject.measured is not None:
        found = {
            some.name: (some.share, some.fidelity) for some in subject.measured.reliability.methods
        }
    rows = []
    for method, summary in subject.manifest.methods.items():
        if summary.get("agrees") == "by construction":
            rows.append((method, "all", "100 %, by construction"))
            continue
        fitted = (figures.get(f"{method}_coverage"), figures.get(f"{method}_fidelity"))
        share, agreed = found.get(method, fitted)
        rows.append((method, percent(share), percent(agreed)))
    return rows
