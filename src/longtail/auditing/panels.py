"""What the report's pictures and tables are drawn from."""

from collections import Counter
from typing import Any

import msgspec
import numpy as np

from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.auditing.vanished import REDACTED, vanished
from longtail.metrics.blindness import blindness_warning
from longtail.metrics.comparison import Comparison
from longtail.metrics.pairing import principal_of
from longtail.metrics.slices import Slice, labelled_slices
from longtail.metrics.tails import stratum_mass, stratum_types
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.discovery import benjamini_yekutieli
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.rows import type_counts
from longtail.summaries.strata import NAMES
from longtail.views.names import LABELS
from longtail.views.words import spans

SHOWN_OPENINGS = 5
OPENING_WORDS = 3
CURVE_POINTS = 60
SHOWN_QUARANTINE = 20


def panels_of(inputs: Inputs, measured: Measurements, options: Options) -> dict[str, Any]:
    """Return all panels that the inputs allow."""
    panels: dict[str, Any] = {
        "read": _read(inputs.candidate),
        "self": _self(inputs.candidate, measured, options),
        "rank_frequency": _curves(inputs, principal_of(inputs.candidate)),
    }
    if inputs.benchmark is not None:
        panels["benchmark"] = _benchmark(measured)
    panels["absent"] = [msgspec.to_builtins(absence) for absence in measured.absences()]
    if measured.deciding is not None and measured.deciding.refusal is None:
        panels["strata"] = _strata(measured.deciding)
        panels["slices"] = [_slices(measured, column) for column in inputs.candidate.by]
        panels["shift"] = _shift(measured)
        panels["exploratory"] = _exploratory(measured)
        panels["vanished"] = vanished(inputs, measured.deciding.view, options)
    return panels


def _slices(measured: Measurements, column: str) -> dict[str, Any]:
    """Return the classes of one column: what of each is left, and which are too rare to judge."""
    assert measured.deciding is not None
    comparison = Comparison(measured.deciding.pairing, f"{LABELS}{column}")
    classes = labelled_slices(comparison)
    outcomes = {outcome.slice: outcome for outcome in measured.tail if outcome.metric == "class_share" and outcome.view == comparison.view}
    if isinstance(classes, NotMeasured):
        return {"column": column, "status": "not_measured", "chosen_by": "--by", "why_not": classes.reason, "rows": []}
    rows = [_slice_row(each, outcomes.get(each.name)) for each in classes]
    decisions = [row["decision"] for row in rows if row["decision"]]
    gone = decisions.count("shrunk")
    status = "not_measured" if not decisions else "kept" if not gone else "lost" if gone == len(decisions) else "partial"
    return {"column": column, "status": status, "chosen_by": "--by", "rows": rows}


def _slice_row(found: Slice, outcome: Outcome | None) -> dict[str, Any]:
    known = outcome if isinstance(outcome, Estimate) else None
    names = ("value", "low", "high", "p_adjusted", "decision")
    ratio, low, high, p, decision = (getattr(known, name) if known is not None else None for name in names)
    return {
        "slice": found.name,
        "reference_share": found.share,
        "expected": found.expected,
        "seen": found.seen,
        "ratio": ratio,
        "low": low,
        "high": high,
        "p_adjusted": p,
        "decision": decision,
        "auditable": known is not None,
        "why_not": outcome.reason if isinstance(outcome, NotMeasured) else "",
    }


def _benchmark(measured: Measurements) -> dict[str, Any]:
    """Return what share of a benchmark's items holds nothing rare, and what to tell where that makes it blind."""
    found = next((outcome for outcome in measured.others if outcome.metric == "benchmark_blindness"), None)
    if not isinstance(found, Estimate):
        return {"not_measured": found.reason if found is not None else "there is no reference"}
    names = ("value", "low", "high", "n", "expected")
    return {name: getattr(found, name) for name in names} | {"warning": blindness_warning(found)}


