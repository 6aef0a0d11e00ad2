"""What a person or a program reads after an audit: text, JSON and one self-contained page."""

from longtail.report.files import write
from longtail.report.html import to_html
from longtail.report.json import to_json
from longtail.report.text import render_text

__all__ = ["render_text", "to_html", "to_json", "write"]
