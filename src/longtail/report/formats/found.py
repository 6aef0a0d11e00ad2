"""What every format says of what was found: the order, the file, the next command, the tally."""

from collections.abc import Iterator
from pathlib import Path, PurePath
from urllib.parse import quote

import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Finding, InputRecord, Report
from longtail.report.addressed import role_of


def ordered(report: Report) -> list[Finding]:
    """Return the findings, the gravest first, and else in the order of the report."""
    return sorted(report.findings, key=lambda found: words.GRAVITY.index(found.status))


def level_of(report: Report, status: str) -> str:
    """Return how grave a tool that reads annotations shows a finding: an error, or a warning while findings do not fail yet.

    Args:
        report: Of an audit; its settings say from which day on findings fail, where there is one.
        status: Of the finding.
    """
    until = str(report.settings.get("warn_until") or "")
    return "error" if status == "fail" and report.created_at[: len(until)] >= until else "warning"


def command(finding: Finding) -> str:
    """Return the command that a finding advises; where it advises none, its advice in words."""
    said, told = words.command_last(finding.remedy)
    return told or said


def tally(report: Report) -> str:
    """Return how many rules failed, warned, passed, were not measured or are accepted for now, those that failed or warned by name."""
    counts = words.counts(report)
    named = {status: " ".join(dict.fromkeys(words.one_line(each.code, 20) for each in ordered(report) if each.status == status))
             for status in ("fail", "warn")}  # fmt: skip
    parts = [f"{words.STATUSES[status]} {counts[status]}" + (f" ({named[status]})" if named.get(status) else "")
             for status in ("fail", "warn", "pass", "not_measured")]  # fmt: skip
    held = len(stages.held_back(report))
    return ", ".join([*parts, *([f"accepted for now {held}"] if held else [])])


def file_of(report: Report, where: str, generation: int | None = None) -> str:
    """Return the file that a place of a finding means, relative to the working folder; `data` where nothing was read.

    A place is a role among the inputs; any other one stands for the candidate. Of several parts it is the first. What came
    without a file is named for how it came: `stdin`, `memory`.

    Args:
        report: Of an audit.
        where: The place.
        generation: The one that the finding speaks of, in a lineage.
    """
    source = next(_sources(report, where, generation), None)
    path = "" if source is None else source.path
    first = path.split(", ")[0] if source is not None and source.parts > 1 else path
    return "stdin" if first == "-" else _relative(first.strip("<>")) if first else "data"


def _sources(report: Report, where: str, generation: int | None) -> Iterator[InputRecord]:
    """Yield the inputs that a place can mean, the likeliest first."""
    role = role_of(where)
    if role == "candidate" and generation is not None:
        judged = [each for each in report.inputs if each.role in ("candidate", "generation", "baseline")]
        yield from (each for each in judged if each.generation == generation)
    yield from (each for each in report.inputs if each.role == role)
    yield from (each for each in report.inputs if each.role == "candidate")


def _relative(path: str) -> str:
    pure = PurePath(path)
    here = Path.cwd()
    return (pure.relative_to(here) if pure.is_absolute() and pure.is_relative_to(here) else pure).as_posix()


def uri(path: str) -> str:
    """Return a file's path as a URI reference; an absolute one begins with `file://`."""
    return ("file://" if path.startswith("/") else "") + quote(words.clean(path))


def lines_set_aside(report: Report) -> list[tuple[str, int | None, str]]:
    """Return file, line and reason of each document that was set aside and is listed."""
    rows = words.rows(words.panel(report, "read"), "quarantine")
    found = [(str(row.get("path") or ""), row.get("line"), words.one_line(str(row.get("reason") or ""), 200)) for row in rows]
    return [(_relative(path), line if isinstance(line, int) and line > 0 else None, reason) for path, line, reason in found]