def _shift(measured: Measurements) -> dict[str, Any]:
    found = measured.shift
    return {"not_measured": found.reason} if isinstance(found, NotMeasured) else found._asdict() if found is not None else {}


def _exploratory(measured: Measurements) -> dict[str, Any]:
    """Return the slices that no column names, with p-values adjusted by Benjamini-Yekutieli: valid under any dependence."""
    found = [each for each in measured.exploratory if isinstance(each, Estimate) and each.p is not None]
    adjusted = benjamini_yekutieli(np.array([each.p for each in found], float)).tolist()
    rows = [
        {"metric": f"{each.metric}: {each.slice}", "view": each.view, "value": each.value, "low": each.low, "high": each.high, "p": each.p,
         "p_adjusted": p}
        for each, p in zip(found, adjusted, strict=True)
    ]  # fmt: skip
    return {"title": "Slices found without a column", "adjustment": "Benjamini-Yekutieli", "rows": rows}


def _read(candidate: Profile) -> dict[str, Any]:
    return {
        "documents": candidate.documents,
        "words": candidate.words,
        "bytes": sum(part["bytes"] for part in candidate.parts),
        "content": candidate.content,
        "quarantined": candidate.quarantined,
        "quarantine": [{"path": q.path, "line": q.line, "reason": q.reason} for q in candidate.quarantine[:SHOWN_QUARANTINE]],
    }


def _self(candidate: Profile, measured: Measurements, options: Options) -> dict[str, Any]:
    distinct = [e for e in measured.values if isinstance(e, Estimate) and e.metric == "distinct_n"]
    openings, documents = _openings(candidate)
    return {
        "distinct": [
            {"n": int(e.view[-1]), "tokens": int(e.method.split()[2]), "value": e.value, "low": e.low, "high": e.high} for e in distinct
        ],
        "openings": [
            {"text": REDACTED if options.redact else text, "documents": count, "share": count / documents} for text, count in openings
        ],
        "openings_documents": documents,
    }


def _openings(candidate: Profile) -> tuple[list[tuple[str, int]], int]:
    """Return the commonest first words among the sampled documents, and how many documents those are."""
    found: Counter[str] = Counter()
    documents = 0
    for text, copies in candidate.sample.documents():
        documents += copies
        words = [word.lower() for _, word in spans(text[:400], candidate.seed)[:OPENING_WORDS]]
        if len(words) == OPENING_WORDS:
            found[" ".join(words)] += copies
    common = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_OPENINGS]
    return [(text, count) for text, count in common if count > 1], max(documents, 1)


def _strata(comparison: Comparison) -> dict[str, Any]:
    rows = []
    for code, name in enumerate(NAMES):
        mass, types = stratum_mass(comparison, code), stratum_types(comparison, code)
        rows.append(
            {"stratum": name}
            | {f"mass_{key}": value for key, value in mass.items()}
            | {f"types_{key}": value for key, value in types.items()}
        )
    return {"view": comparison.view, "baseline": comparison.name, "realised_tau": comparison.realised_tau, "rows": rows}


def _curves(inputs: Inputs, view: str) -> dict[str, Any]:
    named = {
        "reference": inputs.reference.profile if inputs.reference else None,
        "generation 1": inputs.baseline,
        "candidate": inputs.candidate,
    }
    lines = [{"name": name, "points": rank_curve(profile.frequencies[view])} for name, profile in named.items() if profile is not None]
    return {"view": view, "lines": lines}


def rank_curve(frequencies: Frequencies) -> list[list[float]]:
    """Return (rank, share of tokens) at ranks in even steps of their logarithm."""
    _, tokens, _ = type_counts(frequencies, None, frequencies.theta)
    if not len(tokens):
        return []
    ordered = np.sort(tokens)[::-1]
    ranks = np.unique(np.geomspace(1, len(ordered), CURVE_POINTS).round().astype(int))
    total = float(ordered.sum())
    return [[int(rank), float(ordered[rank - 1] / total)] for rank in ranks]
