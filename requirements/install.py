"""Make the virtual environment and install lock files into it, with the system's Python alone.

Usage: python3 requirements/install.py VENV LOCK…    (LOCK: run, test, dev, bench or node)

Only wheels, only with the hashes of the lock file, nothing compiled, and nothing resolved: the
lock is complete, so `--no-deps` holds. Each lock leaves a stamp in the environment; the same lock
again costs nothing.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)
VENV_ABSENT = """\
Python's venv module is not complete on this machine. Install it, then run the command again:
    apt-get install python{major}.{minor}-venv"""


def main(arguments: list[str]) -> int:
    """Return 0 when every named lock file is installed."""
    if sys.version_info < OLDEST:
        say(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version}")
        return 1
    venv, names = Path(arguments[0]).absolute(), arguments[1:]
    wanted = {name: HERE / f"{name}.lock" for name in names}
    missing = {n: lock for n, lock in wanted.items() if stamp_of(venv, n) != digest(lock)}
    if not missing:
        return 0
    if not python_of(venv).exists() and not make_environment(venv):
        return 1
    for name, lock in missing.items():
        install(venv, name, lock)
    return 0


def say(line: str) -> None:
    """Print one line of progress at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def python_of(venv: Path) -> Path:
    """Return the environment's interpreter."""
    return venv / "bin" / "python"


def stamp_path(venv: Path, name: str) -> Path:
    """Return the file that says which lock was installed last."""
    return venv / f".installed-{name}"


def stamp_of(venv: Path, name: str) -> str:
    """Return the digest of the lock installed last, or nothing."""
    path = stamp_path(venv, name)
    return path.read_text() if path.exists() and python_of(venv).exists() else ""


def digest(lock: Path) -> str:
    """Return the SHA-256 of a lock file."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def make_environment(venv: Path) -> bool:
    """Create the environment; on Debian without ensurepip install it when root, else say how."""
    say(f"· Python environment in {venv.name} (Python {sys.version.split()[0]})")
    if create(venv):
        return True
    version = {"major": sys.version_info.major, "minor": sys.version_info.minor}
    if os.geteuid() == 0 and shutil.which("apt-get"):
        package = "python{major}.{minor}-venv".format(**version)
        say(f"· Debian's {package} (python3 came without venv)")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run(
                ["apt-get", "-qq", *command], check=False, capture_output=True, env=environment
            )
        if create(venv):
            return True
    say(VENV_ABSENT.format(**version))
    return False


def create(venv: Path) -> bool:
    """Run `python -m venv`; remove what a failed try leaves."""
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        shutil.rmtree(venv, ignore_errors=True)
    return made.returncode == 0


def install(venv: Path, name: str, lock: Path) -> None:
    """Install one lock file and leave its stamp; pip's own error ends the program."""
    count = len(re.findall(r"^[a-z0-9][^ ]*==", lock.read_text(), re.MULTILINE))
    say(f"· Python packages for {name}: {count} wheels of {lock.parent.name}/{lock.name}")
    began = time.monotonic()
    command = [
        str(python_of(venv)), "-m", "pip", "install", "--no-deps", "--require-hashes",
        "--only-binary", ":all:", "--no-compile", "--disable-pip-version-check",
        "--no-warn-script-location", "--progress-bar", "off", "-r", str(lock),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        said = follow(pip.stdout or (), count)
    if pip.returncode != 0:
        say("".join(said[-20:]))
        sys.exit(pip.returncode)
    stamp_path(venv, name).write_text(digest(lock))
    say(f"    done in {time.monotonic() - began:.0f} s")


def follow(lines: Iterable[str], count: int) -> list[str]:
    """Show pip's progress in a few lines; return all it said."""
    said, done = [], 0
    for line in lines:
        said.append(line)
        if line.startswith("Collecting "):
            done += 1
            if done % 15 == 0:
                say(f"    {done} of {count}")
        elif line.startswith("Installing "):
            say("    unpacking")
    return said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
