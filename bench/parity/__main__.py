"""Our numbers beside those of independent packages, and what is wrong in packages, on one page.

    python -m bench.parity [--write] [--only PART …] [--venv NAME=PATH …]

Each module of this folder that has `rows` or `defects` is a part. Ends with status 1 where a number that ought to agree does not.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import bench.parity
from bench import venvs
from bench.parity.rows import Defect, Parity
from bench.tables import table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "parity.md"

INTRODUCTION = """# Parity with independent packages

Written by `python -m bench.parity --write`. Each line is one number of ours beside the number that an independent package gives on
the same input. A package may round: then the tolerance is what its rounding explains; else it is 1e-9.

"""
DEFECTS = """
## Known defects that we do not copy

Each is shown by a counter-example, on which the package was run unless it says otherwise.

"""
ABSENT = "\n## Not compared\n\n"


class Found(NamedTuple):
    """All that the parts yielded, and what could not be called."""

    rows: list[Parity]
    defects: list[Defect]
    absent: dict[str, str]


def parts() -> list[str]:
    """Return the names of the modules that have rows or defects."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.parity.__path__))
    return [name for name in names if name not in ("__main__", "rows")]


def collect(names: Sequence[str]) -> Found:
    """Return what the named parts yield; a part that lacks a package keeps what it yielded before."""
    found = Found([], [], {})
    for name in names:
        try:
            module = importlib.import_module(f"bench.parity.{name}")
        except ImportError as error:
            found.absent[f"{name}, all of it"] = str(error)
            continue
        for kind, into in (("rows", found.rows), ("defects", found.defects)):
            try:
                for row in getattr(module, kind, tuple)():
                    into.append(row)
            except ImportError as error:
                found.absent[f"{name}, the {kind} after {len(into)}"] = str(error)
    return found


def agrees(row: Parity) -> bool:
    """Tell whether two numbers differ by no more than is allowed; a value that is no number agrees with nothing."""
    return bool(abs(row.ours - row.theirs) <= row.tolerance)


def page(found: Found) -> str:
    """Return the page; the same numbers give the same text."""
    versions = {name: venvs.version_of(name) for name in sorted({row.package for row in [*found.rows, *found.defects]})}
    lines = [INTRODUCTION]
    if found.rows:
        lines += [table([_cells(row, versions) for row in found.rows]), f"\n\n{sum(map(agrees, found.rows))} of {len(found.rows)} agree.\n"]
    if found.defects:
        lines += [DEFECTS, table([_defect(row, versions) for row in found.defects]), "\n"]
    if found.absent:
        lines += [ABSENT, *(f"- {what}: {_one_line(why)}\n" for what, why in found.absent.items())]
    return "".join(lines)


def _cells(row: Parity, versions: dict[str, str | None]) -> dict[str, object]:
    return {
        "metric": _safe(row.metric), "given": _safe(row.given), "ours": f"{row.ours:.10g}", "theirs": f"{row.theirs:.10g}",
        "package": f"{row.package} {versions[row.package] or '(numbers kept here)'}", "call": f"`{_safe(row.call)}`",
        "difference": f"{abs(row.ours - row.theirs):.1e}" if agrees(row) else f"**{abs(row.ours - row.theirs):.3g}**",
        "tolerance": f"{row.tolerance:.0e}", "agrees": agrees(row), "note": _safe(row.note),
    }  # fmt: skip


def _defect(row: Defect, versions: dict[str, str | None]) -> dict[str, object]:
    ours = f"{row.ours:.6g}" if isinstance(row.ours, float) else str(row.ours)
    return {
        "metric": _safe(row.metric), "package": f"{row.package} {versions[row.package] or '(numbers kept here)'}",
        "call": f"`{_safe(row.call)}`", "given": _safe(row.given), "theirs": _safe(row.theirs), "ours": _safe(ours), "why": _safe(row.why),
    }  # fmt: skip


def _safe(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def wrong(found: Found) -> Iterator[str]:
    """Yield a line for each number that ought to agree and does not."""
    for row in found.rows:
        if not agrees(row):
            yield f"{row.metric}, {row.given}: ours {row.ours:.10g}, {row.package} {row.theirs:.10g}; allowed {row.tolerance:.0e}"


def main() -> int:
    """Print what differs; write the page with --write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name} too")
    parser.add_argument("--only", nargs="+", choices=parts(), default=parts(), metavar="PART")
    parser.add_argument("--venv", action="append", default=[], metavar="NAME=PATH", help="environment of a package that is not in this one")
    options = parser.parse_args()
    venvs.add(options.venv)
    found = collect(options.only)
    written = page(found)
    print(written)
    if options.write:
        PAGE.write_text(written, encoding="utf-8")
    differing = list(wrong(found))
    for line in differing:
        sys.stderr.write(f"{line}\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
