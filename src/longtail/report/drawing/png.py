"""Pictures as PNG, with facts about them in the file; needs the optional part `png`."""

import struct
import zlib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from longtail.atomic import replaced
from longtail.errors import MissingExtra, UsageError

ZOOM = 3.0
"""Pixels for each unit of the SVG: 288 dots per inch at its natural size."""
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'
_WORD = '<text x="2" y="16" font-family="sans-serif">word</text>'
_FAMILIES = ("Arial", "DejaVu Sans", "Liberation Sans", "Noto Sans", "Helvetica", "FreeSans", "Open Sans", "Roboto")
"""What may stand for `sans-serif`: resvg takes Arial and looks no further."""
_NOBODYS = "a family that nobody has"
_HEAD = 33
"""Bytes of the signature and of the first chunk."""


def require_png() -> Any:
    """Return the module that draws, so that its absence is told before the work.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        return import_module("resvg_py")
    except ImportError as error:
        raise MissingExtra("writing PNG", "png") from error


def to_png(svg: str, facts: Mapping[str, str]) -> bytes:
    """Return an SVG as PNG on white, with facts as texts that programs such as exiftool show.

    Args:
        svg: The picture.
        facts: Texts by keyword; a keyword is 1 to 79 Latin letters.

    Raises:
        MissingExtra: The optional part `png` is not installed.
        UsageError: No font was found, so that the picture would have no words.
    """
    draw = require_png().svg_to_bytes
    family = _family(draw)
    if family is None:
        raise UsageError("no font was found to set the words of a PNG in; install one, such as fonts-dejavu-core, or write .svg")
    drawn = bytes(draw(svg_string=svg, zoom=ZOOM, background="#ffffff", font_family=family, sans_serif_family=family))
    return drawn[:_HEAD] + b"".join(_text(keyword, text) for keyword, text in facts.items()) + drawn[_HEAD:]


def _family(draw: Any) -> str | None:
    """Return a font without serifs that is installed, else any that draws; None where none does.

    A family that is missing draws nothing, or what stands in for it; so each is held against one that nobody has.
    """
    bare = draw(svg_string=_PROBE.format(""))
    drawn = {each: draw(svg_string=_PROBE.format(_WORD), sans_serif_family=each) for each in (_NOBODYS, *_FAMILIES)}
    there = [each for each in _FAMILIES if drawn[each] != bare]
    return next((each for each in there if drawn[each] != drawn[_NOBODYS]), there[0] if there else None)


def put_png(target: Path, svg: str, facts: Mapping[str, str]) -> None:
    """Write an SVG as PNG, all of it or none of it.

    Raises:
        MissingExtra: The optional part `png` is not installed.
        UsageError: No font was found, or the file cannot be written.
    """
    content = to_png(svg, facts)
    try:
        with replaced(target) as draft:
            draft.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"cannot write {str(target)!r}: {reason}; name a folder that exists and may be written to") from error


def _text(keyword: str, text: str) -> bytes:
    """Return an iTXt chunk: UTF-8, not compressed (W3C, Portable Network Graphics, 11.3.3.4)."""
    body = b"iTXt" + keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
