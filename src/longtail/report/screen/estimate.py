"""An estimate on the terminal: the share first, then what it rests on, then what to do."""

from collections.abc import Iterator, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from longtail.origin.estimating.answering import Estimation
from longtail.origin.estimating.bounding import Bounds, Unlike
from longtail.origin.estimating.corpus import Input
from longtail.origin.estimating.costs import Filtered, Rows, shown
from longtail.origin.quantifiers.occurrence_mle import Published
from longtail.origin.result import Check, Contamination, Flagged, Measured, Share
from longtail.origin.vocabulary.result import ExcessVocabulary
from longtail.report.screen.estimate_dates import dates
from longtail.report.words import counted, one_line

Line = Text | Table | Padding

_COLOURS = {"ok": "green", "weak": "yellow", "refused": "red"}
_REMEDIES = {
    "reference_size": "give more texts of each origin",
    "separation": "give longer texts, more reference, or another scorer (--scorer)",
    "misfit": "give a reference from DATA's own domain, with all kinds of machine text that may be there",
    "agreement": "give more reference",
    "second_opinion": "give more reference, and a control from DATA's own domain (--control-human)",
    "precision": "give more documents, or more reference",
    "generators": "name further kinds of machine text (--synthetic NAME=FILE), or say that there are no others (--closed)",
    "target_size": "give more documents",
    "human_control": "give a reference from the domain of the control",
    "machine_control": "give machine text of the control's kind as a reference (--synthetic NAME=FILE)",
}
_MANY = 20
_CARRIERS = 5


def lines(found: Estimation) -> Iterator[Line]:
    """Yield what is printed of an estimate."""
    data = found.inputs[0]
    yield Text.assemble(("longtail estimate", "bold"), f"  {one_line(data.path)}   {_read(data)}")
    yield Text()
    if found.estimate is not None:
        yield from _shares(found.estimate)
        if found.dates is not None:
            yield from dates(found.dates)
        if found.filtering is not None:
            yield from _filtering(found.filtering)
        yield from _beside(found.estimate, found.flagged)
        if found.published is not None:
            yield Text(_published(found.published))
        if found.weights is not None:
            yield Text(f"{one_line(found.weights.path)}: {counted(found.weights.documents, 'document')} weighed, none left out.")
    if found.bounds is not None:
        yield from _bounds(found.bounds)


def _published(made: Published) -> str:
    interval = f"{made.low:.2f} to {made.high:.2f}"
    return (
        f"As published (Liang et al. 2024), of {made.sentences:,} sentences: {made.share:.2f} ({interval}); "
        "that interval leaves the size of the reference out."
    )


def _read(data: Input) -> str:
    aside = f", {data.quarantined:,} set aside without text" if data.quarantined else ""
    return f"{counted(data.documents, 'document')}{aside}"


def _shares(told: Contamination) -> Iterator[Line]:
    yield from headline(told)
    if len(told.whole.origins) > 1 and told.whole.status != "refused":
        yield _table("origin", [(each.origin, each, None) for each in told.whole.origins])
    columns = dict.fromkeys(each.column for each in told.slices)
    for column in columns:
        rows = [each for each in told.slices if each.column == column]
        yield Text()
        yield _table(column, [(each.value, each.machine, each) for each in rows[:_MANY]])
        if len(rows) > _MANY:
            yield Text(f"{len(rows) - _MANY} values more; --json holds all.", "dim")


def beneath(text: str) -> Padding:
    """Return a remark that stands indented under a line, on all of its lines."""
    return Padding(Text(one_line(text)), (0, 0, 0, 2), expand=False)


def headline(told: Contamination) -> Iterator[Line]:
    """Yield the share of the whole and what keeps it from being ok."""
    whole = told.whole
    if whole.machine.share is None:
        yield Text.assemble("estimate: ", ("refused", _COLOURS["refused"]), "; no share is told")
    else:
        share = f"about {whole.machine.share:.2f} of the documents are machine-made ({_interval(whole.machine, told.settings.level)})"
        yield Text.assemble("estimate: ", (share, "bold"), "   ", (whole.status, _COLOURS[whole.status]))
    for reason in whole.reasons:
        yield beneath(reason)
    if whole.floor is not None and whole.machine.share is not None:
        yield beneath(f"less than {whole.floor:.2f} could not be told from none")


def _interval(share: Share, level: float) -> str:
    return f"{share.low:.2f} to {share.high:.2f}, {100 * level:g} %"


