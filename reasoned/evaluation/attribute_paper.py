"""The paper's own tables, beside which ours are shown."""

from typing import Final

from reasoned.evaluation.attribute_figures import AttributeFigures
from reasoned.evaluation.evaluation import Section

_OTHER: Final = "Parekh et al., NeurIPS 2021: other networks, other splits."
_NETWORKS: Final = (
    ("MNIST", "98.9 ± 0.2", "98.3 ± 0.2", "98.7 ± 0.1", "95.6 ± 0.4", "96.6 ± 0.7"),
    ("Fashion-MNIST", "90.5 ± 0.2", "86.8 ± 0.4", "91.5 ± 0.1", "67.3 ± 1.3", "88.4 ± 0.3"),
    ("CIFAR-10", "84.5 ± 0.2", "84.0 ± 0.4", "93.2 ± 0.2", "31.5 ± 0.9", "65.5 ± 0.3"),
    ("QuickDraw", "85.7 ± 0.3", "85.4 ± 0.1", "90.8 ± 0.4", "76.3 ± 0.1", "78.6 ± 0.4"),
)
_CONCISENESS: Final = (
    ("FLINT, MNIST", "1.0", "1.1", "1.1", "1.1", "1.15", "1.2"),
    ("FLINT, Fashion-MNIST", "1.4", "1.7", "1.9", "2.2", "2.6", "3.0"),
    ("FLINT, CIFAR-10", "1.3", "1.6", "2.0", "2.3", "3.1", "3.7"),
    ("FLINT, QuickDraw", "1.1", "1.25", "1.4", "1.5", "1.7", "1.9"),
    ("SENN, MNIST", "6.2", "10.5", "13.3", "15.1", "17.0", "18.1"),
    ("SENN, Fashion-MNIST", "5.6", "9.5", "12.3", "14.0", "15.9", "17.0"),
)


def beside_paper(figures: AttributeFigures) -> Section:
    """Lay the accuracies and fidelities out with the paper's."""
    lime = "-" if figures.lime is None else _percent(figures.lime.lime.mean)
    ours = (
        f"this model ({figures.model})",
        *map(_percent, (figures.f, figures.g, figures.fidelity)),
        lime,
        "-",
    )
    head = ("data", "f right %", "g right %", "fidelity of g %", "of LIME %", "of VIBI %")
    return Section(
        "Beside the paper",
        f"{_OTHER} Only the order of methods within a row can be compared with ours. LIME's "
        "settings there are not known; VIBI has no maintained implementation, and was not run.",
        (head, ours, *_NETWORKS),
    )


def conciseness_beside_paper(figures: AttributeFigures) -> Section:
    """Lay the mean number of attributes above 1/tau out with the paper's."""
    ours = (
        ("this model", *(f"{value:.2f}" for value in figures.cns.values())),
        ("this model, absolute", *(f"{value:.2f}" for value in figures.cns_absolute.values())),
    )
    head = ("", *(f"tau = {tau}" for tau in figures.cns))
    return Section(
        "How many attributes an explanation needs",
        "CNS(tau): the mean number of attributes with a relevance above 1/tau, over all unseen "
        "images; few are easier to read. Absolute: attributes that speak against the class "
        f"are counted too. {_OTHER} Its values were read off a plot.",
        (head, *ours, *_CONCISENESS),
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f}"
