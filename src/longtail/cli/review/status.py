"""The command `longtail review status`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec
from rich.table import Table
from rich.text import Text

from longtail.cli.options import console_of, quietly
from longtail.cli.review.shown import line
from longtail.gates.review import Queue, Standing, changed, standing
from longtail.gates.review.agreement import Agreement
from longtail.records import SCHEMA_VERSION, Estimate, Outcome
from longtail.report.words import counted

NAMES = {
    "false_accept": "kept by the gate, rejected by people",
    "kept_but_edited": "kept by the gate, edited by people",
    "false_reject": "rejected by the gate, let in by people",
    "review_accepted": "left for review, let in by people",
    "gate_agreement": "people and gate decide alike",
}


@click.command("status", short_help="What is decided and left, the gate's errors, agreement, and who decides.")
@click.argument("folder", metavar="DIR")
@click.option("--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Level of each interval.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of resampling.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else.")
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Say how a review stands, and what it says of the gate.

    \b
    Examples:
      longtail review status gated
      longtail review status gated --json

    Shares are of all that the gate judged, not of what was shown: each answer is weighted by how many documents it stands for.
    """
    with Queue(folder) as queue:
        found = standing(queue, given["level"], given["seed"], changed=changed(queue, queue.path.parent))
    if given["as_json"]:
        told = {"schema_version": SCHEMA_VERSION} | msgspec.to_builtins(found)
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for block in lines(found, folder):
            console.print(block, markup=False, highlight=False)


def lines(found: Standing, folder: str) -> Iterator[Text | Table]:
    """Yield what is printed."""
    yield Text.assemble(("longtail review", "bold"), f"  {line(folder)}   {counted(found.items, 'document')}, {found.tail_items:,} rare")
    yield Text(", ".join(f"{count:,} {state}" for state, count in found.states.items() if count))
    if found.changed:
        yield Text("The gate's folder has changed since this queue was drawn; shares are of what it held then.", "yellow")
    if found.estimates:
        yield Text()
        yield _shares(found)
    for absent in found.not_measured:
        yield Text(f"Not measured: {NAMES[absent.metric]}: {absent.reason}.", "dim")
    yield Text()
    yield Text(f"Agreement with the gate where its decision was in view: {_told(found.shown)}; where it was hidden: {_told(found.masked)}.")
    yield Text(f"One reviewer twice: {_agreement(found.within)}.")
    yield Text(f"Two reviewers: {_agreement(found.between)}.")
    yield from _people(found)


def _shares(found: Standing) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(("share of all that the gate judged", "estimate", "interval", "decided")):
        table.add_column(head, justify="right" if place else "left")
    for each in found.estimates:
        table.add_row(NAMES[each.metric], f"{each.value:.1%}", f"{each.low:.1%} to {each.high:.1%}", f"{each.n:,}")
    return table


def _told(found: Outcome) -> str:
    if not isinstance(found, Estimate):
        return "not measured"
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}] of {found.n:,}"


def _agreement(found: Agreement) -> str:
    if not found.pairs:
        return "not measured, nothing was decided on twice"
    return f"same decision {_told(found.raw)}, kappa {_told(found.kappa)}, alpha {_told(found.alpha)}"


def _people(found: Standing) -> Iterator[Text]:
    who = found.concentration
    if who.shares:
        listed = ", ".join(f"{line(name, 40)} {share:.0%}" for name, share in list(who.shares.items())[:8])
        yield Text(f"Decisions: {listed} (effective number of reviewers {who.effective:.2f}).")
    for each in who.narrowing:
        yield Text(
            f"{line(each.reviewer, 40)} let in {each.effective:.1f} effective {each.of} in {counted(each.accepted, 'document')}; "
            f"as many at random would hold {each.expected:.1f} (p {each.p:.2g}).",
            "dim",
        )
    if who.warning:
        yield Text(f"{line(who.warning, 400)}.", "yellow")
