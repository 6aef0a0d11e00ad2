"""Common and rare items over the generations: two lines with bands, the limit, and where the handling of real data changed."""

from collections.abc import Sequence

from markupsafe import Markup

import longtail.report.drawing.curves as curves
import longtail.report.drawing.svg as svg

WIDTH, HEIGHT = 560.0, 306.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 484.0, 26.0, 258.0
GAP = 19.0


def pair(
    name: str, title: str, lines: Sequence[tuple[str, int, list[curves.Point]]], limit: float, marks: Sequence[tuple[int, str]]
) -> Markup:
    """Return the picture; each line is (label, look, points), each mark (generation, words)."""
    every = [point for _, _, points in lines for point in points]
    numbers = [point.generation for point in every]
    first = min(numbers)
    plot = curves.Plot(
        svg.Scale(first, max(*numbers, first + 1), LEFT + 12, RIGHT - 8),
        svg.Scale(0, curves.ceiling(point.high for point in every), BOTTOM, TOP),
    )
    frame = [
        *curves.axes(plot, LEFT, RIGHT),
        svg.line(LEFT, plot.up(1), RIGHT, plot.up(1), "normal"),
        svg.line(LEFT, plot.up(limit), RIGHT, plot.up(limit), "margin"),
    ]
    for number, words in marks:
        frame.append(svg.line(plot.across(number), TOP - 8, plot.across(number), BOTTOM, "turn"))
        frame.append(svg.text(plot.across(number) + 5, TOP - 8, words, "tick"))
    told = " ".join(
        f"{label}: " + ", ".join(f"generation {at.generation} {at.value:.0%}" for at in points) + "." for label, _, points in lines
    )
    return svg.picture(
        name, WIDTH, HEIGHT, title, told, *frame, *(curves.curve(points, look, plot) for _, look, points in lines), *_ends(lines, plot)
    )


def _ends(lines: Sequence[tuple[str, int, list[curves.Point]]], plot: curves.Plot) -> list[Markup]:
    last = [points[-1] for _, _, points in lines]
    heights = curves.apart([plot.up(point.value) for point in last], GAP, BOTTOM)
    return [
        svg.marker(look, RIGHT + 8, height, f"s{look}", size=4.2) + svg.text(RIGHT + 17, height + 4.5, f"{point.value:.0%}", "value")
        for (_, look, _), point, height in zip(lines, last, heights, strict=True)
    ]
