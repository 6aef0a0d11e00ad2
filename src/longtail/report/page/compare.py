"""Two audits side by side as one page that stands alone, and as JSON."""

from markupsafe import Markup

import longtail.report.comparison as told
import longtail.report.names as names
import longtail.report.words as words
from longtail.auditing.compared import Comparison, Row
from longtail.records import Estimate
from longtail.report.drawing import charts, pairs
from longtail.report.formats.records import to_json
from longtail.report.page.html import alone
from longtail.report.panels import ROWS

MARKED = ("higher", "lower")


def to_html(found: Comparison) -> str:
    """Return a comparison as one self-contained page."""
    verdict = told.verdict(found)
    picture = told.drawn(found)
    apart = told.apart(found)
    return alone(
        "compare.html",
        to_json(found),
        found=found,
        of="compare",
        sheet="compare.css",
        record="comparison",
        status=verdict.status,
        headline=verdict.headline,
        verdict=verdict,
        date=found.b.created_at[:10],
        sides=[("A", found.a), ("B", found.b)],
        chart=_chart(found) if picture else None,
        against=f"{words.baseline(picture[0].baseline)}, in {names.view(picture[0].view)}" if picture else "",
        legend=[(charts.swatch(look), name) for look, name in zip(pairs.LOOKS, ("A, the first", "B, the second"), strict=True)],
        marked=[told.measure(row) for row in found.rows if row.difference in MARKED][:ROWS],
        measures=[told.measure(row) for row in found.rows[:ROWS]],
        measures_left=max(0, len(found.rows) - ROWS),
        vanished=told.lists(found),
        apart=[told.gone(each) for each in apart[:ROWS]],
        apart_left=max(0, len(apart) - ROWS),
        findings=[told.ruled(each) for each in found.findings],
        conditions=[told.condition(each) for each in found.alike],
        hindrances=found.hindrances,
        how=told.how(found),
    )


def _chart(found: Comparison) -> Markup:
    rows = [_pair(row, row.a, row.b) for row in told.drawn(found) if row.a is not None and row.b is not None]
    return pairs.pairs("compared", "The same measures in both audits", rows)


def _pair(row: Row, a: Estimate, b: Estimate) -> pairs.Pair:
    said = told.MARKS[row.difference] if row.difference in MARKED else ""
    return pairs.Pair(words.named(row.metric), said, (a.value, a.low, a.high), (b.value, b.low, b.high))
