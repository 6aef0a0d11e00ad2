"""The pair of perplexities as the page shows it: human text beside a model's own, as means and document by document."""

from typing import Any

import longtail.report.drawing.charts as charts
import longtail.report.drawing.losses as drawing
import longtail.report.words as words
from longtail.records import Report
from longtail.report.panels import finite
from longtail.report.words import Panel

MOST_MODELS = 4
TEXTS = {"human": "human text", "own": "its own text"}


def losses(report: Report) -> Panel | None:
    """Return means by model and histograms over documents, or None where no scores were given."""
    found = words.panel(report, "losses")
    rows = [row for row in words.rows(found, "rows") if _is_sound(row)]
    if found is None or not rows:
        return None
    models = list(dict.fromkeys(str(row["model"]) for row in rows))
    kinds = [kind for kind in TEXTS if any(row["text"] == kind for row in rows)]
    return {
        "has_own": "own" in kinds,
        "means": _means(rows, kinds) if len(models) > 1 else None,
        "mean_legend": [(charts.swatch(look), TEXTS[kind]) for look, kind in enumerate(kinds)],
        "histograms": _histograms(rows, models, kinds, found.get("edges")),
        "told": _told(rows, models),
        "table": [_row(row) for row in rows],
    }


def _histograms(rows: list[Panel], models: list[str], kinds: list[str], edges: Any) -> list[Panel]:
    bounds = [edge for edge in map(finite, edges or []) if edge is not None]
    return [each for kind in kinds if (each := _histogram(kind, rows, models, bounds)) is not None]


def _is_sound(row: Panel) -> bool:
    return row.get("text") in TEXTS and None not in [finite(row.get(name)) for name in ("mean", "low", "high")]


def _means(rows: list[Panel], kinds: list[str]) -> object:
    models = list(dict.fromkeys(words.one_line(str(row["model"]), 30) for row in rows))
    lines = [
        (
            TEXTS[kind],
            [
                drawing.Mean(models.index(words.one_line(str(row["model"]), 30)), float(row["mean"]), float(row["low"]), float(row["high"]))
                for row in rows
                if row["text"] == kind
            ],
        )
        for kind in kinds
    ]
    return drawing.means("loss-means", "Mean loss per token by model", models, lines)


def _histogram(kind: str, rows: list[Panel], models: list[str], edges: list[float]) -> Panel | None:
    shown = [models[at] for at in charts.spread(len(models), MOST_MODELS)]
    drawn = [_steps(_of(rows, kind, model), _look(place, len(shown))) for place, model in enumerate(shown)]
    steps = [each for each in drawn if len(each.shares) == len(edges) - 1 > 0]
    if not steps:
        return None
    return {
        "title": f"How hard each document of {TEXTS[kind]} is",
        "legend": [(charts.swatch(each.look), each.name) for each in steps],
        "chart": drawing.histogram(f"loss-{kind}", f"Documents of {TEXTS[kind]} by loss per token", edges, steps),
    }


def _look(place: int, models: int) -> int:
    """Return the look of a model: the first is steady, the last is the one to watch."""
    return 0 if not place else 1 if place == models - 1 else place + 1


def _steps(row: Panel | None, look: int) -> drawing.Steps:
    shares = [finite(share) or 0.0 for share in (row or {}).get("shares") or []]
    return drawing.Steps(words.one_line(str((row or {}).get("model", "")), 30), shares, look)


def _told(rows: list[Panel], models: list[str]) -> str:
    """Return what the means of the first and the last model say; a rise or fall is told only where their ranges do not meet."""
    if len(models) < 2:
        return "There are scores of one model only, so nothing is compared."
    pairs = [(name, _of(rows, kind, models[0]), _of(rows, kind, models[-1])) for kind, name in TEXTS.items()]
    parts = [_change(name, first, last) for name, first, last in pairs if first is not None and last is not None]
    told = "; ".join(parts)
    crossing = "human text has become harder" in told and "its own text has become easier" in told
    return f"{told[:1].upper()}{told[1:]}." + (" That pair is what learning from one's own output looks like." if crossing else "")


def _of(rows: list[Panel], kind: str, model: str) -> Panel | None:
    return next((row for row in rows if row["text"] == kind and row["model"] == model), None)


def _change(name: str, first: Panel, last: Panel) -> str:
    way = "harder" if last["low"] > first["high"] else "easier" if last["high"] < first["low"] else ""
    return f"{name} has become {way} for the model" if way else f"{name} is not clearly easier or harder than before"


def _row(row: Panel) -> list[str]:
    bounds = f"{row['low']:.3f} to {row['high']:.3f}"
    return [
        words.one_line(str(row["model"]), 30),
        TEXTS[row["text"]],
        words.count(finite(row.get("documents"))),
        f"{row['mean']:.3f}",
        bounds,
    ]
