"""One line: the verdict and the tally."""

import longtail.report.words as words
from longtail.records import Report
from longtail.report.formats.found import tally


def to_line(report: Report) -> str:
    """Return the verdict of an audit as one line, ending in a newline."""
    phase = report.phase.name
    name = words.subject(report)
    told = words.one_line(report.summary, 300) or f"{words.PHASES[phase].headline}."
    return f"{phase.replace('_', ' ').upper()}  {name}: {told}{words.enough(report)} [{tally(report)}]\n"
