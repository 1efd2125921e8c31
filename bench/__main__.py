"""Runs the groups and writes bench/results.json: `python -m bench [group …]`.

A group is a module of this folder with `run()`, which returns figures: mappings with the keys
figure, value, unit, against, ratio, n and note. What groups share is in modules whose names begin
with an underscore. A group that fails is reported and the others still run; the exit code is 1
when one failed or a bar is missed.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import bench
from bench.bars import BARS

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
KEYS = ("figure", "value", "unit", "against", "ratio", "n", "note")

Figure = Mapping[str, Any]
Run = Callable[[], Iterable[Figure]]


def main(only: Sequence[str]) -> int:
    """Run the named groups, or all; return the exit code."""
    groups = find_groups()
    unknown = set(only) - set(groups)
    if unknown:
        print(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(groups)}")
        return 2
    figures: list[dict[str, Any]] = []
    failed = []
    for name in only or groups:
        began = time.perf_counter()
        print(f"· {name}", flush=True)
        try:
            figures.extend(complete(figure) for figure in load(name)())
        except Exception:  # noqa: BLE001 - one broken bench must not hide the others' figures
            traceback.print_exc()
            failed.append(name)
        print(f"    {time.perf_counter() - began:.1f} s", flush=True)
    write(figures, keep_others=bool(only))
    return report(figures, failed)


def find_groups() -> list[str]:
    """Return the names of the groups: this folder's modules, without its own machinery."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    return [name for name in names if not name.startswith("_") and name != "bars"]


def load(name: str) -> Run:
    """Return what runs a group."""
    run: Run = importlib.import_module(f"bench.{name}").run
    return run


def complete(figure: Figure) -> dict[str, Any]:
    """Return a figure with every key; refuse one that has others."""
    strange = set(figure) - set(KEYS)
    if strange:
        raise ValueError(f"unknown keys in {figure.get('figure')}: {sorted(strange)}")
    return {key: figure.get(key) for key in KEYS}


def write(figures: Sequence[Figure], *, keep_others: bool) -> None:
    """Write the results; after a run of some groups, other groups' figures stay."""
    kept = []
    if keep_others and RESULTS.exists():
        fresh = {figure["figure"] for figure in figures}
        kept = [f for f in json.loads(RESULTS.read_text()) if f["figure"] not in fresh]
    text = json.dumps([*kept, *figures], ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def report(figures: Sequence[Figure], failed: Sequence[str]) -> int:
    """Print the table; return 1 when a bar is missed or a group failed."""
    print(f"\n{'figure':<32}{'value':>12} {'unit':<8}{'ratio':>8}  {'bar':<24}against")
    missed = [figure["figure"] for figure in figures if not reaches_bar(figure)]
    for figure in figures:
        bar = BARS.get(figure["figure"])
        verdict = "MISSED" if figure["figure"] in missed else "ok"
        print(
            f"{figure['figure']:<32}{number(figure['value']):>12} {figure['unit'] or '':<8}"
            f"{number(figure['ratio']):>8}  {f'{verdict:<7}{bar}' if bar else '':<24}"
            f"{figure['against'] or ''}"
        )
    print(f"\n{len(figures)} figures, bars missed: {', '.join(missed) or 'none'}")
    if failed:
        print(f"groups that failed: {', '.join(failed)}")
    return 1 if missed or failed else 0


def reaches_bar(figure: Figure) -> bool:
    """Tell whether a figure reaches its bar; one without a bar always does."""
    bar = BARS.get(figure["figure"])
    if bar is None:
        return True
    measured = figure[bar.of]
    return measured is not None and bar.holds(measured)


def number(value: float | None) -> str:
    """Return a number short enough for a table."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
