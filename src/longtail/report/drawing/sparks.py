"""A line as small as a word: how often something was used, sample by sample."""

from markupsafe import Markup

import longtail.report.drawing.svg as svg

WIDTH, HEIGHT = 72.0, 18.0


def spark(shares: list[float]) -> Markup:
    """Return the line of some shares from left to right, its end marked; the numbers must stand beside it, for it has no words."""
    across, up = svg.Scale(0, max(len(shares) - 1, 1), 3, WIDTH - 4), svg.Scale(0, max(shares, default=0) or 1.0, HEIGHT - 3, 3)
    places = [(round(across(at)), round(up(share))) for at, share in enumerate(shares)]
    drawn = svg.tag("polyline", points=" ".join(f"{x},{y}" for x, y in places))
    end = svg.tag("path", d=f"M{places[-1][0]} {places[-1][1]}h0") if places else ""
    return svg.tag("svg", drawn, end, viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}", class_="spark", aria_hidden="true")
