"""Two audits side by side, in words: the headline, the rows of its tables, what the picture shows."""

from collections import Counter
from typing import NamedTuple

import longtail.report.words as words
from longtail.auditing.compared import Alike, Comparison, Difference, Row, Ruled, Vanished
from longtail.records import Estimate, Status

TAIL = ("tail_types_retained", "tail_mass_retained")
DRAWN = 10
MARKS: dict[Difference, str] = {
    "higher": "B higher",
    "lower": "B lower",
    "not_shown": "no difference shown",
    "not_comparable": "not comparable",
}
_CHANGES = {
    "new": "found by B alone",
    "gone": "found by A alone",
    "kept": "found by both",
    "graver": "graver in B",
    "milder": "milder in B",
    "unknown": "not known: one of them did not measure it",
}
_NAMES = {
    "reference": "the human reference",
    "baseline": "generation 1, or what else loss is judged against",
    "control": "the control",
    "tau": "what counts as rare (tau)",
    "seed": "the seed, which splits the reference",
    "role": "whose turns are read",
    "features": "the features",
    "validity": "what counts as valid",
    "alpha": "the error rate (alpha)",
    "margin": "the margins",
    "views": "what is counted (views)",
    "by": "the slices",
    "horizon": "the audits planned",
    "exact": "exact counts",
    "longtail_version": "the version of longtail",
}


class Verdict(NamedTuple):
    """What the first line says, how grave that is, and what it rests on."""

    status: Status
    headline: str
    explanation: str


def verdict(found: Comparison) -> Verdict:
    """Return what the comparison says of the rare part of the data."""
    if found.hindrances:
        said = "The numbers stand side by side; which of them differ cannot be told, for the two were not measured alike."
        return Verdict("not_measured", "The two audits cannot be held against each other", said)
    tail = [row for row in deciding(found) if row.metric in TAIL and row.difference != "not_comparable"]
    if not tail:
        return Verdict(
            "not_measured", "Nothing about rare items is in both audits", "No number for the rare part was measured alike in both."
        )
    ways = {row.difference for row in tail}
    if {"higher", "lower"} <= ways:
        return Verdict("warn", "B kept more of some rare things and less of others", _resting(tail))
    if "lower" in ways:
        return Verdict("fail", "B kept less of the rare part than A", _resting(tail))
    if "higher" in ways:
        return Verdict("pass", "B kept more of the rare part than A", _resting(tail))
    said = "Where two ranges meet, the data do not tell which is higher. This does not show that the two are alike."
    return Verdict("not_measured", "No difference in the rare part is shown", said)


def _resting(tail: list[Row]) -> str:
    told = [f"{named(row)}: {_value(row.a)} in A, {_value(row.b)} in B" for row in tail if row.difference in ("higher", "lower")]
    said = "; ".join(told[:3])
    return f"{said[:1].upper()}{said[1:]}."


def of_all(found: Comparison) -> list[Row]:
    """Return the rows about all documents, of a lineage those of its last generation."""
    last = max((row.generation for row in found.rows if row.generation is not None), default=None)
    return [row for row in found.rows if row.slice is None and row.generation == last]


def deciding(found: Comparison) -> list[Row]:
    """Return those of them against generation 1 where there is one, else against the reference, else against the control."""
    rows = of_all(found)
    against = next((name for name in ("generation_1", "reference", "control") if any(row.baseline == name for row in rows)), None)
    return [row for row in rows if row.baseline == against]


def drawn(found: Comparison) -> list[Row]:
    """Return the ratios that the picture shows, those of rare items first, of the view that comes first."""
    rows = [row for row in deciding(found) if row.a and row.b and row.a.kind == "ratio"]
    rows = [row for row in rows if row.view == rows[0].view]
    return sorted(rows, key=lambda row: TAIL.index(row.metric) if row.metric in TAIL else len(TAIL))[:DRAWN]


def named(row: Row) -> str:
    """Return what a row measures."""
    name = words.named(row.metric, row.view)
    name += f" of {words.one_line(row.slice, 60)}" if row.slice else ""
    name += f", generation {row.generation}" if row.generation is not None else ""
    return name + (f", against {words.baseline(row.baseline)}" if row.baseline else "")


def _value(each: Estimate | None) -> str:
    return "not measured" if each is None else words.number(each.value, words.scale_of(each))


def bounded(each: Estimate | None) -> str:
    """Return value and interval, or that there is none."""
    return "not measured" if each is None else f"{_value(each)} {words.interval(each)}"


def measure(row: Row) -> list[str]:
    """Return the cells of a measure."""
    because = f": {words.one_line(row.because, 200)}" if row.because else ""
    return [named(row), bounded(row.a), bounded(row.b), MARKS[row.difference] + because]


def condition(found: Alike) -> list[str]:
    """Return the cells of one thing that is to be the same in both."""
    same = "not known" if found.is_same is None else "the same" if found.is_same else "not the same"
    return [_NAMES.get(found.name, found.name), words.one_line(found.a, 120), words.one_line(found.b, 120), same]


def differing(found: Comparison) -> list[str]:
    """Return what is told of things that differ and yet hinder nothing."""
    kept = [each for each in found.alike if not each.needed and not each.is_same]
    return [f"{_NAMES.get(each.name, each.name)}: {each.a} in A, {each.b} in B" for each in kept]


def ruled(found: Ruled) -> list[str]:
    """Return the cells of a rule."""
    states = ["not applied" if state is None else words.STATUSES[state] for state in (found.a, found.b)]
    return [f"{found.code} {words.one_line(found.title, 160)}", *states, _CHANGES[found.change]]


def gone(found: Vanished) -> list[str]:
    """Return the cells of a type that vanished."""
    known = {True: "vanished", False: "still there", None: "not known"}
    return [words.one_line(found.type, 80), words.count(found.reference_documents), known[found.in_a], known[found.in_b]]


def apart(found: Comparison) -> list[Vanished]:
    """Return the types that vanished in one and are known to be there in the other, commonest first."""
    return [each for each in found.vanished if {each.in_a, each.in_b} == {True, False}]


def lists(found: Comparison) -> str:
    """Return a sentence on what vanished in which."""
    if found.vanished_because:
        return f"Not compared: {words.one_line(found.vanished_because, 300)}."
    sides = [f"{words.count(total)} vanished in {name}" for name, total in zip("AB", found.vanished_totals, strict=True)]
    known = Counter((each.in_a, each.in_b) for each in found.vanished)
    both, first, second = (f"{known[pair]:,}" for pair in ((True, True), (True, False), (False, True)))
    told = f"Of the commonest, as far as both lists reach, {both} are gone in both, {first} in A alone and {second} in B alone."
    return f"{', '.join(sides)}. {told}"


def how(found: Comparison) -> list[str]:
    """Return how the comparison was made and what it cannot tell."""
    told = ["A difference is marked where the two intervals do not meet. Where they meet none is shown, and that does not rule one out."]
    if found.compared:
        rows, most = words.counted(found.compared, "measure"), f"{found.by_chance:.2g}"
        told.append(f"Of {rows} compared, at most {most} would be marked on average if nothing differed, whatever data both share.")
    if found.a.sha256 is not None and found.a.sha256 == found.b.sha256:
        told.append("Both judged the same data.")
    return told + [f"Not the same in both: {each}." for each in differing(found)]
