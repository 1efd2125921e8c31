"""A kiosk installs `credential/` alone: it must import without the rest, and stay pure."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import credential

PACKAGE = Path(credential.__file__).parent
MODULES = sorted(PACKAGE.glob("*.py"))
ALLOWED = {
    "base64", "binascii", "collections", "credential", "cryptography", "dataclasses", "enum",
    "functools", "hashlib", "hmac", "json", "pyotp", "re", "struct", "threading", "types",
    "typing", "unicodedata", "zlib",
}  # fmt: skip

BARE = """
import sys
class Refuse:
    names = {"flask", "sqlalchemy", "redis", "requests", "cbor2", "base45", "app", "config"}
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ImportError("not on a kiosk: " + name)
sys.meta_path.insert(0, Refuse())
import credential
print(len([getattr(credential, name) for name in credential.__all__]))
"""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found.add((node.module or "").partition(".")[0])
    return found


def test_imports_without_the_rest_of_the_platform() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BARE],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(credential.__all__)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_imports_only_what_is_allowed(path: Path) -> None:
    assert imports(path) <= ALLOWED


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_calls_nothing_that_reads_the_world(path: Path) -> None:
    calls = {
        node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    forbidden = {"open", "print", "input", "exec", "eval", "now", "utcnow", "time", "urandom"}
    assert not calls & (forbidden | {"token_bytes", "generate_private_key", "generate"})


def test_declared_dependencies_are_what_is_imported() -> None:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {line.partition(">")[0].strip() for line in project["dependencies"]}
    used = set().union(*map(imports, MODULES)) - set(sys.stdlib_module_names) - {"credential"}
    assert declared == used


def test_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()
