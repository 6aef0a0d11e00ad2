"""Panels of the page: from the free part of a report to what the templates show. Nothing is drawn or escaped here except by `charts`."""

import math
import re
from typing import Any, NamedTuple

import longtail.report.drawing.charts as charts
import longtail.report.fading as fading
import longtail.report.names as names
import longtail.report.words as words
from longtail.records import Report
from longtail.report.words import Panel

ROWS = 200
LINES = 6
MARGIN = 0.9
_EXCERPT = 70


class Highlighted(NamedTuple):
    """A text cut around the place where a type stands in it."""

    before: str
    match: str
    after: str


def strata(report: Report) -> Panel | None:
    """Return the retention charts of the strata and their table."""
    found = words.panel(report, "strata")
    rows = words.rows(found, "rows")
    if found is None or not rows:
        return None
    margin = margin_of(report)
    against = words.baseline(found.get("baseline"))
    return {
        "view": names.view(found.get("view", "")),
        "baseline": against,
        "from_reference": found.get("baseline") == "reference",
        "realised_tau": words.percent(finite(found.get("realised_tau"))),
        "margin": words.percent(margin).replace(".0%", "%"),
        "mass": charts.kept_bars("kept-mass", f"Share of use kept, against {against}", _bars(rows, "mass"), margin),
        "types": charts.kept_bars("kept-types", f"Share of different items kept, against {against}", _bars(rows, "types"), margin),
        "table": [_stratum(row) for row in rows],
    }


def margin_of(report: Report) -> float:
    """Return the margin of the tail that the audit used, or the default."""
    margins = report.settings.get("margin")
    margin = finite(margins.get("tail")) if isinstance(margins, dict) else None
    return margin if margin is not None and 0 < margin <= 1 else MARGIN


