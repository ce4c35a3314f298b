"""Every expression that the alert rules and the dashboards ask Prometheus."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES_FILE = DEPLOY / "prometheus" / "rules.yml"
VARIABLES = {"$job": "reasoned", "$model": "digits", "$__rate_interval": "1m", "$__range": "10m"}
COMPARED = re.compile(r"\s*(?:==|[<>]=?)\s*[\d.]+")


def rules() -> list[dict[str, Any]]:
    """Read every rule, those that record among them."""
    read = yaml.safe_load(RULES_FILE.read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    """Read the rules that alert, by their names."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def uncompared(expr: str) -> str:
    """Leave out comparisons with numbers: what is compared is there while nothing is wrong."""
    return COMPARED.sub("", expr)


def metrics_in(expr: str) -> set[str]:
    """Name the metrics of an expression."""
    return set(re.findall(r"\breasoned[_:][\w:]+", re.sub(r'"[^"]*"', "", expr)))


def asked_by_rules() -> dict[str, str]:
    return {rule.get("alert") or rule["record"]: uncompared(rule["expr"]) for rule in rules()}


def asked_by_boards() -> dict[str, str]:
    """Read them with the variables' values in place."""
    found: dict[str, str] = {}
    for path in sorted((DEPLOY / "grafana" / "dashboards").glob("*.json")):
        board = json.loads(path.read_text(encoding="utf-8"))
        for panel in board["panels"]:
            for query in panel.get("targets", ()):
                found[f"{path.stem}: {panel['title']} {query['refId']}"] = query["expr"]
        for annotation in board["annotations"]["list"]:
            found[f"{path.stem}: {annotation['name']}"] = annotation["expr"]
        for variable in board["templating"]["list"]:
            values = re.fullmatch(r"label_values\((.*), (\w+)\)", variable.get("definition", ""))
            if values is not None:
                found[f"{path.stem}: ${variable['name']}"] = f"group by ({values[2]}) ({values[1]})"
    return {name: uncompared(_filled(expr)) for name, expr in found.items()}


def _filled(expr: str) -> str:
    for name, value in VARIABLES.items():
        expr = expr.replace(name, value)
    return expr
