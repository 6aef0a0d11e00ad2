"""The page: one file that needs nothing else, from context through Jinja2."""

import functools
from typing import Any

import jinja2

import longtail.report.page.embedded as embedded
import longtail.report.words as words
from longtail.records import Report
from longtail.report.addressed import addressed
from longtail.report.formats.json import to_json
from longtail.report.page.context import page
from longtail.report.words import shown


def to_html(report: Report) -> str:
    """Return the report as one self-contained page of at most about 2 MB.

    The canonical JSON is embedded; where it is larger than 1.2 MB parts of it are left out, and the page says which.

    Raises:
        InvalidRecord: The report holds something that its JSON form may not hold.
    """
    small, cuts = embedded.cut(report)
    template = environment().get_template("report.html")
    return template.render(page(addressed(report)) | {"embedded": embedded.data(to_json(small)), "cuts": cuts})


def alone(template: str, json: str, **facts: Any) -> str:
    """Return a page other than that of an audit, with all that it was made of embedded.

    Args:
        template: Its file.
        json: The same as JSON.
        **facts: What the template shows.
    """
    return environment().get_template(template).render(words=words, embedded=embedded.data(json), **facts)


@functools.cache
def environment() -> jinja2.Environment:
    """Return where the templates are loaded from; everything that they show is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("longtail.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: object) -> object:
    """Replace control characters in plain strings and drop direction marks; markup that we made ourselves is left alone."""
    return shown(value) if type(value) is str else value
