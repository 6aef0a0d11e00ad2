"""What the data are made of, the regime of the loop, and how its mistakes hang together: from panels to words and rows."""

import longtail.report.words as words
from longtail.records import Report
from longtail.report.panels import finite
from longtail.report.words import Panel

SOURCES = 20
MONTHS = 60
HEADS = ["documents", "human", "synthetic", "unknown"]
_REGIMES = {
    "replace": "replace: each training set takes the place of the one before",
    "accumulate": "accumulate: real data are kept and added to",
    "fixed_budget": "fixed budget: the real data thin out in training sets of one size",
    "mixed": "mixed: neither all is kept nor all replaced",
    "unknown": "unknown",
}


def made_of(report: Report) -> str:
    """Return the shares by kind in one line, what is untagged shown as unknown; empty where no document says anything."""
    found = words.panel(report, "composition")
    if found is None:
        return ""
    shares = ((kind, finite(found.get(f"{kind}_share"))) for kind in ("human", "synthetic", "unknown"))
    return ", ".join(f"{share:.3f} {kind}" for kind, share in shares if share is not None)


def regime(report: Report) -> str:
    """Return the regime in words, with what it was read from; empty without manifests."""
    found = words.panel(report, "regime")
    if found is None:
        return ""
    name = _REGIMES.get(report.regime, words.one_line(report.regime, 40))
    return f"{name} ({words.one_line(str(found.get('reason', '')), 300)})"


def chained(report: Report) -> str:
    """Return the codes of findings that lead to one another, in that order."""
    return "; ".join(" → ".join(str(link.get("code", "")) for link in chain) for chain in _chains(report))


def page(report: Report) -> Panel | None:
    """Return everything that the section of the page reads; None where there is nothing to show."""
    found = words.panel(report, "composition")
    steps = words.rows(words.panel(report, "regime"), "rows")
    if found is None and not steps and not _chains(report):
        return None
    sources, months = words.rows(found, "sources"), words.rows(found, "months")
    return {
        "made_of": made_of(report),
        "regime": regime(report),
        "heads": HEADS,
        "sources": {"rows": [_row(row, "source") for row in sources[:SOURCES]], "hidden": len(sources[SOURCES:])},
        "other": _left(found, "sources_other", "from other sources") + _left(found, "sources_unstated", "of no stated source"),
        "months": {"rows": [_row(row, "month") for row in months[-MONTHS:]], "hidden": len(months[:-MONTHS])},
        "steps": [_step(row) for row in steps],
        "chains": [[(str(link.get("code", "")), str(link.get("says", ""))) for link in chain] for chain in _chains(report)],
    }


def _chains(report: Report) -> list[list[Panel]]:
    found = report.panels.get("chains")
    listed = [chain for chain in found if isinstance(chain, list)] if isinstance(found, list) else []
    return [links for chain in listed if (links := [link for link in chain if isinstance(link, dict)])]


def _row(row: Panel, name: str) -> list[str]:
    shares = [finite(row.get(f"{kind}_share")) for kind in ("human", "synthetic", "unknown")]
    return [
        words.one_line(str(row.get(name, "")), 80),
        words.count(finite(row.get("documents"))),
        *("–" if share is None else f"{share:.3f}" for share in shares),
    ]


def _left(found: Panel | None, name: str, told: str) -> list[str]:
    number = (found or {}).get(name)
    return [f"{words.counted(number, 'document')} {told}"] if isinstance(number, int) and number else []


def _step(row: Panel) -> list[str]:
    return [
        words.count(finite(row.get("generation"))),
        words.count(finite(row.get("rows"))),
        words.percent(finite(row.get("retained"))),
        words.percent(finite(row.get("real_share"))),
    ]