def finite(value: Any) -> float | None:
    """Return a number of a panel, or None where it is absent, endless or no number."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _bars(rows: list[Panel], what: str) -> list[charts.Bar]:
    return [
        charts.Bar(
            words.STRATA.get(str(row.get("stratum")), words.one_line(str(row.get("stratum")), 30)),
            finite(row.get(f"{what}_ratio")),
            finite(row.get(f"{what}_low")),
            finite(row.get(f"{what}_high")),
            strong=row.get("stratum") == "tail",
        )
        for row in rows
    ]


def _stratum(row: Panel) -> list[str]:
    cells = [words.STRATA.get(str(row.get("stratum")), words.one_line(str(row.get("stratum")), 30))]
    for what, show in (("mass", words.percent), ("types", words.count)):
        cells += [show(finite(row.get(f"{what}_baseline"))), show(finite(row.get(f"{what}_candidate")))]
        cells += [words.percent(finite(row.get(f"{what}_ratio"))), ranged(row.get(f"{what}_low"), row.get(f"{what}_high"))]
    return cells


def ranged(low: Any, high: Any) -> str:
    """Return `61.2% to 66.7%` for two shares of a panel, or a dash where one is absent."""
    bounds = finite(low), finite(high)
    return "–" if None in bounds else f"{words.percent(bounds[0])} to {words.percent(bounds[1])}"


def rank_frequency(report: Report) -> Panel | None:
    """Return the rank-frequency picture, its legend and its table."""
    found = words.panel(report, "rank_frequency")
    listed = words.rows(found, "lines")
    lines = _lines(listed)
    if found is None or not lines:
        return None
    return {
        "view": names.view(found.get("view", "")),
        "chart": charts.ranks("rank-frequency", "How often each item is used, from the commonest to the rarest", _ends(lines), lines),
        "legend": [(charts.swatch(line.look), line.name) for line in lines],
        "table": [row for line in lines for row in _ranked(line)],
        "exponents": [row for row in map(_exponent, listed) if row],
        "ranks": " to ".join(words.count(finite(rank)) for rank in found.get("ranks") or []),
    }


def _lines(listed: list[Panel]) -> list[charts.Line]:
    """Return the lines to draw: an even choice of many samples, with the first and the last; those without points are left out."""
    chosen = [listed[at] for at in charts.spread(len(listed), LINES)]
    return [line for line in map(_line, range(len(chosen)), chosen) if line.points]


def _ends(lines: list[charts.Line]) -> str:
    ends = "; ".join(f"{line.name} ends at rank {words.count(line.points[-1][0])}" for line in lines)
    return f"Both axes are logarithmic. {ends}. A line that ends early or drops below the others has lost rare items."


def _ranked(line: charts.Line) -> list[tuple[str, str, str]]:
    picked = [line.points[at] for at in charts.spread(len(line.points), 16)]
    return [(line.name, words.count(rank), _frequency(often)) for rank, often in picked]


def _exponent(row: Panel) -> list[str]:
    value, low, high = (finite(row.get(name)) for name in ("exponent", "low", "high"))
    if value is None or low is None or high is None:
        return []
    return [words.one_line(str(row.get("name", "")), 40), f"{value:.3f}", f"{low:.3f} to {high:.3f}"]


def _line(index: int, row: Panel) -> charts.Line:
    listed = row.get("points")
    pairs = [pair for pair in listed if isinstance(pair, list | tuple) and len(pair) == 2] if isinstance(listed, list | tuple) else []
    points = sorted((x, y) for x, y in ((finite(x) or 0.0, finite(y) or 0.0) for x, y in pairs) if x > 0 < y)
    name = words.one_line(str(row.get("name", f"sample {index + 1}")), 40)
    look = {"reference": 0, "candidate": 1}.get(name, 2 + (index - 1) % 4)
    return charts.Line(name, [points[at] for at in charts.spread(len(points), 160)], look)


def _frequency(value: float) -> str:
    return words.count(value) if value >= 1 else f"1 in {words.count(1 / value)}"


def vanished(report: Report) -> Panel | None:
    """Return the table of items that vanished or are fading, cut to what a page can show."""
    found = words.panel(report, "vanished")
    rows = words.rows(found, "rows")
    if found is None or not rows:
        return None
    total = found.get("total")
    return {
        "view": names.view(found.get("view", "")),
        "total": words.count(max(total, len(rows)) if isinstance(total, int) else len(rows)),
        "shown": words.count(min(len(rows), ROWS)),
        "cut": len(rows) > ROWS or (isinstance(total, int) and total > len(rows)),
        "has_baseline": any(row.get("baseline_documents") is not None for row in rows[:ROWS]),
        "rows": [_vanished_row(row) for row in rows[:ROWS]],
    } | fading.fading(report, len(rows[:ROWS]))


def _vanished_row(row: Panel) -> Panel:
    kind = words.one_line(str(row.get("type", "")), 80)
    numbers = {name: words.count(finite(row.get(f"{name}_documents"))) for name in ("reference", "baseline", "candidate")}
    return numbers | {
        "type": kind,
        "gone": row.get("candidate_documents") == 0,
        "example": highlight(str(row.get("example") or ""), kind),
        "example_id": words.one_line(str(row.get("example_id") or ""), 24),
    }


def highlight(example: str, kind: str) -> Highlighted:
    """Return `example` cut around the first place of `kind`; words of a phrase may stand apart by punctuation."""
    flat = words.one_line(example, 20_000)
    parts = [re.escape(part) for part in kind.split()]
    found = re.search(r"(?<!\w)" + r"\W+".join(parts) + r"(?!\w)", flat, re.IGNORECASE) if parts else None
    found = found or (re.search(re.escape(kind), flat, re.IGNORECASE) if parts else None)
    if found is None:
        return Highlighted(words.one_line(flat, 2 * _EXCERPT), "", "")
    before, after = flat[: found.start()], flat[found.end() :]
    if len(before) > _EXCERPT:
        before = "…" + (before[-_EXCERPT:].partition(" ")[2] or before[-_EXCERPT:])
    if len(after) > _EXCERPT:
        after = (after[:_EXCERPT].rpartition(" ")[0] or after[:_EXCERPT]) + "…"
    return Highlighted(before, words.one_line(found[0], 200), after)


def by_itself(report: Report) -> Panel | None:
    """Return what was read and what it says about itself, or None where the report holds neither."""
    found = {"read": read(report), "check": self_check(report)}
    return found if any(found.values()) else None


def self_check(report: Report) -> Panel | None:
    """Return what one data set says about itself: size, distinct phrases at equal size, and repeated openings."""
    found = words.panel(report, "self")
    if found is None:
        return None
    return {
        "distinct": [_distinct(row) for row in words.rows(found, "distinct")],
        "openings": [_opening(row) for row in words.rows(found, "openings")[:20]],
        "openings_documents": words.count(finite(found.get("openings_documents"))),
    }


def _distinct(row: Panel) -> tuple[str, str, str, str]:
    size = names.view(f"words_{row.get('n')}")
    tokens, value = finite(row.get("tokens")), finite(row.get("value"))
    return size, words.count(tokens), words.percent(value), ranged(row.get("low"), row.get("high"))


def _opening(row: Panel) -> Panel:
    return {
        "text": words.one_line(str(row.get("text", "")), 80),
        "documents": words.count(finite(row.get("documents"))),
        "share": words.percent(finite(row.get("share"))),
        "example": words.one_line(str(row.get("example") or ""), 160),
    }


def read(report: Report) -> Panel | None:
    """Return what was read and what was set aside."""
    found = words.panel(report, "read")
    if found is None:
        return None
    aside = [_aside(row) for row in words.rows(found, "quarantine")]
    return {
        "documents": words.count(finite(found.get("documents"))),
        "words": words.count(finite(found.get("words"))),
        "content": words.one_line(str(found.get("content") or ""), 80),
        "quarantined": words.count(finite(found.get("quarantined"))),
        "quarantine": aside[:50],
        "rest": max(len(aside), int(finite(found.get("quarantined")) or 0)) - len(aside[:50]),
    }


def _aside(row: Panel) -> tuple[str, str]:
    place = f"{row.get('path', '')}:{row.get('line') or '?'}"
    return words.one_line(place, 120), words.one_line(str(row.get("reason", "")), 200)


def benchmark(report: Report) -> str:
    """Return how much of a benchmark holds nothing rare, in words; empty where none was named."""
    found = words.panel(report, "benchmark")
    if not found:
        return ""
    share = finite(found.get("value"))
    if share is None:
        return f"not measured: {words.one_line(str(found.get('not_measured', '')), 200)}"
    if found.get("warning"):
        return words.one_line(str(found["warning"]), 400)
    expected = finite(found.get("expected"))
    usual = f"; human text of the same lengths: {words.percent(expected)}" if expected is not None else ""
    bounds = ranged(found.get("low"), found.get("high"))
    return f"{words.percent(share)} of its items hold none of the reference's rare words ({bounds}){usual}"
