"""What a store of answers shows, as the page tells it: from the panel to pictures, sentences and rows."""

import longtail.report.words as words
from longtail.records import Estimate, Report
from longtail.report.drawing import charts
from longtail.report.drawing import retrieval as drawing
from longtail.report.panels import finite
from longtail.report.words import Panel

CONTAMINATIONS = (
    ("pool", "pool_contamination", "In the pool"),
    ("exposure", "exposure_contamination", "Among what is retrieved"),
    ("citation", "citation_contamination", "Among what is cited"),
)
OTHERS = ("self_derived_share", "own_input_share", "echo_share", "accuracy", "exposure_change", "accuracy_change")
SIGNS = {"recorded": "parents are recorded", "logged": "the log shows it", "wording": "by its wording alone"}
SHOWN = 10


def page(report: Report) -> Panel | None:
    """Return everything that the section of the page reads; None where no store was named."""
    found = words.panel(report, "retrieval")
    if found is None:
        return None
    estimates = {each.metric: each for each in report.estimates if each.view in ("document", "query")}
    return _pictures(found, estimates) | {
        "sentence": _sentence(found),
        "heads": ["Share", "value", "interval", "of"],
        "rows": [_row(estimates[name]) for name in (*(metric for _, metric, _ in CONTAMINATIONS), *OTHERS) if name in estimates],
        "chains": [_chain(row) for row in words.rows(found, "chains")[:SHOWN]],
        "roots": words.counted(int(finite(found.get("roots")) or 0), "chain"),
        "contradictions": [[str(row.get("first")), str(row.get("second"))] for row in words.rows(found, "contradictions")[:SHOWN]],
        "compared": words.count(finite(found.get("compared"))),
        "notes": [words.one_line(str(note), 300) for note in found.get("notes") or []],
    }


def _pictures(found: Panel, estimates: dict[str, Estimate]) -> Panel:
    """Return the picture of the three shares, that of their course over the log where it is long enough, and the legend."""
    accuracy = estimates.get("accuracy")
    bars = [_share(found, key, label, estimates.get(metric)) for key, metric, label in CONTAMINATIONS]
    stretches = [drawing.Stretch(finite(row.get("exposure")), finite(row.get("accuracy"))) for row in words.rows(found, "course")]
    return {
        "chart": drawing.shares("contaminations", bars, accuracy.value if accuracy else None),
        "course": drawing.course("exposure-course", stretches) if len(stretches) > 1 else None,
        "legend": [(charts.swatch(0), "retrieved documents made by a model"), (charts.swatch(1), "right answers")],
    }


def _sentence(found: Panel) -> str:
    items, aside, queries = (int(finite(found.get(name)) or 0) for name in ("items", "aside", "queries"))
    told = f"{words.counted(items, 'document')} in a store of the kind {words.one_line(str(found.get('kind')), 20)}"
    told += f", {words.count(aside)} more set aside" if aside else ""
    return f"{told}; {words.counted(queries, 'question') + ' in its log' if queries else 'no log of questions'}."


def _share(found: Panel, key: str, label: str, estimate: Estimate | None) -> drawing.Share:
    contamination = found.get(key)
    unknown = (finite(contamination.get("unknown")) or 0.0) if isinstance(contamination, dict) else 0.0
    if estimate is None:
        return drawing.Share(label, None, 0.0, 0.0, unknown)
    return drawing.Share(label, estimate.value, estimate.low, estimate.high, unknown)


def _row(estimate: Estimate) -> list[str]:
    if estimate.unit == "difference":
        value, bounds = f"{estimate.value:+.3f}", f"{estimate.low:+.3f} to {estimate.high:+.3f}"
    else:
        value, bounds = words.percent(estimate.value), f"{words.percent(estimate.low)} to {words.percent(estimate.high)}"
    noun = "query" if estimate.resampling_unit == "query" else "document"
    return [words.metric(estimate, with_view=False), value, bounds, words.counted(estimate.n, noun, "queries" if noun == "query" else "")]


def _chain(row: Panel) -> list[str]:
    ids = [words.one_line(str(each), 40) for each in row.get("ids") or []]
    signs = dict.fromkeys(SIGNS.get(str(each), "") for each in row.get("told_by") or [])
    path = " → ".join(ids if len(ids) <= 6 else [*ids[:3], f"{len(ids) - 5} more", *ids[-2:]])
    return [path, str(len(ids)), ", ".join(signs)]
