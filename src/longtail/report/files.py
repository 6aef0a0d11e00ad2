"""Writing a report to a file, all of it or none of it."""

from collections.abc import Callable
from pathlib import Path

from longtail.atomic import replaced
from longtail.errors import UsageError
from longtail.records import Report
from longtail.report.html import to_html
from longtail.report.json import to_json

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


def put(target: Path, content: str) -> None:
    """Write a text file, all of it or none of it; an existing file is replaced in one step.

    Raises:
        UsageError: The file cannot be written.
    """
    try:
        with replaced(target) as draft:
            draft.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"cannot write {str(target)!r}: {reason}; name a folder that exists and may be written to") from error
