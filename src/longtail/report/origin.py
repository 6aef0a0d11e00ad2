"""What the texts of an audit show of their own origin: from the panel to words and rows."""

import longtail.report.words as words
from longtail.records import Report
from longtail.report.panels import finite
from longtail.report.words import Panel

PARTS = {"unknown": "of unknown origin", "human": "called human", "human_late": "called human, late, on a word alone"}
HEADS = ["documents", "machine-made", "interval", "status"]


def told(report: Report) -> str:
    """Return the estimate of all documents in one line; empty where nothing was measured."""
    found = words.panel(report, "origin")
    if found is None:
        return ""
    whole = (found.get("told") or {}).get("whole") if isinstance(found.get("told"), dict) else None
    return _share(whole) if isinstance(whole, dict) else _bound(found.get("vocabulary"))


def page(report: Report) -> Panel | None:
    """Return everything that the section of the page reads; None where nothing was measured."""
    found = words.panel(report, "origin")
    if found is None:
        return None
    estimate = found.get("told")
    whole: Panel | None = estimate["whole"] if isinstance(estimate, dict) else None
    return {
        "told": _sentence(told(report)),
        "heads": HEADS,
        "rows": ([_row("all", whole)] if whole else []) + _parts(found.get("parts")),
        "reasons": _sentences(whole or found.get("vocabulary"), "reasons"),
        "notes": _sentences(estimate, "notes"),
    }


def _parts(found: object) -> list[list[str]]:
    return [_row(PARTS.get(str(name), str(name)), each) for name, each in found.items()] if isinstance(found, dict) else []


def _sentences(found: object, name: str) -> list[str]:
    return [_sentence(each) for each in found.get(name, [])] if isinstance(found, dict) else []


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _share(whole: Panel) -> str:
    machine = whole.get("machine") or {}
    share, low, high = (finite(machine.get(name)) for name in ("share", "low", "high"))
    documents = words.count(finite(whole.get("documents")))
    if share is None or low is None or high is None:
        return f"the machine-made share of {documents} documents: estimate refused"
    return f"estimate: {share:.3f} of {documents} documents are machine-made ({low:.3f} to {high:.3f}, {whole.get('status')})"


def _bound(found: object) -> str:
    periods = [each for each in words.rows(found, "periods") if each.get("low") is not None] if isinstance(found, dict) else []
    if not periods:
        return "no lower bound of the machine-made share from dates"
    latest = periods[-1]
    words_after = f"of the documents of {latest['period']} hold words that came up after the cut-off"
    return f"at least {latest['low']:.3f} {words_after} (bound, {latest.get('status', 'weak')})"


def _row(name: str, found: Panel) -> list[str]:
    machine = found.get("machine") or {}
    share, low, high = (finite(machine.get(each)) for each in ("share", "low", "high"))
    interval = "–" if low is None or high is None else f"{low:.3f} to {high:.3f}"
    return [name, words.count(finite(found.get("documents"))), "–" if share is None else f"{share:.3f}", interval, str(found.get("status"))]
