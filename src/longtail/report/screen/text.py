"""The report in a terminal: the verdict first, then why, what to do, and what was not measured."""

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.text import Text

import longtail.report.composition as composition
import longtail.report.names as names
import longtail.report.origin as origin
import longtail.report.panels as panels
import longtail.report.screen.terminal as terminal
import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Estimate, Finding, InputRecord, Report
from longtail.report.addressed import addressed
from longtail.report.screen.terminal import GUTTER, MORE, STYLES, grid

MOST_ESTIMATES = 8
MOST_FINDINGS = 8
FOLD = 3


def render_text(report: Report, console: Console) -> None:
    """Print the report to `console`, within its width; the four outcomes are told apart by words, colour only helps."""
    for block in _blocks(addressed(report), console.width):
        console.print(block, soft_wrap=False, highlight=False, markup=False, emoji=False)


def _blocks(report: Report, width: int) -> Iterator[RenderableType]:
    yield _header(report)
    yield Text()
    yield _verdict(report)
    shown = (
        terminal.over_generations(report, width), _deciding(report), terminal.groups(report), _vanished(report), terminal.causes(report),
        _loop(report), _findings(report), terminal.held(report), _self_check(report), _not_measured(report),
    )  # fmt: skip
    for block in shown:
        if block is not None:
            yield Text()
            yield block
    yield Text()
    if report.passed:
        yield Text("passed  ", STYLES["pass"]) + Text(words.one_line(" ".join(report.passed)))
    yield from terminal.guarantee(report)
    yield _counts(report)


def _header(report: Report) -> Text:
    name = words.subject(report)
    return Text.assemble(("longtail audit", "bold"), GUTTER, (name, "bold"), "   ", " · ".join([*_read(report), *_beside(report)]))


def _read(report: Report) -> list[str]:
    """Return how much was read: of the data set, of the training run."""
    candidates, run = words.of_role(report, "candidate"), words.of_role(report, "rollouts")
    parts = _size(report, candidates) if candidates or not run else []
    named = f" {words.files(run)}" if candidates else ""
    return parts + [words.counted(source.documents, "rollout") + named for source in run]


def _beside(report: Report) -> list[str]:
    """Return what the data were compared with, or that there was no reference."""
    compared = {role: words.files(words.of_role(report, role)) for role in ("baseline", "reference", "control")}
    is_run = not words.of_role(report, "candidate") and bool(words.of_role(report, "rollouts"))
    lacking = [] if compared["reference"] or is_run else ["reference: none (self-checks only)"]
    return [f"{role} {named}" for role, named in compared.items() if named] + lacking


def _size(report: Report, candidates: list[InputRecord]) -> list[str]:
    found = panels.read(report)
    if found is None:
        return [words.counted(sum(source.documents for source in candidates), "document")]
    parts = [f"{found['documents']} documents"] + ([f"{found['words']} words"] if found["words"] != "0" else [])
    parts += [str(found["content"])] if found["content"] else []
    return parts + ([f"{found['quarantined']} set aside"] if found["quarantined"] not in ("0", "–") else [])


def _verdict(report: Report) -> Text:
    phase = report.phase
    told = words.PHASES[phase.name]
    name = phase.name.replace("_", " ").upper()
    verdict = Text.assemble((name, f"bold {STYLES[told.status]}"), GUTTER, words.one_line(report.summary) or told.headline)
    verdict.append(words.enough(report))
    if phase.labels:
        verdict.append(f"\nalso: {words.labels(phase.labels)}")
    if phase.missing and phase.name != "not_measured":
        verdict.append(f"\ndecided without {words.one_line(', '.join(phase.missing), 200)}, which could not be measured", "dim")
    return verdict


def _deciding(report: Report) -> RenderableType | None:
    decided = _decided(report)
    newest = max((each.generation for each in decided if each.generation is not None), default=None)
    shown = [each for each in decided if each.generation in (newest, None)]
    shown.sort(key=lambda each: words.GRAVITY.index(words.DECISIONS[each.decision or "inconclusive"]))
    if not shown:
        return None
    views = {each.view for each in shown}
    table = grid()
    for each in shown[:MOST_ESTIMATES]:
        table.add_row(Text(words.metric(each, with_view=len(views) > 1)), Text(_value(each)), _decision(each))
    left = len(decided) - len(shown[:MOST_ESTIMATES])
    rest = [Text(f"{left} {MORE}", "dim")] if left else []
    return Group(Text(f"{_measured(shown, newest, views)}: value, interval", "dim"), table, *rest)


def _decided(report: Report) -> list[Estimate]:
    """Return the estimates that decide, but for those of slices that have a table of their own."""
    return [each for each in report.estimates if each.decision and not (each.slice and report.panels.get("slices"))]


