"""The command `longtail explain`."""

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

import click

from longtail.catalogue import Catalogue, Entry
from longtail.cli.options import quietly
from longtail.errors import UnknownName
from longtail.gates import GATES
from longtail.metrics import RATIOS, VALUES
from longtail.origin.quantifiers import QUANTIFIERS
from longtail.origin.scorers import SCORERS
from longtail.rules import RULES
from longtail.rules.chain import NODES, chains, require_known


@click.command("explain", short_help="What a rule, a metric, a gate, a scorer or a quantifier means.")
@click.argument("names", nargs=-1, required=True)
@click.option("--chain", "as_chain", is_flag=True, help="Show how several codes lead to one another.")
@quietly
def command(names: tuple[str, ...], as_chain: bool, **_: Any) -> None:
    r"""Print what a rule (LT301), a metric (tail_types_retained) or a gate (near_duplicates) finds, how, and what to do.

    Of a scorer (words) or a quantifier (mixture): what it does, and where it is from.

    \b
    Examples:
      longtail explain LT301
      longtail explain tail_types_retained
      longtail explain near_duplicates
      longtail explain mixture
      longtail explain --chain LT101 LT801 LT202
    """
    for line in chained(names) if as_chain else map(_pages, names):
        click.echo(line)


def chained(codes: Iterable[str]) -> Iterator[str]:
    """Yield the lines of how codes lead to one another, each chain in the order of cause and effect.

    Raises:
        UnknownName: A code that neither a rule nor the graph of causes has.
    """
    given = [code.upper() for code in codes]
    titles = {entry.name: entry.facts["title"] for entry in RULES}
    require_known(given, titles)
    for chain in chains(given):
        for at, code in enumerate(chain):
            lead = "so " if at else "" if len(chain) > 1 else "alone: "
            yield f"{code}  {lead}{NODES.get(code) or titles[code]}"


_KINDS: tuple[tuple[str, Catalogue[Any]], ...] = (
    ("rule", RULES),
    ("metric of one data set", VALUES),
    ("metric of a candidate against a baseline", RATIOS),
    ("gate", GATES),
    ("scorer", SCORERS),
    ("quantifier", QUANTIFIERS),
)


def _pages(name: str) -> str:
    found = pages(name)
    if not found:
        known = {entry.name for _, catalogue in _KINDS for entry in catalogue}
        raise UnknownName("rule, metric, gate, scorer or quantifier", name, known)
    return "\n\n".join(found)


def pages(name: str) -> list[str]:
    """Return the pages of every rule, metric, gate, scorer or quantifier of that name, in any case of letters."""
    return [_page(kind, entry) for kind, catalogue in _KINDS for entry in catalogue if entry.name.lower() == name.lower()]


def _page(kind: str, entry: Entry[Any]) -> str:
    facts = "\n".join(f"{fact + ':':<12}{text}" for fact, text in entry.facts.items())
    return f"{entry.name}  ({kind})\n{facts}\n\n{inspect.getdoc(entry.member)}"
