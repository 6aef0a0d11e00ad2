"""The command `longtail calibrate`."""

from collections.abc import Iterator, Sequence
from typing import Any

import click
import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from longtail.auditing.inputs import as_profile
from longtail.auditing.options import Options
from longtail.auditing.power import LOSSES, Calibration, EndpointPower, calibrated
from longtail.cli.options import console_of, margins_of, progress, reading, views_of
from longtail.errors import ConfigError, UsageError
from longtail.report.names import METRICS, VIEWS
from longtail.report.words import count, counted, one_line, percent
from longtail.stats.spending import level

MOST_ROWS = 12
_NAME = 38
_SHORT = {"tail_types_retained": "rare items left", "tail_mass_retained": "use of rare items"}

CALIBRATED = ("words_1", "words_2", "words_3")


@click.command("calibrate", short_help="What loss could be found, and how many documents that takes.")
@click.option("--reference", metavar="PATH", multiple=True, help="Human data that no model of the lineage was trained on. Repeatable.")
@click.option("--documents", type=int, metavar="N", help="Documents of the data sets to be audited.  [default: as many as the reference]")
@click.option("--audit-number", type=int, metavar="K", help="Number of the audit in a history; without it the whole of alpha is used.")
@click.option("--horizon", type=int, metavar="N", help="Audits planned in the history, each with alpha / N.  [default: no end]")
@click.option("--alpha", default=0.05, show_default=True, help="One-sided error rate of the audit, or of a history.")
@click.option("--margin", metavar="PAIRS", help="Smallest ratio that counts as kept.  [default: tail=0.90]")
@click.option("--tau", default=0.10, show_default=True, help="Share of the reference's mass called the tail.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON on stdout and nothing else.")
@reading
def command(**given: Any) -> None:
    r"""Say what loss an audit against the reference would find, with what power, and how many documents that takes.

    \b
    Examples:
      longtail calibrate --reference human.jsonl
      longtail calibrate --reference human.jsonl --documents 2000
      longtail calibrate --reference human.ltp --audit-number 5 --json

    Parts of the reference are held against the rest of it, so no output of a model is needed. A loss is found where 80 of
    100 audits end in watch or worse (noticed), or in shrunk (fails), at the alpha, the family and the margins in force.
    """
    if not given["reference"]:
        raise UsageError("no reference: name human text with --reference PATH, such as longtail calibrate --reference human.jsonl")
    options = _options(given)
    force = _level(options, given["audit_number"])
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        reference = as_profile(list(given["reference"]), options, on_progress, given["workers"])
    found = calibrated(reference, options, given["documents"], force, audit_number=given["audit_number"])
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for block in blocks(found, ", ".join(given["reference"])):
            console.print(block, soft_wrap=False, highlight=False, markup=False, emoji=False)


def _options(given: dict[str, Any]) -> Options:
    names = ("alpha", "tau", "by", "horizon", "seed", "text_column", "table", "exact")
    chosen: dict[str, Any] = {name: given[name] for name in names}
    options = Options(**chosen, margin=margins_of(given["margin"]), views=views_of(given["views"]) or CALIBRATED)
    if "words_1" not in options.views:
        raise UsageError(f"views {', '.join(options.views)} hold no words, and only losses of words can be foreseen; add words_1")
    return options


def _level(options: Options, number: int | None) -> float:
    """Return the part of alpha that an audit of a series may use, or the whole of it for an audit alone."""
    if number is None:
        if options.horizon is not None:
            raise UsageError(f"horizon {options.horizon} was given without an audit number; add --audit-number K")
        return options.alpha
    force = level(options.alpha, number, options.horizon)
    if force == 0:
        raise ConfigError(f"audit number {number} comes after the {options.horizon} that were planned, and no alpha is left for it")
    return force


def blocks(found: Calibration, path: str) -> Iterator[RenderableType]:
    """Yield what is printed, top to bottom: the headline, what is found at this size, the documents needed, what is assumed."""
    size = f"{one_line(path)}   {counted(found.reference_documents, 'document')}"
    yield Text.assemble(("longtail calibrate", "bold"), "  ", size)
    yield Text()
    yield Text(headline(found), "bold")
    shown = found.endpoints[:MOST_ROWS]
    yield Text()
    yield _now(shown, found)
    yield Text()
    yield _needed(shown, found)
    for line in _notes(found, len(found.endpoints) - len(shown)):
        yield Text(line, "dim")


