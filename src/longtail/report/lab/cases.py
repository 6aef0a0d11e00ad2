"""The table of closed forms against simulation: on the terminal, as a page, as JSON and as CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from longtail.errors import UsageError
from longtail.lab.cases import Row
from longtail.lab.cases.check import FAMILY_WISE
from longtail.records import SCHEMA_VERSION
from longtail.report.put import put

SUFFIXES = (".csv", ".json", ".md")
KINDS = {"exact": "exact", "asymptotic": "asymptotic", "bound_upper": "upper bound", "bound_lower": "lower bound"}
_COLUMNS = (
    "case",
    "quantity",
    "kind",
    "settings",
    "drawn",
    "predicted",
    "simulated",
    "se",
    "replicates",
    "tolerance",
    "order",
    "z",
    "limit",
    "holds",
)
_PAGE = """# Closed forms against simulation

This page is made by `{command}`.

Each row holds a closed form of `longtail lab theory` against a simulation that does not use it, at the settings it was
published or stated at and at others that a seeded generator drew in the range where it is valid (marked *drawn*).

- A row is simulated until the standard error *se* of the mean is at most 1 % of the prediction, or for 200,000 replicates
  (with `--quick`: 5 %, 4,000).
- *z* is (simulated − predicted) / se, less the tolerance. It may reach {two} in absolute value, and {one} on the side that
  a bound forbids: Bonferroni's limits for an error rate of {rate:g} for the whole table, so that a table of true forms
  fails once in a thousand times.
- An asymptotic form is allowed the *tolerance* that its order states, an exact one none. Of a bound only its own side is
  tested, and a bound that is kept has z = 0. A row without sampling error has se = 0, and must agree to nine digits.
- Generation 1 is the first fit, on real data that no model has written and no gate judged.

**{summary}**
"""


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Return rows by the number of their case, else in the order they have."""
    return sorted(rows, key=lambda row: (int(row.case) if row.case.isdigit() else 10**6, row.case))


def summary(rows: Sequence[Row]) -> str:
    """Return in one sentence how many rows hold, how far the farthest is off, and how precise they are."""
    hold, precise = sum(row.holds for row in rows), sum(row.precise for row in rows)
    farthest = max((abs(row.z) for row in rows), default=0.0)
    return (
        f"{hold:,} of {len(rows):,} rows hold; the largest |z| is {farthest:.2f}; "
        f"{precise:,} rows reach a standard error of 1 % of the prediction or 200,000 replicates."
    )


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table for a terminal: cases, under them quantities, under them a line for each row."""
    for case, of_case in groupby(ordered(rows), key=lambda row: row.case):
        yield f"case {case}"
        for quantity, found in groupby(of_case, key=lambda row: (row.quantity, row.kind, row.order)):
            yield f"  {quantity[0]} ({KINDS[quantity[1]]}{', tolerance: ' + quantity[2] if quantity[2] else ''})"
            for row in found:
                verdict = "holds" if row.holds else "DOES NOT HOLD"
                found_as = f"predicted {_number(row.predicted)}  simulated {_number(row.simulated)} ± {_number(row.se, 2)}"
                yield f"    {verdict}  z {row.z:+.2f}  {found_as}"
                yield f"      {_settings(row.settings)}{' (drawn)' if row.drawn else ''}, {row.replicates:,} replicates"
    yield summary(rows)


def to_markdown(rows: Sequence[Row], command: str) -> str:
    """Return the page, which holds no date: equal rows give equal text.

    Args:
        rows: The table.
        command: What makes it.
    """
    limits = {row.kind.startswith("bound"): row.limit for row in rows}
    two, one = (f"{limits[bound]:.2f}" if bound in limits else "–" for bound in (False, True))
    parts = [_PAGE.format(command=command, two=two, one=one, rate=FAMILY_WISE, summary=summary(rows))]
    for case, of_case in groupby(ordered(rows), key=lambda row: row.case):
        parts += [f"## Case {case}\n", f"`longtail lab theory {case}`\n"]
        for quantity, found in groupby(of_case, key=lambda row: (row.quantity, row.kind, row.order)):
            parts.append(f"**{quantity[0]}** ({KINDS[quantity[1]]}{'; tolerance: ' + quantity[2] if quantity[2] else ''})\n")
            parts.append("\n".join(_table(list(found))) + "\n")
    return "\n".join(parts)


def to_json(rows: Sequence[Row], asked: Mapping[str, Any]) -> str:
    """Return the table as JSON, with what was asked for; ends in a newline."""
    told = {
        "schema_version": SCHEMA_VERSION,
        **asked,
        "family_wise": FAMILY_WISE,
        "hold": sum(row.holds for row in rows),
        "rows": [msgspec.to_builtins(row) for row in ordered(rows)],
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def to_csv(rows: Sequence[Row]) -> str:
    """Return the table as CSV with a line for each row."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in ordered(rows):
        told = msgspec.to_builtins(row) | {"settings": _settings(row.settings)}
        writer.writerow([told[name] for name in _COLUMNS])
    return held.getvalue()


def write_rows(rows: Sequence[Row], path: str | Path, *, command: str, asked: Mapping[str, Any]) -> None:
    """Write the table in the format that the suffix of `path` names; an existing file is replaced in one step.

    Args:
        rows: The table.
        path: A file that ends in .csv, .json or .md.
        command: What makes it, for the page.
        asked: What was asked for, for JSON.

    Raises:
        UsageError: The suffix names no format, or the file cannot be written.
    """
    formats: dict[str, Callable[[], str]] = {
        ".csv": lambda: to_csv(rows),
        ".json": lambda: to_json(rows, asked),
        ".md": lambda: to_markdown(rows, command),
    }
    target = Path(path)
    render = formats.get(target.suffix.lower())
    if render is None:
        raise UsageError(f"cannot tell the format of {str(path)!r} from its suffix; known suffixes: {', '.join(SUFFIXES)}")
    put(target, render())


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield "| settings | predicted | simulated | se | replicates | tolerance | z | holds |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        cells = (
            _settings(row.settings) + (" *drawn*" if row.drawn else ""),
            _number(row.predicted),
            _number(row.simulated),
            _number(row.se, 2),
            f"{row.replicates:,}",
            _number(row.tolerance, 2) if row.tolerance else "",
            f"{row.z:.2f}",
            "yes" if row.holds else "**no**",
        )
        yield f"| {' | '.join(cells)} |"


def _settings(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in settings.items())


def _number(value: float, digits: int = 5) -> str:
    return f"{value:.{digits}g}"
