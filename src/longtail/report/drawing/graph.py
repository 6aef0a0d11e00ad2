"""A graph of what was made from what, from left to right: a layered layout by longest path, boxes and edges."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.drawing.hatch import hatched

BOX, TALL, ACROSS, DOWN, EDGE = 138.0, 62.0, 46.0, 16.0, 8.0


class Box(NamedTuple):
    """One node: its name, kind, the lines under the name, and the shares of its origins with their class."""

    name: str
    kind: str
    lines: Sequence[str]
    shares: Sequence[tuple[str, float]]


class Link(NamedTuple):
    """One edge; `loops` where it closes the loop."""

    source: str
    target: str
    loops: bool


Place = tuple[float, float]


def layers(names: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """Return the column of each node: the longest way to it from a node that nothing leads to.

    Edges that would close a circle are passed over, so that every graph has a layout.
    """
    above: dict[str, list[str]] = {name: [] for name in names}
    for link in links:
        if link.source in above and link.target in above:
            above[link.target].append(link.source)
    columns: dict[str, int] = {}
    for name in names:
        _column(name, above, columns, set())
    return columns


def _column(name: str, above: Mapping[str, list[str]], columns: dict[str, int], open_: set[str]) -> int:
    if name not in columns:
        open_ = open_ | {name}
        columns[name] = 1 + max((_column(each, above, columns, open_) for each in above[name] if each not in open_), default=-1)
    return columns[name]


def places(names: Sequence[str], links: Sequence[Link]) -> dict[str, Place]:
    """Return the upper left corner of each box; in a column, boxes stand in the order of what they were made from."""
    columns = layers(names, links)
    rows: dict[str, float] = {}
    for column in range(max(columns.values(), default=-1) + 1):
        here = [name for name in names if columns[name] == column]
        wanted = {name: _mean([rows[link.source] for link in links if link.target == name and link.source in rows]) for name in here}
        for row, name in enumerate(sorted(here, key=lambda each: (wanted[each], names.index(each)))):
            rows[name] = float(row)
    return {name: (EDGE + columns[name] * (BOX + ACROSS), EDGE + rows[name] * (TALL + DOWN)) for name in names}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def graph(name: str, title: str, boxes: Sequence[Box], links: Sequence[Link]) -> Markup:
    """Return the picture, at its own size, so that a long lineage is scrolled and not shrunk."""
    at = places([box.name for box in boxes], links)
    width = max((x for x, _ in at.values()), default=0.0) + BOX + EDGE
    height = max((y for _, y in at.values()), default=0.0) + TALL + EDGE + 14
    told = "; ".join(f"{link.target} from {link.source}{' (the loop)' if link.loops else ''}" for link in links)
    return svg.tag(
        "svg",
        svg.tag("title", title, id=f"{name}-title"),
        svg.tag("desc", f"{told or 'No edges'}.", id=f"{name}-desc"),
        *(
            _edge(at[link.source], at[link.target], link.loops)
            for link in sorted(links, key=lambda each: each.loops)
            if {link.source, link.target} <= at.keys()
        ),
        *(_box(box, *at[box.name]) for box in boxes),
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_="chart graph",
        id=name,
    )


def _edge(source: Place, target: Place, loops: bool) -> Markup:
    """Return an edge with its head; one that passes columns runs between the rows, not behind the boxes."""
    x1, y1, x2, y2 = source[0] + BOX, source[1] + TALL / 2, target[0] - 6, target[1] + TALL / 2
    style = "edge loop" if loops else "edge"
    bend = max(18.0, (x2 - x1) / 2)
    path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    if x2 - x1 > BOX:
        lane, turn = max(y1, y2) + (TALL + DOWN) / 2, ACROSS - 6
        out = f"M{x1:.1f} {y1:.1f}C{x1 + turn:.1f} {y1:.1f} {x1:.1f} {lane:.1f} {x1 + turn:.1f} {lane:.1f}"
        path = f"{out}H{x2 - turn:.1f}C{x2:.1f} {lane:.1f} {x2 - turn:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    head = f"M{x2 - 2:.1f} {y2 - 4.5:.1f}l8 4.5l-8 4.5z"
    return svg.tag("path", d=path, class_=style) + svg.tag("path", d=head, class_=f"head {style}")


def _box(box: Box, x: float, y: float) -> Markup:
    radius = {"checkpoint": 16, "run": 26}.get(box.kind, 4)
    pieces = [svg.tag("rect", x=x, y=y, width=BOX, height=TALL, rx=radius, class_=f"node {box.kind}")]
    if box.kind == "unknown":
        pieces.append(hatched(x + 2, y + 2, BOX - 4, TALL - 4, 9.0))
        pieces.append(svg.tag("rect", x=x + 4, y=y + 6, width=BOX - 8, height=20, class_="behind"))
    pieces.append(svg.text(x + 9, y + 21, box.name if len(box.name) < 18 else f"{box.name[:16]}…", "value"))
    pieces += [svg.text(x + 9, y + 37 + 13 * at, line, "tick") for at, line in enumerate(box.lines[:2])]
    left = x + 3
    for style, share in box.shares:
        pieces.append(svg.tag("rect", x=left, y=y + TALL - 7, width=share * (BOX - 6), height=5, class_=f"mix {style}"))
        left += share * (BOX - 6)
    return svg.tag("g", svg.tag("title", box.name), *pieces)
