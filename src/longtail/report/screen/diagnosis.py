"""A diagnosis in a terminal: the verdict with its confidence, the versions in order, what it rests on, what to collect next."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

import longtail.report.screen.terminal as terminal
import longtail.report.words as words
from longtail.diagnosis.records import Diagnosis, Exposure, Reading, Version
from longtail.diagnosis.signature import named
from longtail.records import Status
from longtail.report.formats.json import to_json as audit_to_json

MOST_RISKS = 6
MOST_SIGNALS = 4
_SURROGATE = re.compile("[\ud800-\udfff]")

SHAPES: dict[str, tuple[Status, str]] = {
    "flat": ("pass", "Nothing of the tail is lost between the first version and the last."),
    "mild_narrowing": ("warn", "The tail is being lost; that more than half of it is gone is not shown."),
    "advanced_collapse": ("fail", "More than half of the tail or of the variety is gone, or the text has moved far from where it began."),
    "concentrating": ("fail", "Common words crowd together; the rare ones are not lost before them."),
    "drift": ("warn", "The versions differ, and nothing of the variety is lost."),
}


CALLED = {
    "collapse": "collapse",
    "sharpening": "sharpening explains it, collapse is not shown",
    "drift": "drift explains it, collapse is not shown",
    "open": "a loss, and what explains it is open",
    "none": "no loss beyond the margin",
    "not_measured": "not measured",
}
"""What the loss is called, in words."""


class Row(NamedTuple):
    """One version: name, time, rows, synthetic share, phase, and how grave that phase is."""

    name: str
    time: str
    rows: str
    synthetic: str
    phase: str
    status: Status | None


class Part(NamedTuple):
    """One thing that is told: what it is about, and the sentences."""

    name: str
    told: tuple[str, ...]


def to_json(found: Diagnosis) -> str:
    """Return a diagnosis as JSON in the order of its record, the audit in that of its contract, indented by two.

    Raises:
        InvalidRecord: The audit holds something that its JSON form may not hold.
    """
    plain = msgspec.to_builtins(msgspec.structs.replace(found, audit=None))
    plain["audit"] = json.loads(audit_to_json(found.audit)) if found.audit is not None else None
    whole = json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=2)
    return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", whole) + "\n"


def lines(found: Diagnosis) -> Iterator[RenderableType]:
    """Yield what is printed of a diagnosis."""
    name, status, sentence = verdict(found)
    yield Text.assemble((name, f"bold {terminal.STYLES[status]}"), f", confidence {found.confidence}{terminal.GUTTER}", sentence)
    yield Text(f"confidence {found.confidence}: {words.one_line(found.because)}", "dim")
    yield Text()
    yield from _versions(found)
    for part in parts(found):
        yield Text()
        yield from _part(part)
    for shown in (terminal.groups, terminal.causes):
        if found.audit is not None and (block := shown(found.audit)) is not None:
            yield Text()
            yield block
    yield from _numbered("versions by risk", [f"{each.version}: {each.because}" for each in found.risks[:MOST_RISKS]])
    yield from _numbered("collect next, most useful first", found.collect)
    if found.audit is not None:
        yield Text()
        yield from terminal.guarantee(found.audit)


def verdict(found: Diagnosis) -> tuple[str, Status, str]:
    """Return what the diagnosis is called, how grave its shape and phase are, and one sentence that says it."""
    names = [each.version for each in found.readings if not each.unread]
    told = words.PHASES[found.phase]
    if found.shape in SHAPES:
        status, sentence = SHAPES[found.shape]
        summary = "" if found.audit is None else f" {named(words.one_line(found.audit.summary), names)}"
        name = "a loss, cause open" if found.called.name == "open" else found.shape.replace("_", " ")
        return name.upper(), words.worst((status, told.status)), f"{sentence}{summary}"
    if found.audit is None:
        return "NOT MEASURED", "not_measured", "No version could be compared with human text; what follows is what records tell."
    sentence = words.one_line(found.audit.summary) or told.headline
    return found.phase.replace("_", " ").upper(), told.status, f"{sentence}{words.enough(found.audit)}"


def rows(found: Diagnosis) -> list[Row]:
    """Return a row for each version, in the order of time; what is not known is called so."""
    readings = {each.version: each for each in found.readings}
    exposures = {each.version: each for each in found.entry.exposures}
    first = next((each.version for each in found.readings if not each.unread), "")
    return [_row(each, readings.get(each.name), exposures.get(each.name), first) for each in found.past.versions]


def _row(version: Version, reading: Reading | None, exposure: Exposure | None, first: str) -> Row:
    name = words.one_line(version.name, 24) + (" (hole)" if version.is_hole else "")
    time = version.time[:10] if version.time else "unknown"
    number = words.count(version.rows) if version.rows is not None else "unknown"
    return Row(name, time, number, share(exposure), *_phase(reading, first))


def _phase(reading: Reading | None, first: str) -> tuple[str, Status | None]:
    if reading is None:
        return "no outputs", None
    if reading.unread:
        return "not read", None
    if reading.phase is None:
        return ("start" if reading.version == first else "not measured"), None
    label = f" ({', '.join(reading.labels)})" if reading.labels else ""
    return reading.phase.replace("_", " ") + label, words.PHASES[reading.phase].status


def share(exposure: Exposure | None) -> str:
    """Return how much of a training set a model had a hand in, `unknown` where neither records nor an estimate say."""
    if exposure is None or exposure.told == "not_measured":
        return "unknown"
    known, bounds = "" if exposure.share is None else words.percent(exposure.share), _bounds(exposure)
    told = f"{known} ({bounds})" if known and bounds else known or bounds
    return "unknown" if not told else f"about {told}" if exposure.told == "estimated" else told


def _bounds(exposure: Exposure) -> str:
    if exposure.low is None or exposure.high is None or exposure.low == exposure.high:
        return ""
    if exposure.told == "marked" and exposure.high == 1:
        return f"at least {words.percent(exposure.low)}"
    return f"{words.percent(exposure.low)} to {words.percent(exposure.high)}"


def parts(found: Diagnosis) -> list[Part]:
    """Return what is told of the past, of the entry of synthetic data, of the onset and of the signature, what is empty left out."""
    looked = [f"{each.source}: {each.reason or words.counted(each.versions, 'version')}" for each in found.past.looks]
    told = [
        Part("records", (found.past.statement, *(["; ".join(looked)] if looked else []))),
        Part("records disagree", tuple(_contradictions(found))),
        Part("regime", (_regime(found),)),
        Part("synthetic data", (found.entry.statement,)),
        Part("share not known", tuple(_unknown_shares(found)) if {"synthetic", "marks"} & set(found.settings) else ()),
        Part("not read", tuple(f"{each.version}: {each.unread}" for each in found.readings if each.unread)),
        Part("asked", (_asked(found),)),
        Part("onset", (found.onset_statement,)),
        Part("called", (_called(found),)),
        Part("tail first", (_signature(found),)),
        Part("first signs of a loss", tuple(_signals(found))),
    ]
    kept = [Part(part.name, tuple(words.one_line(each) for each in part.told if each.strip())) for part in told]
    return [part for part in kept if part.told]


def _contradictions(found: Diagnosis) -> Iterator[str]:
    for each in found.past.contradictions:
        yield f"{each.version}, {each.about}: {' | '.join(each.said)}; taken: {each.taken}"


def _unknown_shares(found: Diagnosis) -> Iterator[str]:
    """Yield why a share could not be estimated either, versions of one reason together."""
    reasons: dict[str, list[str]] = {}
    for each in found.entry.exposures:
        if each.told == "not_measured" and each.because:
            reasons.setdefault(each.because, []).append(each.version)
    yield from (f"{', '.join(versions)}: {because}" for because, versions in reasons.items())


def _regime(found: Diagnosis) -> str:
    past = found.past
    return f"{past.regime.replace('_', ' ')}: {past.regime_because}" if past.regime != "unknown" else ""


def _asked(found: Diagnosis) -> str:
    """Return what archived models were asked, and which outputs an earlier run had kept; nothing where outputs lay there."""
    asked, cache = found.settings.get("prompts", ""), found.settings.get("cache", "")
    cached = [each.version for each in found.readings if each.is_cached]
    kept = f"; kept in {cache}" + (f", from where those of {', '.join(cached)} were read" if cached else "") if cache else ""
    return f"{asked}{kept}"


def _called(found: Diagnosis) -> str:
    """Return what the loss is called beside the phase of the outputs, and on what evidence; nothing where nothing was compared."""
    if found.audit is None or found.audit.lineage is None:
        return ""
    last = next((each.version for each in reversed(found.readings) if not each.unread), "")
    return f"{CALLED[found.called.name]}: {found.called.because}. Phase of the outputs of {last}: {found.phase.replace('_', ' ')}."


def _signature(found: Diagnosis) -> str:
    told = found.signature
    return f"{told.status.replace('_', ' ')} (confidence {told.confidence}): {told.because}"


def _signals(found: Diagnosis) -> Iterator[str]:
    names = [each.version for each in found.readings if not each.unread]
    alarmed = sorted((each for each in found.lead_times if each.first_alarm is not None), key=lambda each: each.first_alarm or 0)
    for each in alarmed[:MOST_SIGNALS]:
        yield f"{names[(each.first_alarm or 1) - 1]}: {words.named(each.signal)}"
    if len(alarmed) > MOST_SIGNALS:
        yield f"{len(alarmed) - MOST_SIGNALS} {terminal.MORE}"


def _versions(found: Diagnosis) -> Iterator[RenderableType]:
    if not found.past.versions:
        yield Text("no version is known", "dim")
        return
    table = terminal.grid()
    table.add_row(*(Text(head, "dim") for head in ("version", "made", "rows", "synthetic", "phase")))
    for row in rows(found):
        style = terminal.STYLES[row.status] if row.status else "dim"
        table.add_row(Text(row.name, "bold"), Text(row.time), Text(row.rows), Text(row.synthetic), Text(row.phase, style))
    yield table


def _part(part: Part) -> Iterator[RenderableType]:
    yield Text(part.name, "dim")
    yield from (Padding(Text(each), (0, 0, 0, 2)) for each in part.told)


def _numbered(head: str, told: Iterable[str]) -> Iterator[RenderableType]:
    table = terminal.grid()
    for number, each in enumerate(told, start=1):
        advice, command = words.command_last(each)
        table.add_row(Text(f"  {number}"), Text.assemble(advice, f"\n{command}" if command else ""))
    if table.row_count:
        yield Text()
        yield Text(head, "dim")
        yield table
