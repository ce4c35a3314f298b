"""The tables of FLINT's results, for README.md and the method's page."""

from collections.abc import Callable
from typing import Any

PAPER = {
    "mnist": ("98.9 ± 0.2", "98.3 ± 0.2", "98.7 ± 0.1", "1.2"),
    "fashion": ("90.5 ± 0.2", "86.8 ± 0.4", "91.5 ± 0.1", "3.0"),
}
DESIGN = (
    ("MNIST, published setting", "mnist"),
    ("MNIST, without the entropies", "mnist_no_entropy"),
    ("Fashion-MNIST, published setting", "fashion"),
)
AFTERWARDS = (
    ("MNIST", "mnist_posthoc"),
    ("MNIST, concise", "mnist_concise"),
    ("Fashion-MNIST", "fashion_posthoc"),
    ("Fashion-MNIST, concise", "fashion_concise"),
)
SERVED = (
    ("MNIST, concise", "mnist_concise"),
    ("Fashion-MNIST, concise", "fashion_concise"),
    ("Fashion-MNIST, by design", "fashion_by_design"),
)


def summary_table(found: dict[str, Any]) -> str:
    """Write both routes in a few rows."""
    lines = [
        "| FLINT, on 10,000 test images | f | g | fidelity | CNS(5) | CPU seconds |",
        "|---|---|---|---|---|---|",
    ]
    rows = [row for row in DESIGN if row[1] in ("mnist", "fashion")]
    rows += [(f"{name}, afterwards, on the reference network", key) for name, key in AFTERWARDS]
    return "\n".join([*lines, *(_row(words, found[key]) for words, key in rows)])


def design_table(found: dict[str, Any]) -> str:
    """Write every setting that was trained together with its predictor, and the paper's rows."""
    lines = [
        "| trained together, on the paper's split | f | g | fidelity | CNS(5) | CPU seconds |",
        "|---|---|---|---|---|---|",
    ]
    for words, key in DESIGN:
        if key not in found:
            continue
        lines.append(_row(words, found[key]))
        if key in PAPER:
            cells = " | ".join(PAPER[key])
            lines.append(f"| {words.split(',')[0]}, the paper | {cells} | |")
    return "\n".join(lines)


def afterwards_table(found: dict[str, Any]) -> str:
    """Write what interpreters of fixed networks achieve and cost."""
    lines = [
        "| afterwards, on the reference network | f | g | fidelity | CNS(5) | live of 25 | CPU s |",
        "|---|---|---|---|---|---|---|",
    ]
    for words, key in AFTERWARDS:
        one = found[key]
        cells = [_spread(one, name) for name in ("f", "g", "fidelity")]
        live = ", ".join(str(count) for count in one["live"])
        cells += [f"{one['cns5']:.2f}", live, f"{one['fit_cpu_seconds']:,.0f}"]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines)


def served_table(found: dict[str, Any]) -> str:
    """Write what the packaged interpreters show, and add to a request."""
    kept = [(words, found[key]) for words, key in SERVED if key in found]
    lines = [
        f"| as served | {' | '.join(words for words, _ in kept)} |",
        "|---|" + "---|" * len(kept),
    ]
    rows: tuple[tuple[str, Callable[[dict[str, Any]], str]], ...] = (
        ("fidelity, %", lambda one: f"{100 * one['evaluation']['fidelity']:.2f}"),
        ("CNS(5)", lambda one: f"{one['evaluation']['cns']['5']:.2f}"),
        ("g names the same wrong class where f errs, %", _errors),
        ("error of the rebuilt image / of the mean image", _rebuilt),
        ("activation maximisation raises the attribute", _raised),
        ("the image itself: LIME / g name f's class, %", lambda one: _lime(one, "")),
        ("half of the cells removed: LIME / g, %", lambda one: _lime(one, "removed_")),
        (
            "added to a request, in passes of the bare network",
            lambda one: f"{one['request']['added_over_bare']} x",
        ),
    )
    for words, cell in rows:
        lines.append(f"| {words} | {' | '.join(cell(one) for _, one in kept)} |")
    return "\n".join(lines)


