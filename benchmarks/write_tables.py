"""Put the measured figures into README.md and the methods' pages, between their marks."""

import json
import re
from pathlib import Path
from typing import Any

from benchmarks import dmm_men_tables, faithfulness_tables, flint_tables, production_tables

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs" / "results"
PAGES = ("cnn-inte", "representative", "attributes", "mixture", "faithfulness", "production")
ROWS = (
    ("accuracy of the network", "accuracy"),
    ("fidelity of the served path", "path_fidelity"),
    ("fidelity of the path where the network errs", "path_fidelity_where_wrong"),
    ("the same pipeline on an untrained copy", "untrained_fidelity"),
    ("fidelity of the meta-level forest's own choice", "meta_forest_vote_fidelity"),
    ("`supported`: share", "supported_share"),
    ("`supported`: fidelity", "supported_fidelity"),
    ("`weak`: share", "weak_share"),
    ("`weak`: fidelity", "weak_fidelity"),
    ("`out_of_support`: share", "out_of_support_share"),
    ("`out_of_support`: fidelity", "out_of_support_fidelity"),
    ("paper's pipeline, network route: fidelity", "network_route_fidelity"),
    ("paper's pipeline, forest route: fidelity", "forest_fidelity"),
)
PLAIN = (
    ("leaves of the tree", "leaves"),
    ("tests on a path, mean", "mean_path"),
    ("tests on a path, most", "longest_path"),
    ("whole fit, training included, CPU seconds", "fit_cpu_seconds"),
    ("peak memory of the fit, MiB", "fit_peak_mib"),
    ("model folder, bytes", "folder_bytes"),
)


SHARES = (
    ("training images inside a polytope", "reference_coverage"),
    ("test images inside a polytope", "unseen_coverage"),
    ("of all pairs of these and a polytope: it names the network's class", "unseen_precision"),
    ("of the images: the deepest polytope names the network's class", "unseen_precision_by_image"),
    ("greedy choice, share of the optimal coverage, mean of 50 images", "greedy_over_exact"),
    ("the same, redundant boundaries dropped", "pruned_over_exact"),
)
WANTED = 0.96  # the share of validation images at the depth of which a row is given
COUNTS = (
    ("polytopes", "polytopes"),
    ("facets of a polytope, mean", "facets"),
    ("polytopes with no training image of another class inside", "polytopes_with_tau_zero"),
    ("stored counts that a recount from the images contradicts", "recount_mismatches"),
    ("building the rule set, CPU seconds", "build_cpu_seconds"),
    ("the same, peak memory of its process, MiB", "build_peak_mib"),
)
MODEL = (
    ("with the path and the sum: fidelity of the first choice", "first_choice_fidelity"),
    ("`supported`: share", "supported_share"),
    ("`supported`: fidelity", "supported_fidelity"),
)


def main() -> None:
    """Read the results and rewrite what stands between the marks."""
    found = json.loads((RESULTS / "cnn_inte.json").read_text())
    bench = json.loads((RESULTS / "bench.json").read_text())
    regions = json.loads((RESULTS / "representative.json").read_text())
    flint = json.loads((RESULTS / "flint.json").read_text())
    mixtures = json.loads((RESULTS / "dmm_men.json").read_text())
    faithful = json.loads((RESULTS / "faithfulness.json").read_text())
    production = json.loads((RESULTS / "production.json").read_text())
    tables = {
        "cnn-inte": fidelity_table(found),
        "bench": bench_table(bench),
        "representative": rule_set_table(regions),
        "representative-scaling": scaling_table(regions),
        "representative-maps": maps_table(regions),
        "flint": flint_tables.summary_table(flint),
        "flint-design": flint_tables.design_table(flint),
        "flint-afterwards": flint_tables.afterwards_table(flint),
        "flint-served": flint_tables.served_table(flint),
        "flint-sweep": flint_tables.sweep_table(flint),
        "flint-cns": flint_tables.cns_table(flint),
        "flint-choices": flint_tables.choices_table(flint),
        "dmm-men": dmm_men_tables.summary_table(mixtures),
        "dmm-men-sampler": dmm_men_tables.sampler_table(mixtures),
        "dmm-men-paper": dmm_men_tables.paper_table(mixtures),
        "dmm-men-errors": dmm_men_tables.errors_table(mixtures),
        "dmm-men-tests": dmm_men_tables.tests_table(mixtures),
        "dmm-men-vulnerabilities": dmm_men_tables.vulnerabilities_table(mixtures),
        **faithfulness_tables.tables(faithful),
        **production_tables.tables(production),
    }
    pages = ("README.md", *(f"docs/{name}.md" for name in PAGES))
    for page in pages:
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        for name, table in tables.items():
            text = between(text, name, table)
        path.write_text(text, encoding="utf-8")


