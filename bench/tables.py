"""Tables of measurements, printed and put into docs/calibration.md between markers that bear their name."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "calibration.md"

Row = dict[str, Any]


def arguments(description: str | None, names: Sequence[str]) -> argparse.Namespace:
    """Return what a measurement was asked for on the command line: `only`, `repetitions`, `write`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, help="repetitions of each row; by default as many as its rates need")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/calibration.md")
    return parser.parse_args()


def told(name: str, rows: Iterable[Row]) -> list[Row]:
    """Return the rows of one measurement, telling each on stderr as it comes."""
    made = []
    for row in rows:
        made.append(row)
        sys.stderr.write(f"{name}: {', '.join(f'{head} {cell(value)}' for head, value in row.items())}\n")
    return made


def table(rows: Sequence[Row]) -> str:
    """Return rows, which have the same heads, as a Markdown table."""
    heads = list(rows[0])
    lines = [heads, ["---"] * len(heads), *([cell(row[head]) for head in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(value: object) -> str:
    """Return a value as a table shows it."""
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    if value is None:
        return ""
    return f"{value:.3f}".replace("-0.000", "0.000") if isinstance(value, float) else str(value)


def held(rows: Sequence[Row]) -> str:
    """Return how many of the rows that have a bound keep it, as a sentence; nothing where none has one."""
    bound = [row["holds"] for row in rows if row.get("holds") is not None]
    return f"\n{sum(bound)} of {len(bound)} rows hold.\n" if bound else ""


def write(name: str, rows: Sequence[Row], page: Path = PAGE) -> None:
    """Put a table, and how many of its rows hold, into a page in place of what stands between its markers.

    Raises:
        ValueError: The page has no such markers.
    """
    opening, closing = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(opening)
    _, closed, after = rest.partition(closing)
    if not found or not closed:
        raise ValueError(f"{page} has no place for the table {name!r}: add the lines {opening.strip()} and {closing}")
    page.write_text(f"{before}{opening}{table(rows)}\n{held(rows)}{closing}{after}", encoding="utf-8")
