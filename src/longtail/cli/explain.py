"""The command `longtail explain`."""

import inspect
import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import click
import msgspec

from longtail.catalogue import Catalogue, Entry
from longtail.cli.options import quietly
from longtail.errors import UnknownName
from longtail.gates import GATES
from longtail.gates.gain import UPDATES
from longtail.guards import GUARDS
from longtail.origin.quantifiers import QUANTIFIERS
from longtail.origin.scorers import SCORERS
from longtail.records import SCHEMA_VERSION
from longtail.rules import RULES
from longtail.rules.chain import NODES, chains, require_known
from longtail.rules.lt9_required import OF_RULES
from longtail.rules.pages import Page, all_pages, find, matching

COLUMNS = 80
_KEPT = "\x00"

_KINDS: tuple[tuple[str, Catalogue[Any]], ...] = (
    ("gate", GATES),
    ("gate of updates", UPDATES),
    ("guard", GUARDS),
    ("scorer", SCORERS),
    ("quantifier", QUANTIFIERS),
)


@click.command("explain", short_help="What a rule, a metric, a gate, a scorer or a quantifier means.")
@click.argument("names", nargs=-1, required=True)
@click.option("--chain", "as_chain", is_flag=True, help="Show how several codes lead to one another.")
@click.option("--json", "as_json", is_flag=True, help="Print the pages as JSON on stdout and nothing else.")
@quietly
def command(names: tuple[str, ...], as_chain: bool, as_json: bool, **_: Any) -> None:
    r"""Print what a rule (LT301), a metric (tail_types_retained) or a gate (near_duplicates) finds, how, and what to do.

    Of a scorer (words) or a quantifier (mixture): what it does, and where it is from. What is none of these is looked for in
    what people say who have the problem, such as "repeats itself".

    \b
    Examples:
      longtail explain LT301
      longtail explain tail_types_retained
      longtail explain "fine-tuned model repeats itself"
      longtail explain near_duplicates
      longtail explain mixture
      longtail explain LT301 --json
      longtail explain --chain LT101 LT801 LT202
    """
    if as_chain:
        lines = chained(names)
    else:
        lines = iter([_json(names)]) if as_json else map(_told, names)
    for line in lines:
        click.echo(line)


def chained(codes: Iterable[str]) -> Iterator[str]:
    """Yield the lines of how codes lead to one another, each chain in the order of cause and effect.

    Raises:
        UnknownName: A code that neither a rule nor the graph of causes has.
    """
    given = [code.upper() for code in codes]
    titles = {entry.name: entry.facts["title"] for catalogue in (RULES, OF_RULES) for entry in catalogue}
    require_known(given, titles)
    for chain in chains(given):
        for at, code in enumerate(chain):
            lead = "so " if at else "" if len(chain) > 1 else "alone: "
            yield f"{code}  {lead}{NODES.get(code) or titles[code]}"


def _told(name: str) -> str:
    found = [*pages(name), *map(_other, others(name))]
    if found:
        return "\n\n".join(found)
    lines = (f"  {page.name:<24}{textwrap.shorten(page.title, COLUMNS - 26, placeholder=' …')}" for page in _search(name))
    return "\n".join((f"Nothing is called {name!r}; these speak of it:", *lines))


def _search(asked: str) -> list[Page]:
    """Return the pages that speak of what is no name.

    Raises:
        UnknownName: None does, or it was meant as a name.
    """
    found = [] if re.search(r"[\d_]", asked) else matching(asked, all_pages())
    if not found:
        known = {page.name for page in all_pages()} | {entry.name for _, catalogue in _KINDS for entry in catalogue}
        raise UnknownName("rule, metric, gate, scorer or quantifier", asked, known)
    return found


def pages(name: str) -> list[str]:
    """Return the page of the rule or metric of that name, in any case of letters; none where there is no such name."""
    page = find(name)
    return [] if page is None else [_page(page)]


def others(name: str) -> list[tuple[str, Entry[Any]]]:
    """Return the gates, scorers and quantifiers of that name, in any case of letters, each with its kind."""
    return [(kind, entry) for kind, catalogue in _KINDS for entry in catalogue if entry.name.lower() == name.lower()]


def _page(page: Page) -> str:
    facts = "\n".join(_fact(*fact) for fact in (("title", page.title), *page.facts.items()))
    parts = (_wrapped(f"{part}: {text}") for part, text in page.parts.items())
    return "\n\n".join((f"{page.name}  ({page.kind})\n{facts}", *parts))


def _fact(name: str, text: str) -> str:
    told = text.replace("\n\n", "; ")
    return textwrap.fill(f"{name + ':':<12}{told}", COLUMNS, subsequent_indent=" " * 12, break_on_hyphens=False)


def _wrapped(text: str) -> str:
    """Return paragraphs folded, a command on one line so that it can be copied."""
    whole = re.sub(r"`[^`]+`", lambda command: command[0].replace(" ", _KEPT), text)
    filled = (textwrap.fill(each, COLUMNS, break_long_words=False, break_on_hyphens=False) for each in whole.split("\n\n"))
    return "\n".join(filled).replace(_KEPT, " ")


def _other(found: tuple[str, Entry[Any]]) -> str:
    kind, entry = found
    facts = "\n".join(f"{fact + ':':<12}{text}" for fact, text in entry.facts.items())
    return f"{entry.name}  ({kind})\n{facts}\n\n{inspect.getdoc(entry.member)}"


def _json(names: Iterable[str]) -> str:
    told: list[dict[str, Any]] = []
    for name in names:
        page, rest = find(name), others(name)
        told += [] if page is None else [{**msgspec.to_builtins(page), "address": page.address}]
        told += [{"name": entry.name, "kind": kind, "facts": entry.facts, "parts": entry.parts} for kind, entry in rest]
        if page is None and not rest:
            told.append({"asked": name, "found": [{"name": found.name, "title": found.title} for found in _search(name)]})
    return json.dumps({"schema_version": SCHEMA_VERSION, "pages": told}, ensure_ascii=False, indent=2)
