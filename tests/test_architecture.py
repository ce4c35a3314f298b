"""Limits that no linter has."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("explainers", "reasoned", "service")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
EVERYTHING = [*MODULES, *(ROOT / "benchmarks").glob("*.py"), *(ROOT / "examples").glob("*.py")]
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base"}
METHODS = ("meta_forest", "additive", "neighbours", "support")


def imports(path: Path) -> set[str]:
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_well_named(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 260
    assert path.stem not in VAGUE


def test_nine_functions_in_ten_are_short() -> None:
    lengths = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0]
                documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
                start = (first.end_lineno or 0) if documented else node.lineno
                lengths.append((node.end_lineno or 0) - start)

    assert sum(length <= 25 for length in lengths) >= 0.9 * len(lengths)


def test_no_method_imports_another() -> None:
    for path in MODULES:
        own = path.relative_to(ROOT).parts[1]
        if path.relative_to(ROOT).parts[0] != "explainers" or own not in METHODS[:2]:
            continue
        others = {f"explainers.{name}" for name in METHODS if name != own}
        found = {name for name in imports(path) if any(name.startswith(o) for o in others)}
        assert not found, f"{path} imports {found}"


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_reads_a_pickle(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not {"pickle", "joblib", "dill", "cloudpickle", "shelve"} & imports(path)
    assert not re.search(r"torch\.load\(|allow_pickle=True|joblib\.load|pickle\.load", text)


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_class_is_abstract_or_final(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        marks = {ast.unparse(decorator) for decorator in node.decorator_list}
        bases = {ast.unparse(parent) for parent in node.bases}
        open_by_kind = bases & {"ABC", "Protocol", "BaseModel", "BaseSettings", "Frozen", "Figures"}
        derived = any(base.endswith(("Error", "Exception", "Base")) for base in bases)
        named = node.name in {"Explainer", "Dataset"} or "Error" in node.name
        service = any("bentoml" in mark for mark in marks)
        plain = node.name == "ExplainedPredictions"  # BentoML's decorator wraps it
        parents = bases & {"ClassName", "ClassProbability"}
        allowed = open_by_kind or derived or named or service or plain or parents
        assert "final" in marks or allowed, f"{node.name} is neither abstract nor final"
