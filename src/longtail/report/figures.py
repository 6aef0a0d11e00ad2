"""The pictures of the page as files of their own, for papers: one SVG each, with its legend, in light colours that any program reads.

They are taken from the page itself, so that a figure cannot differ from what the report shows.
"""

import re
from pathlib import Path

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.errors import UnknownName, UsageError
from longtail.records import Report
from longtail.report.drawing.png import put_png, require_png
from longtail.report.page.html import to_html
from longtail.report.put import put

SUFFIXES = (".png", ".svg")
_FONTS = "Helvetica, Arial, sans-serif"
EDGE, ROW = 16.0, 24.0
_SECTION = re.compile(r'<section id="([\w-]+)"([^>]*)>(.*?)</section>', re.DOTALL)
_FIGURE = re.compile(r"<figure>(.*?)</figure>", re.DOTALL)
_LEGEND = re.compile(r'<ul class="legend">(.*?)</ul>', re.DOTALL)
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_CHART = re.compile(r'<svg [^>]*class="chart"[^>]*>.*?</svg>', re.DOTALL)
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_CLASS = re.compile(r'class="([^"]*)"')
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_VARIABLE = re.compile(r"--([\w-]+):\s*([^;}]+)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DRAWN = re.compile(r"^[\w.#\s-]*(?:[.#][\w-]+|\b(?:text|path|line|rect|circle|polyline|polygon|g|tspan))$")
_TAG = re.compile(r"<[^>]+>")


def figures(report: Report) -> dict[str, str]:
    """Return the pictures of a report by name, in the order of the page; further ones of a section have a number."""
    page = to_html(report)
    sheet = _sheet("\n".join(_STYLE.findall(page)))
    found: dict[str, str] = {}
    for name, attributes, content in _SECTION.findall(page):
        for figure in _FIGURE.findall(content):
            for chart in _CHART.findall(figure):
                free = name if name not in found else next(f"{name}-{n}" for n in range(2, 100) if f"{name}-{n}" not in found)
                found[free] = _alone(name, attributes, figure, chart, sheet)
    return found


def write_figure(report: Report, asked: str) -> str:
    """Write one picture and return its name.

    Args:
        report: Whose picture it is.
        asked: `FILE`, for the first picture of the page, or `NAME=FILE`; the suffix, .svg or .png, names the format.

    Raises:
        UsageError: The report has no picture, the suffix names no format, or the file cannot be written.
        UnknownName: It has none of that name.
        MissingExtra: PNG is asked for, and the optional part `png` is not installed.
    """
    name, target = check_figure(asked)
    drawn = figures(report)
    if not drawn:
        raise UsageError(f"{asked!r}: this report has no picture; compare with a reference, or audit a lineage")
    if name and name not in drawn:
        raise UnknownName("picture", name, drawn)
    chosen = name or next(iter(drawn))
    if target.suffix.lower() == ".png":
        put_png(target, drawn[chosen], {"Title": chosen, "Source": report.command})
    else:
        put(target, drawn[chosen])
    return chosen


def check_figure(asked: str) -> tuple[str, Path]:
    """Return the name, empty where none was given, and the file of a picture that is asked for.

    Raises:
        UsageError: The suffix names no format.
        MissingExtra: PNG is asked for, and the optional part `png` is not installed.
    """
    name, _, path = asked.partition("=") if re.match(r"[\w-]+=", asked) else ("", "", asked)
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise UsageError(f"cannot tell the format of {path!r} from its suffix; a picture is one of {', '.join(SUFFIXES)}")
    if target.suffix.lower() == ".png":
        require_png()
    return name, target


def _alone(name: str, attributes: str, figure: str, chart: str, sheet: str) -> str:
    """Return a chart with its legend above it as a file of its own."""
    box = _BOX.search(chart)
    width, height = (float(side) for side in box.groups()) if box else (640.0, 360.0)
    rows, legend = _legend(figure, width)
    top = EDGE + rows * ROW
    size = {"width": width + 2 * EDGE, "height": height + top + EDGE}
    placed = Markup(chart.replace("<svg ", f'<svg x="{EDGE:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" ', 1))
    of_section = _CLASS.search(attributes)
    return str(
        Markup('<?xml version="1.0" encoding="UTF-8"?>\n')
        + svg.tag(
            "svg",
            svg.tag("style", Markup(sheet)),
            svg.tag("rect", width=size["width"], height=size["height"], fill="#ffffff"),
            svg.tag("g", *legend, placed, id=name, class_=of_section[1] if of_section else None),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {size['width']:.0f} {size['height']:.0f}",
            class_="chart",
            **size,
        )
        + Markup("\n")
    )


def _legend(figure: str, width: float) -> tuple[int, list[Markup]]:
    """Return how many rows a legend takes, and its pieces, laid out from left to right."""
    listed = _LEGEND.search(figure)
    pieces: list[Markup] = []
    x, row = EDGE, 0
    for item in _ITEM.findall(listed[1]) if listed else ():
        label = " ".join(Markup(_TAG.sub(" ", item)).unescape().split())
        wide = 46 + 7.2 * len(label) + 18
        if x > EDGE and x + wide > width + EDGE:
            x, row = EDGE, row + 1
        y = EDGE + row * ROW
        pieces += [_key(item, x, y), svg.text(x + 42, y + 12, label)]
        x += wide
    return (row + 1 if pieces else 0), pieces


def _key(item: str, x: float, y: float) -> Markup:
    """Return the sign of a legend's item: its drawing, or a box in its colour."""
    drawn = re.search(r"<svg .*?</svg>", item, re.DOTALL)
    if drawn:
        return Markup(drawn[0].replace("<svg ", f'<svg x="{x:.0f}" y="{y:.0f}" ', 1))
    named = re.search(r'<i class="([^"]*)"', item)
    return svg.tag("rect", x=x + 10, y=y, width=14.0, height=14.0, class_=named[1]) if named else Markup("")


def _sheet(style: str) -> str:
    """Return the rules of the page that colour pictures, in plain light colours, without what only browsers read."""
    light = dict(_VARIABLE.findall(style[: style.find("@media")] if "@media" in style else style))
    rules = []
    for selectors, body in _RULE.findall(_without_blocks(style)):
        kept = [each.strip() for each in selectors.split(",") if _DRAWN.match(each.strip())]
        if kept:
            plain = re.sub(r"var\(--([\w-]+)\)", lambda found: light.get(found[1], "#000000").strip(), body)
            plain = plain.replace("font-family: inherit", f"font-family: {_FONTS}")
            rules.append(", ".join(kept) + " {" + plain.replace("background:", "fill:") + "}")
    return "\n" + "\n".join(rules) + "\n"


def _without_blocks(style: str) -> str:
    """Return a style sheet without comments and without its blocks of rules, such as those for paper and dark screens."""
    out, depth, skipping = [], 0, False
    for piece in re.split(r"(@[\w-]+[^{;]*\{|[{}])", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)):
        if piece.startswith("@"):
            depth, skipping = depth + 1, True
        elif skipping:
            depth += {"{": 1, "}": -1}.get(piece, 0)
            skipping = depth > 0
        else:
            out.append(piece)
    return "".join(out)
