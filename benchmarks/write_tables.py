"""Put the measured figures into README.md and docs/cnn-inte.md, between their marks."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs" / "results"
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


def main() -> None:
    """Read the results and rewrite what stands between the marks."""
    found = json.loads((RESULTS / "cnn_inte.json").read_text())
    bench = json.loads((RESULTS / "bench.json").read_text())
    tables = {"cnn-inte": fidelity_table(found), "bench": bench_table(bench)}
    for page in ("README.md", "docs/cnn-inte.md"):
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