def _table(head: str, rows: Sequence[tuple[str, Share, Measured | None]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column(one_line(head))
    for name in ("documents", "share", "interval"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name, share, measured in rows:
        documents = "" if measured is None else f"{measured.documents:,}"
        status = Text("") if measured is None else Text(measured.status, _COLOURS[measured.status])
        told = ("–", "") if share.share is None else (f"{share.share:.2f}", f"{share.low:.2f} to {share.high:.2f}")
        table.add_row(one_line(name, 60), documents, *told, status)
    return table


def _filtering(found: Filtered) -> Iterator[Line]:
    yield Text()
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for head in ("filtering by the scorer would remove", "machine-made", "and with them human"):
        table.add_column(head, justify="right" if head != "filtering by the scorer would remove" else "left", no_wrap=True)
    for each in shown(found.curve):
        table.add_row(f"at {each.fpr:.1%} of human text", _rows(each.machine_removed), _rows(each.human_lost))
    yield table
    if found.chosen is None:
        yield beneath(
            f"at no threshold does the reference show that {found.keep:.0%} of the human ones stay; weigh documents instead (--weights)"
        )


def _rows(each: Rows) -> str:
    return f"{each.value:,.0f} ({each.low:,.0f} to {each.high:,.0f})"


def _beside(told: Contamination, flagged: Sequence[Flagged]) -> Iterator[Line]:
    """Yield what stands beside the shares: the scorer, controls, notes, and what to do."""
    yield Text()
    for rate in told.rates:
        found = f"{rate.tpr:.2f} of {one_line(rate.origin)} texts ({rate.tpr_low:.2f} to {rate.tpr_high:.2f})"
        human = f"{rate.fpr:.2f} of human ones ({rate.fpr_low:.2f} to {rate.fpr_high:.2f})"
        yield Text(f"Scorer {one_line(told.scorer.name)}: flags {found} and {human} that it had not seen.")
        for each in (each for each in flagged if each.origin == rate.origin):
            yield beneath(f"{each.group}: {each.fpr:.2f} of {each.documents:,} human ones ({each.low:.2f} to {each.high:.2f})")
    for control in told.controls:
        share = (
            "refused"
            if control.machine.share is None
            else f"{control.machine.share:.2f} ({_interval(control.machine, told.settings.level)})"
        )
        yield Text(f"Control, {control.value}: {share} of {counted(control.documents, 'document')} measured as machine-made.")
    for note in told.notes:
        yield Text(f"Note: {one_line(note)}.", "dim")
    remedies = dict.fromkeys(_REMEDIES[check.name] for check in _failing(told.whole) if check.name in _REMEDIES)
    if remedies:
        yield Text()
        yield Text(f"To make it {'ok' if told.whole.status == 'weak' else 'an estimate'}: {'; '.join(remedies)}.")


def _failing(whole: Measured) -> list[Check]:
    """Return the checks that keep the share from being told, or where it is told, from being ok."""
    failing = [check for check in whole.checks if not check.passed]
    return [check for check in failing if check.grave and check.passed is False] or failing


def _bounds(found: Bounds) -> Iterator[Line]:
    if found.unlike is not None:
        yield from _unlike(found.unlike)
    if found.vocabulary is not None:
        yield from _vocabulary(found.vocabulary)
    yield Text()
    yield Text("For an estimate in place of a bound: longtail estimate DATA --human FILE --synthetic FILE")


def _unlike(found: Unlike) -> Iterator[Line]:
    if found.at_least is None:
        yield Text.assemble("bound: ", ("refused", _COLOURS["refused"]), f"; {one_line(found.reasons[0])}")
        return
    share = f"at least {found.at_least:.2f} of the documents are unlike the human texts given"
    yield Text.assemble("bound: ", (share, "bold"), f" ({100 * found.level:g} %)   ", (found.status, _COLOURS[found.status]))
    for reason in found.reasons:
        yield beneath(reason)
    yield beneath(f"{found.documents:,} documents against {found.human:,} human texts")


def _vocabulary(found: ExcessVocabulary) -> Iterator[Line]:
    latest = found.best()
    if latest is None or latest.low is None:
        yield Text.assemble("bound: ", ("refused", _COLOURS["refused"]), "; no bound is told")
    else:
        share = f"at least {latest.low:.2f} of the documents of {latest.period} are model-edited, by words in excess"
        yield Text.assemble("bound: ", (share, "bold"), f" ({100 * latest.level:g} %)   ", (latest.status, _COLOURS[latest.status]))
    for reason in dict.fromkeys((*found.reasons, *(reason for each in found.periods for reason in each.reasons))):
        yield beneath(reason)
    if found.periods:
        yield _periods(found)
    if latest is not None and latest.carriers:
        words = ", ".join(f"{one_line(each.word)} ({each.share:.2f}, expected {each.expected:.2f})" for each in latest.carriers[:_CARRIERS])
        yield Text(f"Carried by: {words}.")


def _periods(found: ExcessVocabulary) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate((found.unit, "documents", "at least", "as measured", "")):
        table.add_column(head, justify="right" if 0 < place < 4 else "left", no_wrap=True)
    for each in found.periods:
        told = ("–", "–") if each.low is None or each.value is None else (f"{each.low:.3f}", f"{each.value:.3f}")
        table.add_row(each.period, f"{each.documents:,}", *told, Text(each.status, _COLOURS[each.status]))
    return table