def sweep_table(found: dict[str, Any]) -> str:
    """Write how far attributes can be shared, judged on images held out of the training ones."""
    lines = [
        "| 8 epochs, Psi on a halved map | fidelity | CNS(5) | attributes of a class | shared |",
        "|---|---|---|---|---|",
    ]
    for key, one in found.items():
        if not key.startswith("sweep: "):
            continue
        used, served = one["attributes_of_a_class"][0], one["classes_of_an_attribute"][0]
        mean = sum(used) / len(used)
        several = sum(count > 1 for count in served)
        lines.append(
            f"| {key.removeprefix('sweep: ')} | {one['fidelity']:.2f} | {one['cns5']:.2f} | "
            f"{min(used)} or more, mean {mean:.1f} | {several} of {len(served)} |"
        )
    return "\n".join(lines)


def choices_table(found: dict[str, Any]) -> str:
    """Write what was tried by design on Fashion-MNIST, judged on held-out images."""
    lines = [
        "| Fashion-MNIST, 12 epochs, Psi on a halved map | f | g | fidelity | CNS(5) |",
        "|---|---|---|---|---|",
    ]
    for key, one in found.items():
        if key.startswith("choice: "):
            cells = [f"{one[name]:.2f}" for name in ("f", "g", "fidelity", "cns5")]
            lines.append(f"| {key.removeprefix('choice: ')} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cns_table(found: dict[str, Any]) -> str:
    """Write CNS over tau, ours beside what is read off the paper's plot."""
    taus = list(found["mnist"]["cns"])
    lines = [
        f"| CNS at tau = | {' | '.join(taus)} |",
        "|---|" + "---|" * len(taus),
    ]
    for words, key in (*DESIGN, *((f"{n}, afterwards", k) for n, k in AFTERWARDS)):
        if key in found:
            cells = " | ".join(f"{found[key]['cns'][tau]:.2f}" for tau in taus)
            lines.append(f"| {words} | {cells} |")
    read_off = {
        "MNIST, the paper": (1.0, 1.1, 1.1, 1.1, 1.15, 1.2),
        "Fashion-MNIST, the paper": (1.4, 1.7, 1.9, 2.2, 2.6, 3.0),
        "SENN, MNIST, the paper": (6.2, 10.5, 13.3, 15.1, 17.0, 18.1),
        "SENN, Fashion-MNIST, the paper": (5.6, 9.5, 12.3, 14.0, 15.9, 17.0),
    }
    for words, values in read_off.items():
        lines.append(f"| {words} | {' | '.join(str(value) for value in values)} |")
    return "\n".join(lines)


def _row(words: str, one: dict[str, Any]) -> str:
    cells = [_spread(one, key) for key in ("f", "g", "fidelity")]
    cells += [f"{one['cns5']:.2f}", f"{one['fit_cpu_seconds']:,.0f}"]
    return f"| {words} | {' | '.join(cells)} |"


def _spread(one: dict[str, Any], key: str) -> str:
    apart = one["spread"][key]
    # Of a fixed network the accuracy is the same for all seeds.
    return f"{one[key]:.2f}" + (f" ± {apart:.2f}" if apart else "")


def _errors(one: dict[str, Any]) -> str:
    share = one["evaluation"]["fidelity_on_errors"]
    return "-" if share is None else f"{100 * share:.1f}"


def _rebuilt(one: dict[str, Any]) -> str:
    inputs = one["evaluation"]["inputs"]
    return f"{inputs['rebuilt']:.4f} / {inputs['mean_image']:.4f}"


def _raised(one: dict[str, Any]) -> str:
    made = one["evaluation"]["maximisation"]
    return f"{made['raised']} of {made['tried']}"


def _lime(one: dict[str, Any], which: str) -> str:
    lime = one["evaluation"]["lime"]
    return f"{100 * lime[which + 'lime']['mean']:.1f} / {100 * lime[which + 'g']['mean']:.1f}"
