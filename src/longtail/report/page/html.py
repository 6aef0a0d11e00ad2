"""The page: one file that needs nothing else, from context through Jinja2."""

import functools

import jinja2

import longtail.report.page.embedded as embedded
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
