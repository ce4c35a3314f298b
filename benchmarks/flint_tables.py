"""The tables of FLINT's results, for README.md and the method's page."""

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
AFTERWARDS = (("MNIST", "mnist_posthoc"), ("Fashion-MNIST", "fashion_posthoc"))


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
    """Write what interpreters of fixed networks achieve, cost and show."""
    lines = ["| afterwards, on the reference network | MNIST | Fashion-MNIST |", "|---|---|---|"]
    both = [found[key] for _, key in AFTERWARDS]

    def add(words: str, cells: list[str]) -> None:
        lines.append(f"| {words} | {' | '.join(cells)} |")

    for words, key in (("accuracy of f", "f"), ("accuracy of g", "g"), ("fidelity", "fidelity")):
        add(f"{words}, %", [_spread(one, key) for one in both])
    add("CNS(5)", [f"{one['cns5']:.2f}" for one in both])
    add("attributes, of which live (by seed)", [_live(one) for one in both])
    add("whole fit of the method, pictures included, CPU s", [_cpu(one) for one in both])
    add("g where f errs: names the same wrong class, %", [_errors(one) for one in both])
    add("error of the rebuilt image / of the mean image", [_rebuilt(one) for one in both])
    add("activation maximisation raises the attribute", [_raised(one) for one in both])
    add("LIME / g name f's class, same 200 images, %", [_lime(one, "") for one in both])
    add("the same with half of the cells removed, %", [_lime(one, "removed_") for one in both])
    added = [f"{one['request']['added_over_bare']} x" for one in both]
    add("added to a request, in passes of the bare network", added)
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


def _live(one: dict[str, Any]) -> str:
    return f"{one['attributes']}: {', '.join(str(count) for count in one['live'])}"


def _cpu(one: dict[str, Any]) -> str:
    return f"{one['fit_cpu_seconds']:,.0f}"


def _errors(one: dict[str, Any]) -> str:
    share = one["evaluation"]["fidelity_on_errors"]
    return "-" if share is None else f"{100 * share:.1f}"


def _rebuilt(one: dict[str, Any]) -> str:
    inputs = one["evaluation"]["inputs"]
    return f"{inputs['rebuilt']:.4f} / {inputs['mean_image']:.4f}"


def _raised(one: dict[str, Any]) -> str:
    return f"{one['pictures']['raised']} of {one['pictures']['tried']}"


def _lime(one: dict[str, Any], which: str) -> str:
    lime = one["evaluation"]["lime"]
    return f"{100 * lime[which + 'lime']['mean']:.1f} / {100 * lime[which + 'g']['mean']:.1f}"
