"""Writing a report to a file, all of it or none of it."""

from collections.abc import Callable
from pathlib import Path

from longtail.errors import UsageError
from longtail.records import Report
from longtail.report.formats.json import to_json
from longtail.report.page.html import to_html
from longtail.report.put import put

FORMATS: dict[str, Callable[[Report], str]] = {".html": to_html, ".json": to_json}


def write(report: Report, path: str | Path) -> None:
    """Write a report in the format that the suffix of `path` names; an existing file is replaced in one step.

    Raises:
        UsageError: The suffix names no format, or the file cannot be written.
    """
    target = Path(path)
    render = FORMATS.get(target.suffix.lower())
    if render is None:
        raise UsageError(f"cannot tell the format of {str(path)!r} from its suffix; known suffixes: {', '.join(sorted(FORMATS))}")
    put(target, render(report))