def headline(found: Calibration) -> str:
    """Return in words what is found at the documents asked about."""
    size = f"With {counted(found.documents, 'document')}"
    noticed = _greatest([each.noticed for each in found.deciding])
    fails = _greatest([each.detectable for each in found.deciding])
    often = f"in {found.power * 100:.0f} of 100 audits"
    if noticed is None and fails is None:
        return f"{size} against this reference, no loss of rare words is found {often}."
    if noticed is None or fails is None:
        return f"{size}, a loss of {percent(noticed or fails)} of rare words is {'noticed' if noticed else 'a failure'} {often}."
    return f"{size}, a loss of {percent(noticed)} of rare words is noticed and one of {percent(fails)} fails, each {often}."


def _now(shown: Sequence[EndpointPower], found: Calibration) -> Table:
    table = _table(f"at {counted(found.documents, 'document')}", "if nothing is lost", "noticed", "fails")
    for each in shown:
        bounds = f"{100 * each.null_low:.0f} to {100 * each.null_high:.0f}%"
        table.add_row(_name(each), bounds, _share(each.noticed), _share(each.detectable))
    return table


def _needed(shown: Sequence[EndpointPower], found: Calibration) -> Table:
    table = _table("documents needed for a loss of", *(f"{loss:.0%}" for loss in LOSSES))
    for each in shown:
        table.add_row(_name(each), *(count(each.needed[loss]) for loss in LOSSES))
    if found.deciding:
        both = [found.documents_for(loss) for loss in LOSSES]
        table.add_row("both of single words", *map(count, both), style="bold")
        baseline = [_greatest([each.baseline_needed[loss] for each in found.deciding]) for loss in LOSSES]
        table.add_row("  with --baseline, each", *map(count, baseline))
        table.add_row("  and then it ends in", *(found.deciding[0].aim[loss] for loss in LOSSES), style="dim")
    return table


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left", no_wrap=place > 0)
    return table


def _notes(found: Calibration, hidden: int) -> Iterator[str]:
    yield ""
    if hidden:
        yield f"{counted(hidden, 'row')} more in the JSON form (--json)."
    if lacking := _lacking(found):
        yield lacking
    audit = "an audit alone" if found.audit_number is None else f"audit {found.audit_number} of a series with alpha {found.alpha:g}"
    yield f"Level {found.level:.3g}, one-sided: {audit}."
    absences = dict.fromkeys((absent.slice or VIEWS.get(absent.view, absent.view), absent.reason) for absent in found.not_measured)
    for name, reason in list(absences)[:MOST_ROWS]:
        yield f"Not measured: {one_line(name, _NAME)}: {reason}."
    yield f"Assumed: {'; '.join(found.assumed)}."


def _lacking(found: Calibration) -> str:
    """Return how large a reference would have to be for the losses that both endpoints of rare words cannot find with this one."""
    told = []
    for loss in LOSSES:
        if found.documents_for(loss) is None and found.deciding:
            asked = [each.reference_needed[loss] for each in found.deciding if loss in each.reference_needed]
            known = [number for number in asked if number is not None]
            told.append(f"{loss:.0%}: {max(known):,} documents of reference" if len(known) == len(asked) else f"{loss:.0%}: none is enough")
    return f"– cannot be found with this reference. For rare words, {'; '.join(told)}, and half as many to audit." if told else ""


def _greatest(numbers: Sequence[float | None]) -> float | None:
    """Return the greatest of some numbers, or None where one of them is lacking."""
    known = [number for number in numbers if number is not None]
    return max(known) if known and len(known) == len(numbers) else None


def _share(loss: float | None) -> str:
    return "–" if loss is None else f"{loss:.1%}"


def _name(each: EndpointPower) -> str:
    what = _SHORT.get(each.metric) or METRICS.get(each.metric, each.metric)
    if each.slice is not None:
        return one_line(f"{each.view.partition(':')[2]} {each.slice}", _NAME)
    return f"{what}, {VIEWS.get(each.view, each.view)}" if each.metric.startswith("tail") else what
