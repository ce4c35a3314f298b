"""The tables of DMM-MEN's results, for README.md and the method's page."""

from typing import Any, Final

DATA: Final = (("MNIST, perceptron", "mnist"), ("Fashion-MNIST, CNN", "fashion"))
TESTS: Final = ("removal", "insertion", "synthetic")
RANKINGS: Final = {
    "mixture_signed": "mixture, by contribution",
    "mixture": "mixture, by \\|b\\| (as in the paper)",
    "mixture_mean": "mixture, against the mean of other classes",
    "random_within": "random among the same pixels",
    "random_all": "random among all pixels",
    "variance": "variance",
    "ridge": "one ridge, by \\|b\\|",
    "ridge_signed": "one ridge, by contribution",
    "ridge_mean": "one ridge, against the mean of other classes",
    "gradient_input": "gradient x input",
    "integrated_gradients": "integrated gradients",
    "lime": "LIME",
    "shap": "Kernel SHAP",
}
SERVED: Final = "mixture_signed"


def summary_table(found: dict[str, Any]) -> str:
    """Write the figures of both data sets in a few rows."""
    both = [found[key] for _, key in DATA]
    yes = {True: "yes", False: "no"}
    rows = [
        (
            "the mixture names the network's class",
            [f"{100 * one['fidelity']:.2f} %" for one in both],
        ),
        *((words, [f"{one[key]:.2f}" for one in both]) for words, key in _ERRORS),
        (
            "the gate's component is the posterior's",
            [_percent(one["gate_accuracy"]) for one in both],
        ),
        *(
            (
                f"{test} beats random pixels, class tested / of 10 classes",
                [f"{yes[one[f'{test}_beats_random']]} / {one['classes'][test]}" for one in both],
            )
            for test in TESTS[:2]
        ),
        ("vulnerabilities found, of tried", [_vulnerable(one) for one in both]),
        (
            "added to a request, in passes of the bare network",
            [f"{one['request']['added_over_bare']} x" for one in both],
        ),
    ]
    head = ["| DMM-MEN, on test images | " + " | ".join(words for words, _ in DATA) + " |"]
    lines = [*head, "|---|---|---|", *(_row(words, cells) for words, cells in rows)]
    return "\n".join(lines)


def sampler_table(found: dict[str, Any]) -> str:
    """Write what the sampler was checked by, and what it costs."""
    rows = [
        (
            f"Geweke's test, {found['geweke_sweeps']:,} sweeps: largest \\|z\\|",
            f"{found['geweke_max_abs_z']:.2f}",
        ),
        (
            "three planted regimes: adjusted Rand index below the oracle's, at worst",
            f"{found['planted_ari_gap']:.4f}",
        ),
        (
            "2,000 sweeps, n = 7,000, p = 300, J = 6, CPU seconds",
            f"{found['sweeps_2000_cpu_seconds']}",
        ),
        ("the same with every product recomputed", f"{found['naive_2000_cpu_seconds']}"),
        (
            "Fashion-MNIST, ten classes, `default`, seconds on 2 cores",
            f"{found['ten_classes_seconds']}",
        ),
        ("the same, `preview`", f"{found['preview_seconds']}"),
    ]
    return "\n".join(
        ["| the sampler | |", "|---|---|", *(_row(words, [cell]) for words, cell in rows)]
    )


def paper_table(found: dict[str, Any]) -> str:
    """Write the fit by the authors' values beside the one that is stored in their repository."""
    one = found["paper"]
    rows = [
        ("rows, features", f"{one['rows']:,}, {one['features']}", "7,000, 300"),
        ("shares of the components", _listed(one["shares"]), "0.43, 0.57"),
        ("noise variances s2", _listed(one["s2"]), "3.03, 1.03"),
        ("largest coefficient", _listed(one["largest_coefficient"]), "4.17, 2.33"),
        ("mean size of a coefficient", _listed(one["mean_coefficient"]), "0.38, 0.23"),
        ("seconds", f"{one['seconds']:,.0f}", ""),
    ]
    head = f"| {one['class']}, preset `paper` | here | the authors' stored fit |"
    return "\n".join([head, "|---|---|---|", *(_row(words, cells) for words, *cells in rows)])


