"""The tables of the run on faithfulness, for README.md and its page."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

DATA: Final = (("MNIST", "mnist"), ("Fashion-MNIST", "fashion"))
NAMES: Final = {
    "representative": "ours: stored polytope",
    "representative_searched": "ours: polytope searched for the image",
    "mixture": "ours: mixture",
    "attributes": "ours: attributes",
    "saliency": "Saliency",
    "integrated_gradients": "Integrated Gradients",
    "grad_cam": "Grad-CAM",
    "kernel_shap": "Kernel SHAP",
    "lime": "LIME",
    "random": "random map (control)",
}
METRICS: Final = {
    "pixel_flipping": "pixel flipping",
    "faithfulness_correlation": "faithfulness correlation",
    "road": "ROAD",
    "deletion": "deletion",
    "insertion": "insertion",
    "max_sensitivity": "max-sensitivity",
    "random_logit": "random logit",
    "parameter_randomisation": "parameter randomisation",
}
Found = Mapping[str, Any]


def tables(found: Found) -> dict[str, str]:
    """Write every table, by the mark that it stands between."""
    return {
        "faithfulness": summary_table(found),
        "faithfulness-statuses": statuses_table(found),
        "faithfulness-strangers": strangers_table(found),
        "faithfulness-shift": shift_table(found),
        "faithfulness-judges": judges_table(found),
        "faithfulness-peers": peers_table(found),
        "faithfulness-sanity": sanity_table(found),
        "faithfulness-noise": noise_table(found),
        "faithfulness-seeds": seeds_table(found),
        "faithfulness-cost": cost_table(found),
        "faithfulness-steps": steps_table(found),
    }


def summary_table(found: Found) -> str:
    """Write what the bars are about."""
    both = [found[key] for _, key in DATA]
    rows = (
        ("accuracy of the network", [_percent(one["accuracy"]) for one in both]),
        ("first choice names the network's class", [_percent(one["fidelity"]) for one in both]),
        (
            "lower bounds that the test images break, of all groups",
            [f"{_percent(one['bounds_broken_share'])} of {one['groups']}" for one in both],
        ),
        ("calibration error of the estimate", [f"{one['calibration_error']:.4f}" for one in both]),
        ("`supported`: share of the images", [_percent(one["supported_share"]) for one in both]),
        ("`supported`: fidelity", [_percent(one["supported_fidelity"]) for one in both]),
        (
            "strangers not `supported`, the least of the sets",
            [_percent(one["noise_not_supported"]) for one in both],
        ),
    )
    return _table("on 10,000 test images", rows)


def statuses_table(found: Found) -> str:
    """Write share and fidelity of each status, and where the network errs."""
    both = [found[key] for _, key in DATA]
    rows = []
    for status in ("supported", "weak", "out_of_support"):
        ones = [_named(one["statuses"], status) for one in both]
        cells = [f"{_percent(o.get('share'))} / {_percent(o.get('fidelity'))}" for o in ones]
        rows.append((f"`{status}`", cells))
    cells = [f"{_percent(o['wrong']['share'])} / {_percent(o['wrong']['fidelity'])}" for o in both]
    rows.append(("images for which the network errs", cells))
    for name in dict.fromkeys(m["name"] for one in both for m in one["methods"]):
        ones = [_named(one["methods"], name) for one in both]
        cells = [f"{_percent(o.get('share'))} / {_percent(o.get('fidelity'))}" for o in ones]
        rows.append((f"{name}: in a region", cells))
    return _table("share / fidelity", rows)


def strangers_table(found: Found) -> str:
    """Write the share of strangers that is not supported."""
    both = [found[key]["strangers"] for _, key in DATA]
    names = dict.fromkeys(name for one in both for name in one)
    rows = [(name, [_percent(one.get(name)) for one in both]) for name in names]
    return _table("not `supported`", rows)


def shift_table(found: Found) -> str:
    """Write the share not supported by severity, and the least fidelity among the supported."""
    lines = [
        "| change | 0 | 1 | 2 | 3 | 4 | 5 | least fidelity of `supported` |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for words, key in DATA:
        for kind, rows in found[key]["shift"].items():
            cells = [_percent(1.0 - row["supported"]) for row in rows]
            told = [r["supported_fidelity"] for r in rows if r["supported_fidelity"] is not None]
            lines.append(_row(f"{words}, {kind}", [*cells, _percent(min(told, default=None))]))
    return "\n".join(lines)


def judges_table(found: Found) -> str:
    """Write every method's scores, with their intervals, one block per data set."""
    blocks = []
    for words, key in DATA:
        scores = found[key]["quantus"]
        metrics = [name for name in METRICS if any(name in one for one in scores.values())]
        head = " | ".join(f"{METRICS[m]} {_arrow(scores, m)}" for m in metrics)
        lines = [f"| {words} | {head} |", "|---" * (len(metrics) + 1) + "|"]
        ordered = sorted(scores, key=lambda name: [*NAMES, name].index(name))
        for name in ordered:
            cells = [_score(scores[name].get(metric)) for metric in metrics]
            lines.append(_row(NAMES.get(name, name), cells))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def peers_table(found: Found) -> str:
    """Write how the best of our pictures stands beside the best of the peers', by each metric."""
    lines = [
        "| metric | our best | peers' best | the peer gains | who is better |",
        "|---|---|---|---|---|",
    ]
    for words, key in DATA:
        for one in found[key]["judges"]["rivalries"]:
            verdict = one["verdict"]
            cells = [
                NAMES.get(one["ours"], one["ours"]),
                NAMES.get(one["peer"], one["peer"]),
                f"{one['gain']:+.3f} ({one['low']:+.3f} to {one['high']:+.3f})",
                f"**{verdict}**" if one in found[key]["peers_better"] else verdict,
            ]
            lines.append(_row(f"{words}, {METRICS.get(one['metric'], one['metric'])}", cells))
    return "\n".join(lines)


