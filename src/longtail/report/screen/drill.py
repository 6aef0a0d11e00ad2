"""A drill on the screen: when the alarm fired, what was planted, what the audits said, and how often they cry wolf."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from longtail.diagnosis.drilled import Audited, Drill, FalseAlarms, Foreseen
from longtail.report.words import counted, number, one_line, percent

_PLANTS = {
    "drop": "{rate} of the rare words left go in each generation",
    "refit": "a model of n-grams learns from its own last output alone",
}


def drill_blocks(found: Drill, path: str) -> Iterator[RenderableType]:
    """Yield what is printed of a drill, top to bottom.

    Args:
        found: The drill.
        path: Of the data.
    """
    yield Text.assemble(("longtail drill", "bold"), "  ", one_line(path))
    yield Text(f"{counted(found.documents, 'document')} in the copy, {found.baseline_documents:,} stand for generation 1; {_way(found)}")
    yield Text()
    yield Text(headline(found), "bold")
    if found.foreseen is not None:
        yield Text(_enough(found.foreseen))
    yield Text()
    yield _table(found.audits)
    yield Text()
    yield from _wolf(found.false_alarms)
    yield from _notes(found)


def headline(found: Drill) -> str:
    """Return in a sentence when an alarm fired."""
    if found.alarmed_at is None:
        warned = f"; a warning came after {counted(found.warned_at, 'generation')}" if found.warned_at else ""
        return f"No alarm within {counted(found.generations, 'generation')}{warned}."
    last = found.audits[-1]
    warned = f", a first warning after {found.warned_at}" if found.warned_at != found.alarmed_at else ""
    lost = f"{percent(last.lost)} of the rare words were gone"
    return f"Alarm after {counted(found.alarmed_at, 'generation')}{_days(found)}{warned}: by then {lost}."


def _days(found: Drill) -> str:
    if found.every_days is None or found.alarmed_at is None:
        return ""
    return f", {found.alarmed_at * found.every_days:,.4g} days at one audit every {found.every_days:g}"


def _way(found: Drill) -> str:
    return _PLANTS[found.plant].format(rate=percent(found.rate))


def _table(audits: tuple[Audited, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(("audit", "lost", "of use", "left, measured", "the audit said")):
        table.add_column(head, justify="left" if place > 2 else "right")
    for each in audits:
        table.add_row(str(each.generation), percent(each.lost), percent(each.lost_mass), _measured(each), _said(each))
    return table


def _measured(each: Audited) -> str:
    tail = each.tail
    if tail is None:
        return "not measured"
    return f"{number(tail.value, tail.unit)} [{number(tail.low, tail.unit)}, {number(tail.high, tail.unit)}]"


def _said(each: Audited) -> str:
    status = "fail" if each.fails else "warn" if each.warns else "no alarm"
    codes = ", ".join(each.fails or each.warns)
    return f"{status}{': ' if codes else ''}{codes} ({each.phase.replace('_', ' ')})"


def _wolf(found: FalseAlarms) -> Iterator[Text]:
    alarms = f"{found.fails} of {found.copies} copies raised an alarm"
    bounds = f"rate between {percent(found.low)} and {percent(found.high)}"
    yield Text(f"Without a plant: {alarms} ({bounds}), {found.warns} a warning or more{_raised(found)}.")
    if found.standing:
        yield Text(f"Not counted as alarms, since most copies without a plant raise them: {', '.join(found.standing)}.", "dim")


def _raised(found: FalseAlarms) -> str:
    return f" ({', '.join(f'{code}: {copies}' for code, copies in found.codes.items())})" if found.codes else ""


def _enough(found: Foreseen) -> str:
    if found.reason or found.loss is None:
        return f"What would make it fire is not known: {found.reason}."
    if found.documents is None:
        return f"With this reference no number of documents finds a loss of {percent(found.loss)}; take a larger one."
    ends = {"watch": "a warning", "shrunk": "an alarm"}.get(found.ends_in, found.ends_in)
    often = f"{100 * (found.power or 0):.0f} of 100"
    size = f"{found.documents:,} documents, with as many of generation 1"
    inside = "; it lies inside the margin, so no number ends in an alarm" if found.ends_in == "watch" else ""
    return f"A loss of {percent(found.loss)} ends in {ends} in {often} audits of {size}{inside}."


def _notes(found: Drill) -> Iterator[Text]:
    levels = [each.level for each in found.audits]
    if found.audits_before is None:
        yield Text(f"No history: each audit alone, at {levels[0]:.3g}. With --history FILE they share one error rate.", "dim")
    else:
        rates = f"at error rates from {levels[0]:.3g} to {levels[-1]:.3g}"
        yield Text(f"Begun as audit {found.audits_before + 1} of the history, {rates}; the file is unchanged.", "dim")
    if found.left_out:
        yield Text(f"{counted(found.left_out, 'document')} of the data were not used; see --documents.", "dim")
    if found.kept:
        yield Text(f"Copies: {one_line(found.kept)}", "dim")
