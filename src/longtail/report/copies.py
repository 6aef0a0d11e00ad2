"""Copies and moulds as the page shows them: groups of nearly equal documents with what differs, and words that documents share."""

from typing import Any, NamedTuple

import longtail.report.words as words
from longtail.records import Report
from longtail.report.panels import finite
from longtail.report.words import Panel

MOST = 20
KINDS = {"opening": "How documents begin", "closing": "How documents end", "template": "Six words that many documents share"}


class Piece(NamedTuple):
    """Some words of a comparison, and whether they are the same in both texts, only in the first, or only in the second."""

    kind: str
    text: str


def copies(report: Report) -> Panel | None:
    """Return the largest groups and the commonest phrases, or None where there are none."""
    found = words.panel(report, "copies")
    clusters = [_cluster(row) for row in words.rows(found, "clusters")[:MOST]]
    phrases = words.rows(found, "phrases")
    if found is None or not (clusters or phrases):
        return None
    total = finite(found.get("clusters_total"))
    return {
        "clusters": clusters,
        "total": words.count(max(total or 0, len(clusters))),
        "sampled": words.count(finite(found.get("sampled"))),
        "documents": words.count(finite(found.get("documents"))),
        "heads": ["Words", "audited", "share", *(["elsewhere", "share"] if any(row.get("reference_of") for row in phrases) else [])],
        "phrases": [
            (title, rows) for kind, title in KINDS.items() if (rows := [_phrase(row) for row in phrases if row.get("kind") == kind])
        ],
    }


def _cluster(row: Panel) -> Panel:
    members = [words.one_line(str(name), 24) for name in row.get("members") or [] if isinstance(name, str | int)]
    number = int(finite(row.get("documents")) or 0)
    distinct = int(finite(row.get("distinct")) or 0)
    return {
        "documents": words.count(number),
        "exact": distinct == 1,
        "distinct": words.count(distinct),
        "members": members[:5],
        "text": words.one_line(str(row.get("text") or ""), 160),
        "pieces": _pieces(row.get("difference")),
    }


def _pieces(listed: Any) -> list[Piece]:
    pairs = [pair for pair in listed if isinstance(pair, list | tuple) and len(pair) == 2] if isinstance(listed, list | tuple) else []
    return [Piece(str(kind), words.one_line(str(text), 300)) for kind, text in pairs if kind in ("same", "gone", "new")][:40]


def _phrase(row: Panel) -> list[str]:
    cells = [words.one_line(str(row.get("text", "")), 80), words.count(finite(row.get("documents"))), _share(row, "documents", "of")]
    if row.get("reference_of") is None:
        return cells
    return [*cells, words.count(finite(row.get("reference_documents"))), _share(row, "reference_documents", "reference_of")]


def _share(row: Panel, name: str, of: str) -> str:
    found, whole = finite(row.get(name)), finite(row.get(of))
    return "–" if found is None or not whole else words.percent(found / whole)
