"""One item on one screen: what was written, what the gate said, and what it was compared with."""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from longtail.cli.review.shown import line, shown
from longtail.gates.review.item import Cell, Event, Item

HELP = (
    ("a", "accept: let it in as it stands"),
    ("r", "reject: leave it out"),
    ("e", "edit: change the text in your editor, then let it in"),
    ("s", "skip: decide later, or leave it to others"),
    ("j, k", "next, previous; the arrows do the same"),
    ("u", "undo your last decision"),
    ("n", "note: add a line of words"),
    ("space", "the next part of a long text"),
    ("q", "quit; everything decided is kept"),
)
FOOT = "a accept  r reject  e edit  s skip  u undo  j/k next/previous  n note  ? help  q quit"
WIDE = 100
"""Columns from which on two texts stand side by side."""
_LINES = 16
_MOST = 20_000


def screen(
    console: Console, item: Item, cell: Cell, *, head: str, hidden: bool, own: Event | None, part: int = 0
) -> Iterator[RenderableType]:
    """Yield what is printed for an item.

    Args:
        console: Where.
        item: What is shown.
        cell: What it was drawn from.
        head: How far the reviewer has come.
        hidden: Whether what the gate said is not shown.
        own: What the reviewer said of it before, if anything.
        part: Which part of a long text, from 0.
    """
    yield Text.assemble(("longtail review", "bold"), f"  {head}")
    yield Text.assemble(*_about(item, cell, hidden), style="dim")
    yield from () if hidden else _gate(item)
    yield Text()
    yield from _texts(console, item, None if hidden else item.matched_text, part)
    yield Text()
    if own is not None:
        yield Text(f"you said: {own.action}{': ' + line(own.note) if own.note else ''}", "dim")
    yield Text(FOOT, "dim")


def _texts(console: Console, item: Item, beside: str | None, part: int) -> Iterator[RenderableType]:
    """Yield the text, and the one it was compared with beside it or below."""
    room = max(6, console.height - _LINES) if console.is_terminal else 400
    if beside is None:
        yield _body(console, item.text, console.width, room, part)
        return
    heads = Text("document", "bold"), Text(f"compared with {line(item.matched_id or '', 40)}", "bold")
    if console.width < WIDE:
        yield _body(console, item.text, console.width, room // 2, part)
        yield heads[1]
        yield _body(console, beside, console.width, room // 2, part)
        return
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    table.add_row(*heads)
    table.add_row(*(_body(console, text, console.width // 2 - 2, room, part) for text in (item.text, beside)))
    yield table


def _about(item: Item, cell: Cell, hidden: bool) -> Iterator[str]:
    """Yield how rare an item is; why it was chosen would tell what the gate decided."""
    yield f"rarity {item.rarity:.2f}" if item.rarity is not None else "rarity unknown"
    yield " (among the rarest)" if cell.is_tail else ""
    yield f"  of {line(item.stratum, 40)}" if item.stratum else ""
    yield f"  from: {line(str(item.record.get('lt_origin')), 20)}" if item.record.get("lt_origin") else ""
    yield "  the gate's decision is hidden" if hidden else ""
    yield "" if hidden or cell.kind != "lone" else "  the only kept answer of its group"


def _gate(item: Item) -> Iterator[Text]:
    said = {"keep": "kept", "review": "left for review", "reject": "rejected"}[item.decision]
    by = f" by {line(item.gate, 60)}" if item.gate else ""
    score = f", score {item.score:.4g}" if item.score is not None else ""
    yield Text(f"gate: {said}{by}{score}")
    if item.reason:
        yield Text(f"reason: {line(item.reason, 300)}")
    if item.matched_id and item.matched_text is None:
        yield Text(f"compared with {line(item.matched_id, 60)}, whose text is not in this folder", "dim")


def _body(console: Console, text: str | None, width: int, room: int, part: int) -> Text:
    if text is None:
        return Text("no text", "dim")
    rows = Text(shown(text, _MOST)).wrap(console, width)
    parts = max(1, -(-len(rows) // room))
    first = (part % parts) * room
    found = Text("\n").join(rows[first : first + room])
    if parts > 1:
        found.append(f"\n… part {part % parts + 1} of {parts}; space shows the next", "dim")
    return found
