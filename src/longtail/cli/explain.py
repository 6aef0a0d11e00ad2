"""The command `longtail explain`."""

import inspect
from typing import Any

import click

from longtail.catalogue import Entry
from longtail.cli.options import quietly
from longtail.errors import UnknownName
from longtail.metrics import RATIOS, VALUES
from longtail.rules import RULES


@click.command("explain", short_help="What a rule or metric means.")
@click.argument("name")
@quietly
def command(name: str, **_: Any) -> None:
    r"""Print what a rule (LT301) or a metric (tail_types_retained) finds, why it matters, how it is measured and what to do.

    \b
    Examples:
      longtail explain LT301
      longtail explain tail_types_retained
    """
    found = pages(name)
    if not found:
        raise UnknownName("rule or metric", name, {entry.name for catalogue in (RULES, VALUES, RATIOS) for entry in catalogue})
    click.echo("\n\n".join(found))


def pages(name: str) -> list[str]:
    """Return the pages of every rule or metric of that name, in any case of letters."""
    entries: list[tuple[str, Entry[Any]]] = [("rule", entry) for entry in RULES]
    entries += [("metric of one data set", entry) for entry in VALUES] + [
        ("metric of a candidate against a baseline", entry) for entry in RATIOS
    ]
    return [_page(kind, entry) for kind, entry in entries if entry.name.lower() == name.lower()]


def _page(kind: str, entry: Entry[Any]) -> str:
    facts = "\n".join(f"{fact + ':':<12}{text}" for fact, text in entry.facts.items())
    return f"{entry.name}  ({kind})\n{facts}\n\n{inspect.getdoc(entry.member)}"