def _measured(shown: list[Estimate], newest: int | None, views: set[str]) -> str:
    against = {each.baseline for each in shown}
    parts = ["measured" + (f" in {words.one_line(names.view(next(iter(views))), 80)}" if len(views) == 1 else "")]
    parts += [f"against {words.baseline(next(iter(against)))}"] if len(against) == 1 and None not in against else []
    return ", ".join(parts + ([f"generation {newest}"] if newest is not None else []))


def _value(each: Estimate) -> str:
    return f"{words.number(each.value, words.scale_of(each))} {words.interval(each)}"


def _decision(each: Estimate) -> Text:
    status = words.DECISIONS[each.decision or "inconclusive"]
    needed = f"\nneeds {words.count(words.needed(each))} documents" if words.needed(each) else ""
    return Text(f"{each.decision}{needed}", STYLES[status])


def _vanished(report: Report) -> Text | None:
    found = panels.vanished(report)
    if found is None or "LT301" not in {finding.code for finding in report.findings}:
        return None  # some words are missing by chance from any two samples; the list means something where a loss was found
    names = [words.one_line(row["type"], 30) for row in found["rows"][:8]]
    whole = "" if found["total"] == str(len(names)) else f" ({found['total']} in all)"
    return Text.assemble(("what vanished", "bold"), GUTTER, ", ".join(names), whole)


def _loop(report: Report) -> RenderableType | None:
    rows = [
        ("made of", composition.made_of(report)),
        ("machine-made", origin.told(report)),
        ("regime", composition.regime(report)),
        ("in a chain", composition.chained(report)),
        ("benchmark", panels.benchmark(report)),
    ]
    table = grid()
    for name, told in rows:
        if told:
            table.add_row(Text(name, "dim"), Text(told))
    return table if table.row_count else None


def _findings(report: Report) -> RenderableType | None:
    ordered = sorted(report.findings, key=lambda found: words.GRAVITY.index(found.status))
    if not ordered:
        return None
    table = grid()
    for found in ordered[:MOST_FINDINGS]:
        table.add_row(Text(words.one_line(found.code, 20), "bold"), Text(found.status, STYLES[found.status]), _finding(found))
    if len(ordered) > MOST_FINDINGS:
        table.add_row("", "", Text(f"{len(ordered) - MOST_FINDINGS} {MORE}", "dim"))
    return table


def _finding(found: Finding) -> Text:
    body = Text.assemble((words.one_line(found.title, 120), "bold"), GUTTER, words.one_line(found.because, 400))
    if found.where:
        body.append(f"{GUTTER}{words.one_line(found.where, 120)}", "dim")
    if found.remedy:
        body.append(f"\nnext: {words.one_line(found.remedy, 300)}")
    if len(found.unlocks) > 1:
        body.append(f"{GUTTER}unlocks {words.one_line(' '.join(found.unlocks), 400)}", "dim")
    return body


def _self_check(report: Report) -> RenderableType | None:
    found = panels.self_check(report)
    if found is None or words.of_role(report, "reference"):
        return None
    table = grid()
    shares = {"exact_duplicate_share", "near_duplicate_share", "sample_coverage", "compression_ratio"}
    for each in report.estimates:
        if each.metric in shares and not each.decision and each.generation is None:
            table.add_row(Text(words.metric(each)), Text(_value(each)))
    for size, tokens, value, _ in found["distinct"]:
        table.add_row(Text(f"different ones among all {size}"), Text(f"{value}, in {tokens} words"))
    for row in found["openings"][:3]:
        table.add_row(
            Text(f"begin with “{row['text']}”"),
            Text(f"{row['documents']} of {found['openings_documents']} sampled documents, {row['share']}"),
        )
    return table if table.row_count else None


def _not_measured(report: Report) -> RenderableType | None:
    if not report.not_measured and not words.uncompared(report):
        return None
    table = grid()
    for codes, reason, enable in words.absences(report):
        title = words.title(codes)
        body = Text(f"{title}: {reason}" if title else reason)
        if enable:
            body.append(f"{GUTTER}enable: {enable}", "bold")
        table.add_row(Text(_folded(codes), "bold"), Text("not measured", STYLES["not_measured"]), body)
    for kinds, reason, needs in words.uncompared(report):
        body = Text(f"{', '.join(kinds)}: {reason}" + (f"; needs {needs}" if needs else ""), "dim")
        table.add_row(Text(""), Text("not measured", STYLES["not_measured"]), body)
    return table


def _folded(codes: list[str]) -> str:
    return "\n".join(words.one_line(" ".join(codes[at : at + FOLD]), 60) for at in range(0, len(codes), FOLD))


def _counts(report: Report) -> Text:
    tally = words.counts(report)
    parts = [Text(f"{words.STATUSES[status]} {number}", STYLES[status] if number else "dim") for status, number in tally.items()]
    kept = len(stages.held_back(report))
    return Text(" · ").join([*parts, *([Text(f"accepted for now {kept}", "yellow")] if kept else [])])
