"""The header of a card, as the Hugging Face hub reads it: YAML between two lines of dashes."""

import json
import re
from typing import Final

from reasoned.card.subject import Subject

# The hub's own ids; data of the user's own has none.
_HUB: Final = {
    "mnist": ("ylecun/mnist", "MNIST"),
    "fashion-mnist": ("zalando-datasets/fashion_mnist", "Fashion-MNIST"),
    "cifar10": ("uoft-cs/cifar10", "CIFAR-10"),
}
_TAGS = ("explainability", "interpretability", "image-classification", "onnx", "reasoned")
_FOLDER = "folder:"
# JSON escapes what is below a blank only; YAML reads some others as line ends or not at all.
_UNPRINTED = re.compile(r"[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
Metric = tuple[str, str, float]


def header(subject: Subject) -> str:
    """Write the header: licence, task, tags, data sets and results."""
    data = subject.manifest.data.spec
    lines = [
        "---",
        f"license: {quoted(subject.licence)}",
        'library_name: "reasoned"',
        'pipeline_tag: "image-classification"',
        "tags:",
        *(f"- {quoted(tag)}" for tag in (*_TAGS, *subject.manifest.methods)),
    ]
    if data in _HUB:
        lines += ["datasets:", f"- {quoted(_HUB[data][0])}"]
    if metrics := metrics_of(subject):
        lines += ["metrics:", '- "accuracy"', *_index(subject, metrics)]
    return "\n".join([*lines, "---"])


def metrics_of(subject: Subject) -> list[Metric]:
    """Give type, name and value of each result: of the evaluation, else those of the fit."""
    found = _evaluated(subject) if subject.measured is not None else _fitted(subject)
    return [
        (kind, name, float(value))
        for kind, name, value in found
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]


def _evaluated(subject: Subject) -> list[tuple[str, str, object]]:
    measured = subject.measured
    if measured is None:
        return []
    trust = measured.reliability
    supported = next((some for some in trust.statuses if some.name == "supported"), None)
    found: list[tuple[str, str, object]] = [
        ("accuracy", "Accuracy of the network", trust.accuracy),
        ("fidelity", "Fidelity of the first choice", trust.fidelity),
        ("calibration_error", "Calibration error of the estimate", trust.calibration_error),
    ]
    if supported is not None:
        found += _supported(supported.share, supported.fidelity)
    return found


def _fitted(subject: Subject) -> list[tuple[str, str, object]]:
    figures = subject.manifest.figures
    return [
        ("accuracy", "Accuracy of the network", figures.get("accuracy")),
        ("fidelity", "Fidelity of the first choice", figures.get("first_choice_fidelity")),
        *_supported(figures.get("supported_share"), figures.get("supported_fidelity")),
    ]


def _supported(share: object, fidelity: object) -> list[tuple[str, str, object]]:
    return [
        ("supported_share", "Share of replies that are supported", share),
        ("supported_fidelity", "Fidelity of the first choice where supported", fidelity),
    ]


def _index(subject: Subject, metrics: list[Metric]) -> list[str]:
    spec = subject.manifest.data.spec
    kind, name = _HUB.get(spec, (_short(spec), _short(spec)))
    lines = [
        "model-index:",
        f"- name: {quoted(subject.manifest.name)}",
        "  results:",
        "  - task:",
        '      type: "image-classification"',
        '      name: "Image classification"',
        "    dataset:",
        f"      type: {quoted(kind)}",
        f"      name: {quoted(name)}",
        '      split: "test"',
        "    metrics:",
    ]
    for metric, title, value in metrics:
        lines += [f"    - type: {quoted(metric)}", f"      name: {quoted(title)}"]
        lines.append(f"      value: {value:.6f}")
    return lines


def _short(spec: str) -> str:
    """Name a folder by its last part: where it lies is nobody's business."""
    if not spec.startswith(_FOLDER):
        return spec
    return (
        spec.removeprefix(_FOLDER).rstrip("/\\").replace("\\", "/").rpartition("/")[2] or "folder"
    )


def quoted(text: str) -> str:
    """Write text as a YAML scalar in double quotes, on one line."""
    return _UNPRINTED.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False)
    )