def errors_table(found: dict[str, Any]) -> str:
    """Write the errors of every class, assigned and predictive apart."""
    lines = [
        (
            "| log-odds, RMSE | components | assigned (knows the answer) | "
            "predictive (as served) | one ridge | sd | gate right | one dominates |"
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    for words, key in DATA:
        lines += [
            _error(f"{words.split(',')[0]}: {one['name']}", one) for one in found[key]["errors"]
        ]
    return "\n".join(lines)


def tests_table(found: dict[str, Any]) -> str:
    """Write areas under the curves, and how the served ranking stands beside each rival."""
    blocks = []
    for words, key in DATA:
        one = found[key]
        for name, scope in ((one["tested"], one["tested"]), ("", "all classes")):
            head = [f"{words}: {scope}", *(f"{test}" for test in TESTS)]
            lines = [f"| {' | '.join(head)} |", "|---|" + "---|" * len(TESTS)]
            lines += [_ranking(one, ranking, name) for ranking in RANKINGS if _has(one, ranking)]
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def vulnerabilities_table(found: dict[str, Any]) -> str:
    """Write the vulnerabilities that were found, the surest first."""
    lines = [
        (
            "| network | component | pattern | pasted onto | called the class | random pixels | "
            "nothing pasted |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    for words, key in DATA:
        ordered = sorted(found[key]["vulnerabilities"], key=lambda one: -one["pasted"]["low"])
        for one in ordered[:_MOST]:
            cells = [f"{one[k]['count']} of {one[k]['of']}" for k in ("pasted", "control", "bare")]
            lines.append(
                f"| {words} | {one['name']}, {one['component']} | {one['pattern']} | "
                f"{one['background']} | {' | '.join(cells)} |"
            )
    said = ", ".join(f"{words}: {_vulnerable(found[key])}" for words, key in DATA)
    return "\n".join([*lines, "", f"Found, of tried: {said}."])


_MOST: Final = 8
_ERRORS: Final = (
    ("error of log-odds, component chosen knowing the answer (assigned)", "assigned_rmse"),
    ("error of log-odds as served, from the image alone (predictive)", "predictive_rmse"),
    ("error of one ridge regression", "ridge_rmse"),
)


def _ranking(one: dict[str, Any], ranking: str, name: str) -> str:
    cells = []
    for test in TESTS:
        curve = next(
            c
            for c in one["curves"]
            if (c["test"], c["name"], c["ranking"]) == (test, name, ranking)
        )
        cells.append(f"{curve['area']['mean']:.3f}{_against(one, test, name, ranking)}")
    return _row(RANKINGS[ranking], cells)


def _against(one: dict[str, Any], test: str, name: str, rival: str) -> str:
    for d in one["differences"]:
        if (d["test"], d["name"], d["ranking"], d["rival"]) == (test, name, SERVED, rival):
            mark = " ours better" if d["beats"] else " **ours worse**" if d["worse"] else ""
            span = d["difference"]
            return f" ({span['low']:+.3f} to {span['high']:+.3f}{mark})"
    return ""


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers)


def _has(one: dict[str, Any], ranking: str) -> bool:
    return any(curve["ranking"] == ranking for curve in one["curves"])


def _error(words: str, one: dict[str, Any]) -> str:
    cells = [f"{one[key]:.2f}" for key in ("assigned_rmse", "predictive_rmse", "ridge_rmse")]
    cells += [f"{one['deviation']:.2f}", _percent(one["gate_accuracy"]), _percent(one["dominant"])]
    return _row(words, [str(one["components"]), *cells])


def _vulnerable(one: dict[str, Any]) -> str:
    return f"{len(one['vulnerabilities'])} of {one['vulnerabilities_tried']}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _row(words: str, cells: list[str]) -> str:
    return f"| {words} | {' | '.join(cells)} |"
