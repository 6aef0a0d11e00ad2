"""Two audits side by side on the terminal: the verdict, what differs, what vanished, findings, then how it was made."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

import longtail.report.comparison as told
from longtail.auditing.compared import Comparison
from longtail.report.words import PHASES, counted, one_line

_COLOURS = {"pass": "green", "warn": "yellow", "fail": "red", "not_measured": "cyan"}
_ROWS = 12


def compare_blocks(found: Comparison) -> Iterator[RenderableType]:
    """Yield what is printed of a comparison, top to bottom."""
    verdict = told.verdict(found)
    for letter, side in (("A", found.a), ("B", found.b)):
        sized = counted(side.documents, "document")
        yield Text(f"{letter}  {one_line(side.name, 60)}  {one_line(side.data, 80)}, {sized}: {PHASES[side.phase].headline.lower()}")
    yield Text()
    yield Text.assemble((verdict.headline, f"bold {_COLOURS[verdict.status]}"), f". {verdict.explanation}")
    for reason in found.hindrances:
        yield Text(f"  {one_line(reason, 400)}")
    yield Text()
    yield from _measures(found)
    yield Text()
    yield Text(f"Vanished: {told.lists(found)}")
    for letter, apart in zip("AB", _alone(found), strict=True):
        if apart:
            yield Text(f"  in {letter} alone: {', '.join(apart[:_ROWS])}{' …' if apart[_ROWS:] else ''}")
    yield Text()
    yield from _findings(found)
    for line in told.how(found):
        yield Text(one_line(line, 600), "dim")


def _alone(found: Comparison) -> tuple[list[str], list[str]]:
    """Return what vanished in A alone and in B alone."""
    apart = [(each, one_line(each.type, 40)) for each in told.apart(found)]
    return [name for each, name in apart if each.in_a], [name for each, name in apart if each.in_b]


def _measures(found: Comparison) -> Iterator[RenderableType]:
    marked = [row for row in found.rows if row.difference in ("higher", "lower")]
    shown = marked or told.drawn(found)
    said = "differ by more than their ranges:"
    yield Text(f"Where the two {said}" if marked else f"In no measure do the two {said}")
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(("", "A", "B", "")):
        table.add_column(head, justify="right" if place in (1, 2) else "left", overflow="fold")
    for row in shown[:_ROWS]:
        name, a, b, _ = told.measure(row)
        table.add_row(name, a, b, told.MARKS[row.difference])
    yield table
    if len(shown) > _ROWS:
        yield Text(f"{len(shown) - _ROWS:,} more with --json", "dim")


def _findings(found: Comparison) -> Iterator[Text]:
    if not found.findings:
        yield Text("Neither audit found anything to mend.")
        return
    yield Text("Findings, in A and in B:")
    for each in found.findings:
        rule, a, b, change = told.ruled(each)
        yield Text(f"  {rule}: {a}, {b} ({change})")
