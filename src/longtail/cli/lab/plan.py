"""The command `longtail lab plan`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec
from rich.padding import Padding
from rich.text import Text

from longtail.cli.options import console_of, quietly
from longtail.errors import UsageError
from longtail.lab.planner import PLANNED, plan
from longtail.lab.planner_records import Ask, KeepRescue, Need
from longtail.records import SCHEMA_VERSION

_NEEDED = {
    "policy": "no policy: add --policy, such as --policy fresh",
    "tail_share": "no type to plan for: add --tail-share Q, its share among real data, such as --tail-share 0.001",
    "budget": "no budget: add --budget N, the rows of a training set",
    "horizon": "no horizon: add --horizon H, the generations within which a rescue must succeed; without one the share has no meaning",
}


@click.command("plan", short_help="The real share that keeps a rare type, and the one that rescues it.")
@click.option("--tail-share", type=float, metavar="Q", help="Share of the tail type among real data.")
@click.option("--budget", type=int, metavar="N", help="Rows of a training set.")
@click.option("--policy", metavar="SPEC", help=f"Policy: {', '.join(PLANNED)}; fresh alone leaves the share open, fresh:A,W judges one.")
@click.option("--horizon", type=int, metavar="H", help="Generations within which a rescue must succeed.")
@click.option(
    "--absence", default=0.01, show_default=True, help="A type is kept where it is absent from this share of generations at most."
)
@click.option("--chance", default=0.5, show_default=True, help="A rescue succeeds with this chance at least.")
@click.option(
    "--event",
    type=click.Choice(["return", "present", "all", "half"]),
    default="return",
    show_default=True,
    help="What a rescue is: see below.",
)
@click.option("--collapsed", type=int, metavar="T0", help="Generations in the pool that hold none of the type (accumulate, expanding).")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON on stdout and nothing else.")
@quietly
def command(**given: Any) -> None:
    r"""Return two numbers: the real share that keeps a rare type, and the share that brings it back after a collapse.

    \b
    Examples:
      longtail lab plan --policy fresh --tail-share 0.01 --budget 1000 --horizon 50
      longtail lab plan --policy fresh:0.05,4 --tail-share 0.001 --budget 20000 --horizon 50
      longtail lab plan --policy accumulate --collapsed 20 --tail-share 0.01 --budget 1000 --horizon 80 --json

    A rescue is the first return of the type within the horizon; with --event present, that it is in the training set at the
    horizon; with --event all, the first training set that holds all of 1/Q equal types; with --event half, that half of the share
    that was lost is back in the mean. In a pool that keeps everything it is the last of these.
    """
    for name, message in _NEEDED.items():
        if given[name] is None:
            raise UsageError(message)
    found = plan(Ask(**{name: given[name] for name in Ask.__struct_fields__}))
    if given["as_json"]:
        told = {"schema_version": SCHEMA_VERSION} | msgspec.to_builtins(found)
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(found):
            console.print(line, markup=False, highlight=False)


def lines(found: KeepRescue) -> Iterator[Padding | Text]:
    """Yield what is printed: the question, the two numbers, what stands beside them, what would serve better, and all conditions."""
    ask, conditions = found.ask, dict.fromkeys(_conditions(found))
    marks = {condition: f"[{at}]" for at, condition in enumerate(conditions, 1)}
    yield Text.assemble(("longtail lab plan", "bold"), "  ", ask.policy)
    yield Text(f"a type of share {ask.tail_share:g}, {ask.budget:,} rows a generation, horizon {ask.horizon:,} generations")
    yield Text()
    yield from _body(found, marks)
    if found.instead is not None:
        yield Text()
        yield Text(f"Instead ({found.instead.ask.policy}): {found.instead_because}.")
        yield from _body(found.instead, marks)
    yield Text()
    for condition, mark in marks.items():
        yield Padding(Text(f"{mark} given: {condition}", "dim"), (0, 0, 0, 2))


def _conditions(found: KeepRescue) -> Iterator[str]:
    yield from (found.keep.condition, found.rescue.condition, *(fact.condition for fact in found.facts))
    if found.instead is not None:
        yield from _conditions(found.instead)


def _body(found: KeepRescue, marks: dict[str, str]) -> Iterator[Padding | Text]:
    for name, need in (("keep", found.keep), ("rescue", found.rescue)):
        yield Text.assemble((f"{name:<8}{_amount(need, found.ask)}", "bold"), f"  {need.kind} {marks[need.condition]}")
        yield Padding(Text(need.event if need.share is not None else need.reason), (0, 0, 0, 8))
    for fact in found.facts:
        told = f"{fact.name.replace('_', ' ')}: {_number(fact.value)} {fact.unit}, {fact.kind} {marks[fact.condition]}"
        yield Padding(Text(told), (0, 0, 0, 2))


def _amount(need: Need, ask: Ask) -> str:
    if need.share is None or need.rows is None:
        return "no share reaches it"
    rows = f"{need.rows:,.0f}" if need.rows >= 10 or need.rows == 0 else f"{need.rows:.2g}"
    return f"real share {need.share:.4g} ({rows} of {ask.budget:,} rows a generation)"


def _number(value: float) -> str:
    """Return a number; one that lies just below 1 is not rounded up to it."""
    return "above 0.9999" if 0.9999 < value < 1 else f"{value:.4g}"