def between(text: str, name: str, table: str) -> str:
    """Replace what stands between ``<!-- NAME -->`` and ``<!-- end NAME -->``."""
    pattern = rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)"
    return re.sub(pattern, lambda m: f"{m[1]}{table}\n{m[2]}", text, flags=re.DOTALL)


def fidelity_table(found: dict[str, Any]) -> str:
    """Write the figures of both data sets, on their test splits."""
    lines = ["| on 10,000 test images | MNIST | Fashion-MNIST |", "|---|---|---|"]
    mnist, fashion = found["mnist"], found["fashion"]
    for words, key in ROWS:
        lines.append(f"| {words} | {percent(mnist[key])} | {percent(fashion[key])} |")
    for words, key in PLAIN:
        lines.append(f"| {words} | {mnist[key]:,} | {fashion[key]:,} |")
    return "\n".join(lines)


def rule_set_table(found: dict[str, Any]) -> str:
    """Write what the rule sets cover, how truly, and at what cost."""
    lines = ["| representative interpretations | MNIST | Fashion-MNIST |", "|---|---|---|"]
    both = found["mnist"], found["fashion"]
    lines += [row(words, [percent(one[key]) for one in both]) for words, key in SHARES]
    lines += [row(words, cells) for words, cells in operating_rows(both)]
    lines += [row(words, [f"{one[key]:,}" for one in both]) for words, key in COUNTS]
    figures = [one["model_figures"] for one in both]
    lines += [row(words, [percent(one[key]) for one in figures]) for words, key in MODEL]
    added = [f"{one['request']['added_over_bare']} x" for one in both]
    lines.append(row("added to a request, in passes of the bare network", added))
    saved = [f"{one['side_tests']['saved']} x" for one in both]
    lines.append(row("side tests on psi(x) cost, of those in boundary space", saved))
    return "\n".join(lines)


def operating_rows(both: tuple[dict[str, Any], ...]) -> list[tuple[str, list[str]]]:
    """Give the rows on the images that lie as deep as 96 % of the validation images do."""
    points = [
        next(p for p in one["operating_points"] if p["validation_coverage"] == WANTED)
        for one in both
    ]
    words = "test images as deep as 96 % of the validation images lie"
    return [
        (words, [percent(point["coverage"]) for point in points]),
        (
            "of these: the deepest polytope names the network's class",
            [percent(p["precision"]) for p in points],
        ),
    ]


def scaling_table(found: dict[str, Any]) -> str:
    """Write what rule sets of fewer references cost."""
    lines = ["| references | MNIST: CPU s / MiB | Fashion-MNIST: CPU s / MiB |", "|---|---|---|"]
    for mnist, fashion in zip(found["mnist"]["scaling"], found["fashion"]["scaling"], strict=True):
        cells = [f"{one['build_cpu_seconds']} / {one['peak_mib']:,}" for one in (mnist, fashion)]
        lines.append(row(f"{mnist['references']:,}", cells))
    return "\n".join(lines)


def maps_table(found: dict[str, Any]) -> str:
    """Write mAD and mAI of every method."""
    lines = ["| mAD / mAI in % | MNIST | Fashion-MNIST |", "|---|---|---|"]
    for name in found["mnist"]["mad"]:
        cells = [
            " / ".join(f"{100 * found[data][measure][name]:.1f}" for measure in ("mad", "mai"))
            for data in ("mnist", "fashion")
        ]
        lines.append(row(name, cells))
    return "\n".join(lines)


def row(words: str, cells: list[str]) -> str:
    """Write one row of a table."""
    return f"| {words} | {' | '.join(cells)} |"


def percent(value: float | None) -> str:
    """Write a share in percent, or a dash where there is none."""
    return "-" if value is None else f"{100 * value:.2f} %"


def bench_table(found: dict[str, Any]) -> str:
    """Write what an explanation costs."""
    lines = ["| in process, per image | us | ratio |", "|---|---|---|"]
    for name, row in found["in_process"].items():
        lines.append(f"| {name} | {row['microseconds']} | {row['ratio']} |")
    for concurrency, series in found["http"].items():
        head = (
            f"| over HTTP, {concurrency} | p50 / p95 / p99 ms | CPU us | requests/s | CPU ratio |"
        )
        lines += ["", head, "|---|---|---|---|---|"]
        for name, row in series.items():
            times = f"{row['p50_ms']} / {row['p95_ms']} / {row['p99_ms']}"
            rate = f"{row['requests_per_second']} | {row['cpu_ratio']}"
            lines.append(f"| {name} | {times} | {row['cpu_us']} | {rate} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
