"""Annotations of GitHub: workflow commands, a line each, no more than it shows."""

from collections.abc import Iterator

import longtail.report.words as words
from longtail.records import Finding, Report
from longtail.report.formats.found import file_of, level_of, ordered

MOST = 10
"""Errors, and likewise warnings, that GitHub shows of one step."""

_LEVELS = ("error", "warning")


def to_github(report: Report) -> str:
    """Return a workflow command for each finding, ten errors and ten warnings at most, and one notice on all the others."""
    found = ordered(report)
    of_level = {level: [each for each in found if level_of(report, each.status) == level] for level in _LEVELS}
    lines = [_finding(report, level, each) for level, listed in of_level.items() for each in listed[:MOST]]
    return "".join(f"{line}\n" for line in (*lines, *_notice(report, of_level)))


def _finding(report: Report, level: str, found: Finding) -> str:
    place = {"file": file_of(report, found.where, found.generation), "title": f"{found.code} {words.one_line(found.title, 120)}"}
    told = words.one_line(found.because, 800) + (f"\nnext: {words.one_line(found.remedy, 400)}" if found.remedy else "")
    return _command(level, place, told)


def _notice(report: Report, of_level: dict[str, list[Finding]]) -> Iterator[str]:
    """Yield one notice that says what is not among the annotations; nothing where all is."""
    told = [
        f"{len(listed) - MOST} more {level}s are in the report: {' '.join(each.code for each in listed[MOST:])}"
        for level, listed in of_level.items()
        if len(listed) > MOST
    ]
    told += [f"not measured: {' '.join(codes)}: {reason}" for codes, reason, _ in words.absences(report)]
    if told:
        title = f"longtail: {report.phase.name.replace('_', ' ')}"
        yield _command("notice", {"title": title}, "\n".join(words.one_line(line, 400) for line in told))


def _command(level: str, properties: dict[str, str], message: str) -> str:
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {named}::{_data(message)}"


def _data(text: str) -> str:
    """Return the text of a command: no line of it can begin a command of its own."""
    return words.clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(words.one_line(text)).replace(":", "%3A").replace(",", "%2C")
