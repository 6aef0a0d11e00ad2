"""A watch as one page that needs nothing else: the sentence, the picture, phrases, two pieces, then numbers."""

import json
from collections.abc import Iterator

import msgspec
from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.diagnosis.voice.records import PeriodVoice, Watch
from longtail.report.page.html import alone
from longtail.report.screen.voice import MEASURES, headline, told
from longtail.report.words import percent

WIDTH, HEIGHT = 720.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 706.0, 14.0, 206.0
LABELS = 12
"""Names of periods under the picture, at most."""


def voice_json(found: Watch) -> str:
    """Return a watch as JSON that ends in a newline."""
    return json.dumps(msgspec.to_builtins(found), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def voice_html(found: Watch) -> str:
    """Return a watch as one self-contained page."""
    return alone(
        "voice.html",
        voice_json(found),
        found=found,
        headline=headline(found),
        picture=picture(found.periods, found.turn.period),
        numbers=[*map(told, found.estimates), *map(told, found.not_measured)],
        measures=[(name, f"voice_{name}") for name in found.periods[0].measures],
        names={key.removeprefix("voice_"): name for key, name in MEASURES.items()},
        percent=percent,
        parts=[(each, each.kept) for each in found.parts],
    )


def picture(periods: tuple[PeriodVoice, ...], turn: str | None) -> Markup:
    """Return the variety of each period with its interval, and a line where it turned."""
    known = [(at, each) for at, each in enumerate(periods) if each.index.value is not None]
    up = _scale(periods)
    across = svg.Scale(0.0, max(len(periods) - 1.0, 1.0), LEFT + 16, RIGHT - 16)
    places = [(across(float(at)), up(each.index.value or 0.0)) for at, each in known]
    pieces = [
        svg.line(LEFT, up(1.0), RIGHT, up(1.0), "one"),
        svg.text(LEFT - 6, up(1.0) + 4, "100%", "tick", "end"),
        *_labels(periods, turn, across),
        svg.polyline(places, "line s1"),
        *(_whisker(each, across(float(at)), up) for at, each in known),
        *(svg.marker(0, x, y, "s1") for x, y in places),
    ]
    spoken = "; ".join(f"{each.name} {percent(each.index.value)}" for _, each in known)
    return svg.picture("voice", WIDTH, HEIGHT, "How varied the documents of each period are", f"{spoken}.", *pieces)


def _scale(periods: tuple[PeriodVoice, ...]) -> svg.Scale:
    ends = [end for each in periods for end in (each.index.low, each.index.high) if end is not None]
    return svg.Scale(min([0.5, *ends]), max([1.1, *ends]), BOTTOM, TOP)


def _labels(periods: tuple[PeriodVoice, ...], turn: str | None, across: svg.Scale) -> Iterator[Markup]:
    step = -(-len(periods) // LABELS)
    for at, period in enumerate(periods):
        x = across(float(at))
        if at % step == 0:
            yield svg.text(x, BOTTOM + 20, period.name.split(" to ")[0], "tick", "middle")
        if period.name == turn:
            yield svg.line(x, TOP, x, BOTTOM, "margin")
            late = x > (LEFT + RIGHT) / 2
            yield svg.text(x - 5 if late else x + 5, TOP + 10, "the turn", "tick", "end" if late else None)


def _whisker(period: PeriodVoice, x: float, up: svg.Scale) -> Markup:
    low, high = period.index.low, period.index.high
    return Markup("") if low is None or high is None else svg.line(x, up(low), x, up(high), "whisker")
