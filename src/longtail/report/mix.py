"""What the training sets were made of, generation by generation: the picture, its sentence and its table."""

import longtail.report.words as words
from longtail.records import Report
from longtail.report.drawing import charts, stack
from longtail.report.panels import ROWS, finite
from longtail.report.words import Panel

NAMES = {
    "human": "human",
    "edited": "edited",
    "synthetic": "model-made",
    "unknown": "unknown",
}
BECAME = {
    "kept": "kept",
    "thinned": "thinned",
    "replaced": "replaced",
    "renewed": "renewed",
    "none": "none left",
    "unknown": "not known",
}
HEADS = ["Generation", "rows", *NAMES.values(), "of the original real rows", "real rows to draw from", "real rows"]


def page(report: Report) -> Panel | None:
    """Return what the section of the page reads; None without manifests."""
    found = words.panel(report, "mix")
    rows = [row for row in words.rows(found, "rows") if finite(row.get("rows"))]
    if found is None or not rows:
        return None
    became = {row.get("generation"): BECAME.get(str(row.get("name")), "") for row in words.rows(found, "segments")}
    floor = finite(found.get("floor"))
    return _drawn(rows, became, floor) | {
        "floor": None if floor is None else words.percent(floor).replace(".0%", "%"),
        "sentence": sentence(rows, became, floor),
        "heads": HEADS,
        "rows": [_row(row, became) for row in rows[:ROWS]],
        "hidden": max(0, len(rows) - ROWS),
    }


def _drawn(rows: list[Panel], became: dict[object, str], floor: float | None) -> Panel:
    bars = [_bar(rows[at], became) for at in charts.spread(len(rows), stack.MOST)]
    return {
        "chart": stack.stacked("mix-through-time", "What each training set was made of", bars, floor),
        "legend": [(stack.key(kind), name) for kind, name in NAMES.items()],
        "kept": stack.line_key() if any(bar.retained is not None for bar in bars) else None,
    }


def sentence(rows: list[Panel], became: dict[object, str], floor: float | None) -> str:
    """Return in plain words how the human share changed, what became of real rows, and whether the floor was held."""
    first, last = rows[0], rows[-1]
    human = [words.percent(_share(row, "human")) for row in (first, last)]
    told = f"In generation {last.get('generation')}, {human[1]} of {words.count(finite(last['rows']))} rows are human"
    told += f", {human[0]} in generation {first.get('generation')}." if len(rows) > 1 else "."
    gone = [generation for generation, name in became.items() if name == BECAME["replaced"]]
    told += f" The original real rows were replaced in generation {gone[0]}." if gone else ""
    return told + ("" if floor is None else _held(rows, floor))


def _held(rows: list[Panel], floor: float) -> str:
    """Return whether every training set holds as many real rows as the policy asks for."""
    below = [str(row.get("generation")) for row in rows if _share(row, "human") < floor]
    where = f"{'generations' if below[1:] else 'generation'} {', '.join(below[:8])}"
    return f" The floor of {words.percent(floor)} real rows {f'is not held in {where}' if below else 'is held throughout'}."


def _share(row: Panel, kind: str) -> float:
    rows = finite(row.get("rows")) or 1.0
    return min(1.0, max(0.0, (finite(row.get(kind)) or 0.0) / rows))


def _bar(row: Panel, became: dict[object, str]) -> stack.Bar:
    shares = [_share(row, kind) for kind in stack.KINDS]
    generation, rows = (int(finite(row.get(name)) or 0) for name in ("generation", "rows"))
    return stack.Bar(generation, rows, shares, became.get(row.get("generation"), ""), finite(row.get("retained")))


def _row(row: Panel, became: dict[object, str]) -> list[str]:
    counts = [words.count(finite(row.get(name))) for name in ("generation", "rows", *stack.KINDS)]
    kept, reservoir = words.percent(finite(row.get("retained"))), words.count(finite(row.get("reservoir")))
    return [*counts, kept, reservoir, became.get(row.get("generation"), "–")]
