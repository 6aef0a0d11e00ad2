"""Tables of measurements, printed and put into docs/calibration.md between markers that bear their name."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "calibration.md"

Row = dict[str, Any]


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
