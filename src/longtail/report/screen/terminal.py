"""Lineages, groups of documents and explanations in a terminal, and the pieces that all its tables share."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

import longtail.report.drawing.charts as charts
import longtail.report.explanations as explanations
import longtail.report.leads as leads
import longtail.report.lineage as lineages
import longtail.report.slices as slices
import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Estimate, LineageRecord, Report, Status

STYLES: dict[Status, str] = {"pass": "green", "warn": "yellow", "fail": "red", "not_measured": "cyan"}
HEADS = ("generation", "phase", "rare items left", "decision")
MOST_GENERATIONS = 10
MOST_SLICES = 8
MOST_SIGNALS = 6
GUTTER = "  "
MORE = "more in the JSON and HTML reports"


def grid() -> Table:
    """Return a table without lines or a head."""
    return Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)


def over_generations(report: Report, width: int) -> RenderableType | None:
    """Return phases and rare items left by generation, then what is said over all of them; None without a lineage."""
    lineage = report.lineage
    if lineage is None:
        return None
    said = (lineage.trend_statement, lineage.onset_statement, lineages.sampling(lineage), lineages.summed(report, lineage))
    blocks: list[RenderableType] = [*_strip(report, lineage, width)]
    blocks += [Text(words.one_line(sentence, 600)) for sentence in said if sentence.strip()]
    return Group(*blocks, *_alarms(lineage))


def _strip(report: Report, lineage: LineageRecord, width: int) -> list[RenderableType]:
    """Return the generations as columns of a table, as many tables as the width asks for."""
    cells = lineages.strip(lineage)
    chosen = [cells[at] for at in charts.spread(len(cells), MOST_GENERATIONS)]
    columns = _columns(report, lineage, chosen)
    kinds = [at for at in range(len(HEADS)) if any(column[at].plain for column in columns)]
    blocks: list[RenderableType] = []
    for part in _parts(columns, max(width - max(map(len, HEADS)) - 2, 1)):
        table = grid()
        for at in kinds:
            table.add_row(Text(HEADS[at], "dim"), *(column[at] for column in part))
        blocks.append(table)
    hidden = len(lineage.generations) - len(chosen)
    return [*blocks, *([Text(f"{words.counted(hidden, 'generation')} {MORE}", "dim")] if hidden else [])]


def _columns(report: Report, lineage: LineageRecord, cells: list[lineages.Cell]) -> list[list[Text]]:
    """Return one column of the strip for each generation, with what is left of its rare items."""
    followed = (line for line in lineages.followed(report, lineage) if line.metric == lineages.WATCHED)
    left = {each.generation or 0: each for line in followed for each in line.estimates}
    starts = bool(left) and lineage.baseline == "generation_1"
    return [_column(cell, left.get(cell.generation), "100%" if starts and cell.generation == 1 else "") for cell in cells]


def _column(cell: lineages.Cell, here: Estimate | None, otherwise: str) -> list[Text]:
    """Return number, phase, rare items left and decision of one generation; `otherwise` is left where nothing was measured."""
    decision = (here.decision if here else None) or ""
    status = words.DECISIONS.get(decision)
    phase = Text(cell.name, STYLES[cell.status] if cell.status else "dim")
    left = Text(words.percent(here.value) if here else otherwise)
    return [Text(str(cell.generation), "bold"), phase, left, Text(decision, STYLES[status] if status else "")]


def _parts(columns: list[list[Text]], room: int) -> list[list[list[Text]]]:
    """Return the columns in runs that fit into `room` characters, at least one in each."""
    parts: list[list[list[Text]]] = []
    used = room + 1
    for column in columns:
        wide = max(len(text.plain) for text in column) + 2
        if used + wide > room:
            parts.append([])
            used = 0
        parts[-1].append(column)
        used += wide
    return parts


def _alarms(lineage: LineageRecord) -> list[RenderableType]:
    """Return a line for each signal that reported a loss, the earliest first, and one line for those that did not."""
    rows = leads.alarms(lineage)
    alarmed = [row for row in rows if row.first_alarm is not None]
    silent = [words.named(row.signal) for row in rows if row.first_alarm is None]
    table = grid()
    for row in alarmed[:MOST_SIGNALS]:
        table.add_row(Text(f"generation {row.first_alarm}"), Text(words.named(row.signal)), Text(leads.ahead(row), "dim"))
    blocks: list[RenderableType] = [Text("first signs of a loss", "dim"), table] if alarmed else []
    if len(alarmed) > MOST_SIGNALS:
        blocks.append(Text(f"{len(alarmed) - MOST_SIGNALS} {MORE}", "dim"))
    return [*blocks, *([Text(f"no loss reported by: {', '.join(silent)}", "dim")] if silent else [])]


def causes(report: Report) -> RenderableType | None:
    """Return a row for each thing that could lie behind the numbers, or None where nothing was considered."""
    found = explanations.explained(report)
    if not found:
        return None
    looks = {"supported": "bold", "against": "dim", "not_measured": STYLES["not_measured"]}
    table = grid()
    for each in found:
        table.add_row(Text(each.speaks, looks[each.status]), Text(f"{each.name}: {each.because}"))
    return Group(Text("what could explain it", "dim"), table)


def groups(report: Report) -> RenderableType | None:
    """Return the groups of documents, the worst first over all columns, or None where documents were not divided."""
    columns = slices.columns(report)
    if not columns:
        return None
    rows = slices.worst_first(columns)
    table = grid()
    table.add_row(*(Text(head, "dim") for head in ("group", "expected", "seen", "left", "")))
    for row in rows[:MOST_SLICES]:
        name = Text(f"{row.column}: {row.name}")
        table.add_row(name, Text(row.expected), Text(row.seen), Text(_left(row)), _judged(row))
    stands = [Text(_stands(column), "dim") for column in columns]
    left = len(rows) - MOST_SLICES + sum(column.hidden for column in columns)
    return Group(*stands, table, *([Text(f"{left} {MORE}", "dim")] if left > 0 else []))


def held(report: Report) -> RenderableType | None:
    """Return the findings that somebody has accepted, each with the reason, and why others were not; None where there is none."""
    found, refused = stages.held_back(report), words.rows(words.panel(report, "ratchet"), "refused")
    table = grid()
    for each in found:
        body = Text.assemble((words.one_line(str(each.get("title")), 120), "bold"), GUTTER, words.one_line(str(each.get("because")), 400))
        body.append(f"\n{each['kind']}: {words.one_line(each['why'], 400)}")
        table.add_row(
            Text(words.one_line(str(each["code"]), 20), "bold"),
            Text(f"{each['kind']} {words.one_line(str(each.get('status')), 20)}", "dim"),
            body,
        )
    for row in refused:
        table.add_row(
            Text(words.one_line(str(row.get("code")), 20), "bold"), Text("not accepted"), Text(words.one_line(stages.because(row), 400))
        )
    return table if found or refused else None


def _stands(column: slices.Column) -> str:
    chosen = f" ({column.chosen_by})" if column.chosen_by else ""
    parts = [column.stands] if column.stands else []
    parts += [f"{column.blank} too rare to judge"] if column.blank else []
    return f"groups by {column.name}{chosen}" + (f": {'; '.join(parts)}" if parts else "")


def _left(row: slices.Slice) -> str:
    return "–" if row.left == "–" else f"{row.left} [{row.interval.replace(' to ', ', ')}]"


def _judged(row: slices.Slice) -> Text:
    if row.status is None:
        return Text(f"not judged{row.judged.removeprefix('no')}" if row.judged.startswith("no") else "not judged", STYLES["not_measured"])
    return Text(row.decision, STYLES[row.status])


def guarantee(report: Report) -> Iterable[Text]:
    """Return what the verdict promises, and how much of the allowed false alarms is spent and left."""
    yield Text(words.one_line(report.guarantee.text), "dim")
    shares = ", ".join(f"{share} {name}" for name, share in words.allowance(report))
    yield Text(f"false alarms: {shares} (audit {report.guarantee.audit_number})", "dim")
