"""The shape of the package is a promise; this file keeps it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "textmine"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400

SHARED = {"errors", "tables", "codebook", "files", "hashing", "shipped", "store", "record"}
# Each stage may use those before it: read → split → embed → cluster | coding → review → report.
FLOW = ["read", "personal", "splitting", "embed", "cluster", "coding", "report"]
TOP = {
    "remember",
    "engine",
    "pipeline",
    "results",
    "evaluation",
    "clusters",
    "years",
    "review",
    "publish",
    "comparing",
    "exchange",
}


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def allowed(name: str) -> set[str]:
    if name in SHARED:
        return SHARED
    if name in ("cluster", "coding"):  # read tables and embed texts; neither knows the other
        return SHARED | {name, "embed", "read", "personal"}
    if name == "personal":
        return SHARED | {name, "read"}
    if name == "report":  # masks are made tidy for print
        return SHARED | {name, "personal"}
    if name in FLOW:
        return SHARED | {name}
    if name in TOP:
        return SHARED | set(FLOW) | TOP
    return SHARED | set(FLOW) | TOP | {"cli"}


def imported_parts(tree: ast.Module) -> set[str]:
    parts = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "textmine":
            names = [f"textmine.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        parts |= {name.split(".")[1] for name in names if name.startswith("textmine.")}
    return parts


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_data_flows_one_way(path: Path) -> None:
    if path.name in ("__init__.py", "__main__.py") and path.parent == PACKAGE:
        return
    wrong = imported_parts(ast.parse(path.read_text(encoding="utf-8"))) - allowed(part(path))
    assert not wrong, f"{path.name} may not import {sorted(wrong)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{path.name} has {lines} lines; split it by what it is about"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, textmine; heavy = {'torch', 'spacy', 'sklearn', 'pandas', 'onnxruntime'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_pickle_anywhere() -> None:
    for path in MODULES:
        assert "pickle" not in path.read_text(encoding="utf-8"), path
        assert "joblib" not in path.read_text(encoding="utf-8"), path
