"""The coverage by decile of frequency, as the page shows it."""

import longtail.report.drawing.deciles as drawing
import longtail.report.names as names
import longtail.report.words as words
from longtail.records import Report
from longtail.report.panels import finite, ranged
from longtail.report.words import Panel

MOST_VIEWS = 6
LEVEL = 0.05
LEAST = 0.99


def deciles(report: Report) -> list[Panel]:
    """Return the pictures of the views that were cut into deciles, the one that speaks for the data first."""
    shown = [_view(at, each) for at, each in enumerate(words.listed(report, "deciles")[:MOST_VIEWS])]
    return [each for each in shown if each["table"]]


def _view(at: int, found: Panel) -> Panel:
    rows = [row for row in words.rows(found, "rows") if isinstance(row.get("decile"), int)]
    bars = [_bar(row) for row in rows]
    against = words.baseline(found.get("baseline"))
    kind = names.view(words.one_line(str(found.get("view", "")), 60))
    return {
        "view": kind,
        "against": against,
        "chart": drawing.pairs(f"deciles-{at}", f"{kind[:1].upper()}{kind[1:]} still seen, against {against}", bars, against),
        "told": _told(bars, kind, against),
        "table": [_row(row, bar) for row, bar in zip(rows, bars, strict=True)],
    }


def _bar(row: Panel) -> drawing.Pair:
    baseline, candidate, low, high = (finite(row.get(name)) for name in ("baseline", "candidate", "low", "high"))
    return drawing.Pair(int(row["decile"]), baseline, candidate, low, high, is_fewer=is_fewer(row))


def is_fewer(row: Panel) -> bool:
    """Tell whether fewer are seen of a tenth, by at least one in a hundred, than chance explains, all tenths of the view together."""
    p, baseline, candidate = (finite(row.get(name)) for name in ("p_adjusted", "baseline", "candidate"))
    return p is not None and baseline is not None and candidate is not None and p <= LEVEL and candidate <= LEAST * baseline


def _told(bars: list[drawing.Pair], kind: str, against: str) -> str:
    """Return the sentence under a picture: where less is seen than before, the rarest tenth first; nothing is claimed else."""
    fewer = [bar for bar in bars if bar.is_fewer]
    if not fewer:
        return f"In no tenth are clearly fewer {kind} seen than in {against}."
    worst = min(fewer, key=lambda bar: (bar.candidate or 0.0) / (bar.baseline or 1.0))
    places = ", ".join(str(bar.decile) for bar in fewer)
    tenths = "tenth" if len(fewer) == 1 else "tenths"
    seen = f"{words.percent(worst.candidate)} of its {kind} are still seen, against {words.percent(worst.baseline)} in {against}"
    return f"Fewer are seen in {tenths} {places}. Most is missing in tenth {worst.decile}: {seen}."


def _row(row: Panel, bar: drawing.Pair) -> list[str]:
    if bar.baseline is None:
        return [str(bar.decile), words.count(finite(row.get("items"))), "none: ties", "–", "–", "–"]
    shares = [words.percent(bar.baseline), words.percent(bar.candidate), ranged(bar.low, bar.high)]
    return [str(bar.decile), words.count(finite(row.get("items"))), *shares, "fewer" if bar.is_fewer else "not told apart"]
