"""A diagnosis as one page that stands alone: its own verdict and versions first, then the audit that it rests on."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

import longtail.report.page.embedded as embedded
import longtail.report.screen.diagnosis as told
import longtail.report.words as words
from longtail.diagnosis.records import Diagnosis
from longtail.errors import UsageError
from longtail.report.addressed import addressed
from longtail.report.page.context import page
from longtail.report.page.html import environment
from longtail.report.put import put


def write(found: Diagnosis, path: str | Path) -> None:
    """Write a diagnosis in the format that the suffix of `path` names; an existing file is replaced in one step.

    Raises:
        UsageError: The suffix names no format, or the file cannot be written.
    """
    formats = {".html": to_html, ".json": told.to_json}
    render = formats.get(Path(path).suffix.lower())
    if render is None:
        raise UsageError(f"cannot tell the format of {str(path)!r} from its suffix; known suffixes: {', '.join(sorted(formats))}")
    put(Path(path), render(found))


def to_html(found: Diagnosis) -> str:
    """Return a diagnosis as one self-contained page; of a very large one parts of the audit are left out, and the page says which.

    Raises:
        InvalidRecord: The audit holds something that its JSON form may not hold.
    """
    whole, cuts = found, list[str]()
    if found.audit is not None:
        audit, cuts = embedded.cut(found.audit, lambda one: len(told.to_json(replace(found, audit=one)).encode("utf-8", "replace")))
        whole = replace(found, audit=audit)
    context = _context(found) | {"embedded": embedded.data(told.to_json(whole)), "cuts": cuts}
    return environment().get_template("diagnosis.html").render(context)


def _context(found: Diagnosis) -> dict[str, Any]:
    name, status, sentence = told.verdict(found)
    audited = page(addressed(found.audit)) if found.audit is not None else {"words": words, "styles": ["chain.css"]}
    return audited | {
        "audited": found.audit is not None,
        "diagnosis": found,
        "title": name.capitalize(),
        "status": status,
        "sentence": sentence,
        "date": found.created_at[:10],
        "versions": [row[:5] for row in told.rows(found)],
        "parts": told.parts(found),
        "risks": found.risks[: told.MOST_RISKS],
        "collect": [words.command_last(each) for each in found.collect],
    }
