"""The shape of our code: small functions, small files, and a short list of who may do what.

Good code rots one file at a time, and no linter of other people's knows our list.
"""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
OURS = ("app", "credential", "miniprogram_mock", "migrations", "bench", "clients")
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
MOST_COMPLEX = 8
DOMAINS = (
    "ledger",
    "identity",
    "issuance",
    "verification",
    "authorization",
    "court/casefile",
    "notification",
    "supervision",
    "court/casefile",
    "court/filing",
    "court/applications",
    "court/feedback",
)
NAMES_IN_A_DOMAIN = {
    "routes",
    "pages",
    "schemas",
    "service",
    "rules",
    "queries",
    "models",
    "errors",
}

# Statements that branch, as ruff's C901 counts them.
DECISIONS = ast.If | ast.For | ast.While | ast.ExceptHandler | ast.match_case


@dataclass(frozen=True, kw_only=True)
class Function:
    where: str
    lines: int
    complexity: int


@cache
def sources() -> tuple[Path, ...]:
    files = [p for folder in OURS for p in sorted((REPO / folder).rglob("*.py"))]
    return (*files, REPO / "config.py", REPO / "wsgi.py")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(REPO).as_posix()


@cache
def functions() -> tuple[Function, ...]:
    """Every function but the migrations' own: a list of tables is as long as it is."""
    told = (path for path in sources() if "migrations/versions" not in path.as_posix())
    return tuple(f for path in told for f in _functions_of(path))


def _functions_of(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(
                where=f"{name(path)}:{node.lineno} {node.name}",
                lines=(node.end_lineno or node.lineno) - node.lineno + 1,
                complexity=1 + sum(isinstance(child, DECISIONS) for child in ast.walk(node)),
            )


def places(wanted: type[ast.AST], folder: str = "") -> set[str]:
    """The files that have a node of that type."""
    return {
        name(path)
        for path in sources()
        if name(path).startswith(folder)
        and any(isinstance(node, wanted) for node in ast.walk(tree(path)))
    }


def callers(attribute: str, folder: str) -> set[str]:
    """The files that call a method of that name."""
    return {
        name(path)
        for path in sources()
        if name(path).startswith(folder)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == attribute
    }


def test_functions_are_short() -> None:
    long = [f"{f.where}: {f.lines} lines" for f in functions() if f.lines > LONGEST_FUNCTION]
    assert not long, "\n".join(long)


def test_most_functions_are_very_short() -> None:
    lengths = sorted(f.lines for f in functions())
    assert statistics.median(lengths) <= 9
    assert lengths[len(lengths) * 9 // 10] <= 30


def test_functions_are_simple() -> None:
    tangled = [f"{f.where}: {f.complexity}" for f in functions() if f.complexity > MOST_COMPLEX]
    assert not tangled, "\n".join(tangled)


def test_files_are_short() -> None:
    lengths = {name(p): len(p.read_text(encoding="utf-8").splitlines()) for p in sources()}
    long = {where: lines for where, lines in lengths.items() if lines > LONGEST_FILE}
    assert not long


def test_only_the_unit_of_work_commits() -> None:
    assert callers("commit", "app/") <= {"app/kernel/unit_of_work.py"}


def test_broad_excepts_are_at_the_edges_only() -> None:
    broad = set()
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler) and _swallows_all(node):
                broad.add(name(path))
    # direct.py swallows nothing: what it catches is raised again where problems.py sees it.
    edges = {"app/http/problems.py", "app/http/direct.py", "app/worker.py", "bench/__main__.py"}
    assert broad <= edges


def _swallows_all(handler: ast.ExceptHandler) -> bool:
    """Clean-up that raises again swallows nothing."""
    last = handler.body[-1]
    raises_again = isinstance(last, ast.Raise) and last.exc is None
    broad = handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException")
    )
    return broad and not raises_again


def test_nothing_is_global() -> None:
    assert not places(ast.Global)


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_has_seven_names_and_no_eighth(domain: str) -> None:
    found = {path.stem for path in (REPO / "app" / domain).iterdir() if path.suffix in ("", ".py")}
    assert found - {"__init__", "__pycache__", "templates"} <= NAMES_IN_A_DOMAIN


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_file_is_named_after_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc"}


def test_tests_do_not_patch_our_code() -> None:
    patched = [
        name(path)
        for path in sorted((REPO / "tests").rglob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "unittest.mock" in {getattr(node, "module", None), *(a.name for a in node.names)}
    ]
    assert not patched