def sanity_table(found: Found) -> str:
    """Write every sanity check: it must hold on the trained network, and fail on the others."""
    lines = [
        "| check, method | trained | redrawn | shuffled labels | limit | passed |",
        "|---|---|---|---|---|---|",
    ]
    for words, key in DATA:
        for one in found[key]["judges"]["sanity"]:
            figures = [one[field] for field in ("trained", "redrawn", "shuffled_labels", "limit")]
            told = "yes" if one["passed"] else f"no{': ' if one['note'] else ''}{one['note']}"
            name = NAMES.get(one["method"], one["method"])
            cells = [*(f"{value:.2f}" for value in figures), told]
            lines.append(_row(f"{words}, {one['check']}, {name}", cells))
    return "\n".join(lines)


def noise_table(found: Found) -> str:
    """Write how far each method's explanations change under the least and the most noise."""
    lines = [
        (
            "| method | noise | names another class | another region | change of explanation "
            "| that over the change of the image |"
        ),
        "|---|---|---|---|---|---|",
    ]
    for words, key in DATA:
        noise = found[key]["stability"]["noise"]
        for level in noise["levels"][:: max(1, len(noise["levels"]) - 1)]:
            for one in level["methods"]:
                cells = [
                    f"{level['sigma']:g}",
                    _percent(one["names_changed"]),
                    _percent(one["region_changed"]),
                    _percent(one["change"]),
                    _number(one["lipschitz"]),
                ]
                lines.append(_row(f"{words}, {one['method']}", cells))
    return "\n".join(lines)


def seeds_table(found: Found) -> str:
    """Write how far fits under several seeds agree."""
    lines = [
        (
            "| method | fidelity | covered | same class | regions: Rand index | regions: overlap "
            "| more |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    for words, key in DATA:
        seeds = found[key]["stability"]["seeds"]
        for one in seeds["methods"]:
            cells = [
                _range(one["fidelity"], 100.0),
                _range(one["coverage"], 100.0),
                _range(one["same_class"], 100.0),
                _range(one["rand_index"]),
                _range(one["jaccard"]),
                _more(one),
            ]
            lines.append(_row(f"{words}, {one['method']}", cells))
        more = f"same nearest example: {_range(seeds['examples']['same_nearest'])}"
        cells = ["-", "-", "-", "-", _range(seeds["examples"]["overlap"]), more]
        lines.append(_row(f"{words}, examples", cells))
    return "\n".join(lines)


def cost_table(found: Found) -> str:
    """Write what one explanation costs, beside the peers."""
    both = [{one["name"]: one for one in found[key]["cost"]} for _, key in DATA]
    names = dict.fromkeys(name for one in both for name in one)
    rows = [(name, [_cost(one[name]) if name in one else "-" for one in both]) for name in names]
    return _table("ms, and in passes of the served graph", rows)


def steps_table(found: Found) -> str:
    """Write what each step of the run took."""
    both = [found[key]["steps"] for _, key in DATA]
    rows = [
        (part, [" / ".join(_whole(one[part][key]) for key in _TIMES) for one in both])
        for part in both[0]
    ]
    return _table("seconds / CPU seconds", rows)


_TIMES: Final = ("seconds", "cpu_seconds")
_MORE: Final = {
    "shared_steps": "tests shared",
    "clusters_rand_index": "clusters, Rand index",
    "clusters_jaccard": "clusters, overlap",
    "picture_correlation": "maps, correlation",
    "attribute_correlation": "matched attributes, correlation",
}


def _more(one: Found) -> str:
    told = [f"{words}: {_range(one[key])}" for key, words in _MORE.items() if one[key] is not None]
    return "; ".join(told) or "-"


def _arrow(scores: Found, metric: str) -> str:
    one = next(score[metric] for score in scores.values() if metric in score)
    return "(higher)" if one["direction"] == "higher" else "(lower)"


def _score(one: Found | None) -> str:
    if one is None or one["mean"] is None:
        return "-"
    return f"{one['mean']:.3f} ({one['low']:.3f} to {one['high']:.3f})"


def _range(one: Found | None, scale: float = 1.0) -> str:
    if one is None:
        return "-"
    digits, unit = (1, " %") if scale > 1.0 else (2, "")
    mean, least, most = (f"{scale * one[key]:.{digits}f}" for key in ("mean", "least", "most"))
    return f"{mean}{unit} ({least} to {most})"


def _named(ones: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next((one for one in ones if one["name"] == name), {})


def _cost(one: Found) -> str:
    return f"{one['milliseconds']:.2f} ms, {one['passes']:.1f} x"


def _whole(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _table(head: str, rows: Iterable[tuple[str, list[str]]]) -> str:
    lines = [_row(head, [words for words, _ in DATA]), "|---|---|---|"]
    return "\n".join([*lines, *(_row(words, cells) for words, cells in rows)])


def _row(words: str, cells: list[str]) -> str:
    return f"| {words} | {' | '.join(cells)} |"
