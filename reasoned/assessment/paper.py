"""What the methods' papers print, beside what this model reached."""

from collections.abc import Callable
from typing import Final

import numpy as np

from reasoned.answers import Answers
from reasoned.assessment.figures import PaperRow
from reasoned.assessment.sentences import percent
from reasoned.folder.manifest import Figure, Manifest

_FIDELITY: Final = {
    "mnist": "98.7 ± 0.1 % (MNIST)",
    "fashion-mnist": "91.5 ± 0.1 % (Fashion-MNIST)",
    "cifar10": "93.2 ± 0.2 % (CIFAR-10)",
    "": "90.8 to 98.7 % (four data sets)",
}
_G_RIGHT: Final = {
    "mnist": "f 98.9 %, g 98.3 % (MNIST)",
    "fashion-mnist": "f 90.5 %, g 86.8 % (Fashion-MNIST)",
    "cifar10": "f 84.5 %, g 84.0 % (CIFAR-10)",
    "": "f 84.5 to 98.9 %, g 84.0 to 98.3 %",
}
_CNS: Final = {
    "mnist": "1.2 (MNIST)",
    "fashion-mnist": "3.0 (Fashion-MNIST)",
    "cifar10": "3.7 (CIFAR-10)",
    "": "1.2 to 3.7 (four data sets)",
}
_OF_THE_CNS: Final = 0.2
_UNREAD: Final = "none that we know"
_FLINT: Final = "Parekh et al., NeurIPS 2021; other networks and splits."
_RI: Final = "Lam et al., ICCV 2021, VGG-19 on four data sets; only their order can be compared."


def paper_rows(manifest: Manifest, answers: Answers) -> tuple[PaperRow, ...]:
    """Lay the papers' figures out beside ours, for each method with regions.

    Parameters
    ----------
    manifest
        The model's card, for what the fit measured on validation images.
    answers
        To test images.

    """
    return tuple(
        row
        for name, rows in _ROWS.items()
        if name in answers.methods
        for row in rows(manifest, answers)
    )


def _meta_forest(_manifest: Manifest, answers: Answers) -> tuple[PaperRow, ...]:
    network = percent(float(answers.right.mean()))
    return (
        PaperRow(
            method="CNN-INTE (a reconstruction)",
            figure="right, the meta-level model beside its network",
            paper="no loss of accuracy",
            ours=f"{percent(_right(answers, 'meta_forest'))} beside {network}",
            note="Liu et al., IJCNN 2018, MNIST; the paper's figures are not known to us.",
        ),
        PaperRow(
            method="CNN-INTE (a reconstruction)",
            figure="fidelity: names the network's class",
            paper=_UNREAD,
            ours=percent(_fidelity(answers, "meta_forest")),
            note="Equal accuracy is less: two models can be right as often and disagree.",
        ),
    )


def _representative(_manifest: Manifest, answers: Answers) -> tuple[PaperRow, ...]:
    elsewhere = "see `reasoned evaluate --method representative`"
    covered = answers.methods["representative"].regions != ""
    return (
        PaperRow(
            method="representative interpretations",
            figure="mAD, score lost when the top 20 % are kept",
            paper="2.00 to 12.70 %; Grad-CAM 2.30 to 35.34 %",
            ours=elsewhere,
            note=_RI,
        ),
        PaperRow(
            method="representative interpretations",
            figure="mAI, images whose score rises instead",
            paper="6.12 to 30.72 %; Grad-CAM 4.40 to 32.90 %",
            ours=elsewhere,
            note=_RI,
        ),
        PaperRow(
            method="representative interpretations",
            figure="unseen images in a stored polytope",
            paper=_UNREAD,
            ours=percent(float(covered.mean())),
            note="The paper explains single images; a stored rule set is ours.",
        ),
    )


def _attributes(manifest: Manifest, answers: Answers) -> tuple[PaperRow, ...]:
    of = manifest.methods["attributes"]
    network = percent(float(answers.right.mean()))
    found = [
        PaperRow(
            method="FLINT",
            figure="fidelity of g to f",
            paper=_printed(_FIDELITY, manifest),
            ours=percent(_fidelity(answers, "attributes")),
            note=_FLINT,
        ),
        PaperRow(
            method="FLINT",
            figure="right, network f and interpreter g",
            paper=_printed(_G_RIGHT, manifest),
            ours=f"f {network}, g {percent(_right(answers, 'attributes'))}",
            note=_FLINT,
        ),
    ]
    # The paper's conciseness at tau = 5 counts relevances above 0.2, and only those.
    if of.get("threshold") == _OF_THE_CNS:
        row = PaperRow(
            method="FLINT",
            figure="CNS(5), attributes of a relevance above 0.2",
            paper=_printed(_CNS, manifest),
            ours=f"{_number(of.get('validation_cns'))} (validation images)",
            note=f"{_FLINT} Read off a plot.",
        )
        found.append(row)
    return tuple(found)


def _mixture(manifest: Manifest, answers: Answers) -> tuple[PaperRow, ...]:
    of = manifest.methods["mixture"]
    assigned, predictive = _number(of.get("assigned_rmse")), _number(of.get("predictive_rmse"))
    return (
        PaperRow(
            method="DMM-MEN",
            figure="root mean squared error of the log-odds",
            paper=_UNREAD,
            ours=f"{assigned} assigned, {predictive} predictive",
            note="Guo et al., NeurIPS 2018. Assigned knows the network's answer; only predictive "
            "is what a request gets.",
        ),
        PaperRow(
            method="DMM-MEN",
            figure="fidelity: names the network's class",
            paper=_UNREAD,
            ours=percent(_fidelity(answers, "mixture")),
            note="For its tests of pixels (PCR) see `reasoned evaluate --method mixture`.",
        ),
    )


_ROWS: Final[dict[str, Callable[[Manifest, Answers], tuple[PaperRow, ...]]]] = {
    "meta_forest": _meta_forest,
    "representative": _representative,
    "attributes": _attributes,
    "mixture": _mixture,
}


def _printed(values: dict[str, str], manifest: Manifest) -> str:
    return values.get(manifest.data.spec, values[""])


def _fidelity(answers: Answers, method: str) -> float | None:
    column = answers.methods[method]
    agreed = (column.names == answers.predicted)[column.regions != ""]
    return float(np.mean(agreed)) if agreed.size else None


def _right(answers: Answers, method: str) -> float:
    return float(np.mean(answers.methods[method].names == answers.labels))


def _number(value: Figure) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "-"
