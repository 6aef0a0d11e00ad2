"""Putting a text where a user named it, all of it or none of it."""

from pathlib import Path

from longtail.atomic import replaced
from longtail.errors import UsageError


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
