"""What a person or a program reads after an audit: text, one self-contained page, and the formats of programs.

Names load when they are used: a line on the screen needs no page.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longtail.report.files import write
    from longtail.report.formats.json import to_json
    from longtail.report.page.html import to_html
    from longtail.report.screen.text import render_text

_HOMES = {
    "render_text": "longtail.report.screen.text",
    "to_html": "longtail.report.page.html",
    "to_json": "longtail.report.formats.json",
    "write": "longtail.report.files",
}

__all__ = ["render_text", "to_html", "to_json", "write"]


def __getattr__(name: str) -> Any:
    """Load a name from its home."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'longtail.report' has no attribute {name!r}")
