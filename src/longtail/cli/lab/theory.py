"""The command `longtail lab theory`."""

import inspect
import json
import pkgutil
import textwrap
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import click

import longtail.lab.theory
from longtail.catalogue import Entry
from longtail.cli.lab.values import Values, required, settable, settings_of, values_of
from longtail.cli.options import quietly
from longtail.errors import ConfigError, UnknownName, UsageError
from longtail.lab.theory.forms import FORMS
from longtail.records import SCHEMA_VERSION
from longtail.report.lab.words import HEADS

WIDTH = 80
_NAME = 46
_MOST_VALUES = 12


@click.command("theory", short_help="The closed forms, and their values.")
@click.argument("case", required=False)
@click.option("--generations", default=10, show_default=True, help="Generations to give values for, from 1 up.")
@click.option("--set", "pairs", metavar="NAME=VALUE", multiple=True, help="A setting: a number, a list 0.5,0.3,0.2 or a law. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else.")
@quietly
def command(case: str | None, generations: int, pairs: tuple[str, ...], as_json: bool, **_: Any) -> None:
    r"""List the closed forms of recursive training by case, or show those of one case, with values where all settings are given.

    \b
    Examples:
      longtail lab theory
      longtail lab theory 1 --set samples=100 --set ddof=0
      longtail lab theory expected_support --set samples=50 --set law=zipf:1 --set types=200 --json

    CASE is a number from the list, or the name of a closed form.
    """
    if generations < 1:
        raise ConfigError(f"generations is {generations}; take a whole number from 1 up")
    entries = _chosen(case)
    settings = settings_of(pairs, entries)
    numbers = list(range(1, generations + 1))
    values = {entry.name: found for entry in entries if case and (found := values_of(entry, settings, numbers)) is not None}
    if as_json:
        click.echo(_json(entries, values, numbers))
        return
    for line in _page(entries, values, numbers) if case else _list(entries):
        click.echo(line)


def _chosen(case: str | None) -> list[Entry[Any]]:
    """Return the closed forms of a case, of a name, or all.

    Raises:
        UsageError: No case and no closed form of that name; the message holds the nearest one.
    """
    for module in pkgutil.iter_modules(longtail.lab.theory.__path__):
        import_module(f"longtail.lab.theory.{module.name}")
    every = sorted(FORMS, key=lambda entry: (_order(_cases(entry)[0]), entry.name))
    if case is None:
        return every
    found = [entry for entry in every if case == entry.name] or [entry for entry in every if case in _cases(entry)]
    if not found:
        raise UsageError(_unknown(case, every))
    return found


def _unknown(case: str, every: Sequence[Entry[Any]]) -> str:
    """Return the message for a name that is not known: the nearest name, or the cases that there are."""
    said = str(UnknownName("case or closed form", case, [entry.name for entry in every]))
    if "did you mean" in said:
        return said
    numbers = sorted({each for entry in every for each in _cases(entry)}, key=_order)
    return f"unknown case or closed form {case!r}: cases are {', '.join(numbers)}; longtail lab theory lists the names"


def _cases(entry: Entry[Any]) -> list[str]:
    return [case.strip() for case in entry.facts["case"].split(",")]


def _order(case: str) -> tuple[int, str]:
    return (int(case), "") if case.isdigit() else (10**6, case)


def _list(entries: Sequence[Entry[Any]]) -> Iterator[str]:
    """Yield two lines for each closed form, under the first of its cases."""
    before = ""
    for entry in entries:
        first, *others = _cases(entry)
        if first != before:
            yield f"case {first}"
        before = first
        yield f"  {entry.name:<{_NAME}}{HEADS[entry.facts['kind']]}"
        also = f"; also case {', '.join(others)}" if others else ""
        yield from _wrapped(f"{entry.facts['unit']}; {entry.facts['valid']}; {entry.facts['source']}{also}", 6)


def _page(entries: Sequence[Entry[Any]], values: dict[str, Values], generations: Sequence[int]) -> Iterator[str]:
    """Yield what is known of each closed form, then its values or what it lacks."""
    for place, entry in enumerate(entries):
        if place:
            yield ""
        yield f"{entry.name}  (case {', '.join(_cases(entry))}, {HEADS[entry.facts['kind']]})"
        for fact in ("unit", "valid", "source"):
            yield from _wrapped(f"{fact}: {entry.facts[fact]}", 2)
        yield ""
        for paragraph in (inspect.getdoc(entry.member) or "").partition("\n\nRaises:")[0].split("\n\n"):
            yield from (*_paragraph(paragraph.splitlines()), "")
        yield from _values(entry, values.get(entry.name), generations)


def _paragraph(lines: Sequence[str]) -> Iterator[str]:
    """Yield running text as one paragraph, and lists line by line."""
    if not any(line.startswith(" ") for line in lines):
        lines = [" ".join(lines)]
    for line in lines:
        yield from _wrapped(line.strip(), 2 + len(line) - len(line.lstrip()))


def _values(entry: Entry[Any], found: Values | None, generations: Sequence[int]) -> Iterator[str]:
    if found is None:
        yield from _wrapped(f"For values add {' '.join(f'--set {name}=…' for name in required(entry))}", 2)
        return
    for name, numbers in found.items():
        if not isinstance(numbers, list):
            yield f"  {name}: {_told(numbers)}"
        elif len(numbers) == len(generations) and "generations" in entry.needs:
            yield f"  {'generation':>10}  {name}"
            yield from (f"  {at:>10}  {_told(number)}" for at, number in zip(generations, numbers, strict=True))
        else:
            more = f" … ({len(numbers)} numbers; all with --json)" if len(numbers) > _MOST_VALUES else ""
            yield from _wrapped(f"{name}: {', '.join(map(_told, numbers[:_MOST_VALUES]))}{more}", 2)


def _told(number: Any) -> str:
    if isinstance(number, list):
        return f"[{', '.join(map(_told, number))}]"
    return "–" if number is None else f"{number:.10g}" if isinstance(number, float) else str(number)


def _alone(found: Values) -> Any:
    """Return what a form gives: its value, or several by name."""
    return found["value"] if list(found) == ["value"] else found


def _json(entries: Sequence[Entry[Any]], values: dict[str, Values], generations: Sequence[int]) -> str:
    """Return facts and values; generations belong to forms that have a value for each of them."""
    forms = [
        {
            "name": entry.name,
            **entry.facts,
            "case": _cases(entry),
            "by_generation": "generations" in entry.needs,
            "settings": settable(entry),
            "required": required(entry),
        }
        | ({"value": _alone(values[entry.name])} if entry.name in values else {})
        for entry in entries
    ]
    return json.dumps(
        {"schema_version": SCHEMA_VERSION, "generations": list(generations), "forms": forms}, ensure_ascii=False, allow_nan=False, indent=2
    )


def _wrapped(line: str, indent: int) -> list[str]:
    return textwrap.wrap(line, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2))
