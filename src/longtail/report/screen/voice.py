"""A watch on the terminal: when it turned, in plain words and a small picture; numbers come last."""

from collections.abc import Iterator

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from longtail.diagnosis.voice.records import Opening, Part, PeriodVoice, Phrase, Phrases, Piece, Point, Turn, Watch
from longtail.records import Estimate, NotMeasured
from longtail.report.words import chance, counted, one_line, percent

Line = Text | Table | Padding

BAR = 32
"""Columns of a bar as long as the baseline."""
MANY = 0.10
"""Share of documents with one opening that is worth the first line."""
MEASURES = {
    "voice_variety": "variety, all four together",
    "voice_words": "different words",
    "voice_openings": "different openings",
    "voice_runs": "different runs of four words",
    "voice_fresh_runs": "runs of four words that the period before has not",
    "voice_rare_words": "rare words of the first periods",
}
STATUS = {"pass": "green", "warn": "yellow", "fail": "red", "not_measured": "dim"}


def lines(found: Watch) -> Iterator[Line]:
    """Yield what is printed of a watch."""
    yield Text.assemble(("longtail watch", "bold"), f"  {one_line(found.path)}   {counted(found.documents, 'document')}")
    yield Text()
    yield Text(headline(found), "bold")
    yield Text()
    yield from _chart(found)
    if found.phrases is not None:
        yield from _phrases(found.phrases, found.turn)
    yield from _pieces(found.pieces)
    yield from _numbers(found)
    yield from _said(found)


def headline(found: Watch) -> str:
    """Return what was found, in one sentence with its date."""
    turn = found.turn
    if turn.change == "turn":
        around = f"[{turn.earliest}, {turn.latest}]" if turn.earliest != turn.latest else "[no other date fits]"
        return f"{turn.period} is where it turned {around}: {_after(found)}."
    first, last = found.periods[0].name.split(" to ")[0], found.periods[-1].name.split(" to ")[-1]
    if turn.change == "drift":
        way = "less" if (turn.per_year or 0) < 0 else "more"
        return f"From {first} to {last} it slowly became {way} varied, and no one date stands out."
    if turn.change == "flat":
        return f"No turn: from {first} to {last} it is as varied as it was, as far as these documents can tell."
    return f"When it turned was not measured: {turn.because}."


def _after(found: Watch) -> str:
    opening = found.phrases.opening if found.phrases else None
    if opening is not None and opening.is_spread and (opening.after.value or 0) >= MANY:
        before, after = percent(opening.before.value), percent(opening.after.value)
        return f"after it {after} of documents begin “{one_line(opening.text, 60)}”, before it {before}"
    variety = found.variety
    if variety is not None:
        return f"after it the documents are {percent(variety.value)} as varied as in the first periods"
    return "after it the documents are less varied"


def _chart(found: Watch) -> Iterator[Text]:
    width = max(len(period.name) for period in found.periods)
    for period in found.periods:
        mark = "  ◀ the turn" if period.name == found.turn.period else "  (the first periods)" if period.is_baseline else ""
        style = "cyan" if period.is_baseline else ""
        yield Text.assemble(f"  {period.name:{width}}  ", (bar(period), style), f"  {_index(period)}{mark}")
    yield Text("  How varied the documents of each period are; the first periods are 100%.", "dim")


def bar(period: PeriodVoice) -> str:
    """Return a bar for the variety of a period, as wide for all."""
    value = period.index.value
    size = 0 if value is None else min(round(BAR * value), 2 * BAR)
    return ("█" * size).ljust(BAR + 4) if value is not None else "not measured".ljust(BAR + 4)


def _index(period: PeriodVoice) -> str:
    return "" if period.index.value is None else f"{period.index.value:.0%}"


def _phrases(found: Phrases, turn: Turn) -> Iterator[Line]:
    sides = (
        f"{found.before} ({counted(found.documents_before, 'document')}) and {found.after} ({counted(found.documents_after, 'document')})"
    )
    for title, phrases in (("Phrases that vanished", found.vanished), ("Phrases that spread", found.spread)):
        yield Text()
        if not phrases:
            yield Text(f"{title}: none that chance could not explain, between {sides}.")
            continue
        yield Text.assemble((title, "bold"), f", between {sides}; of 1,000 documents:")
        yield from (_phrase(each) for each in phrases)
    if found.opening is not None:
        yield Text()
        yield Text(_opening(found.opening))


def _phrase(phrase: Phrase) -> Padding:
    counts = f"{phrase.before:,.0f} → {phrase.after:,.0f}"
    text = Text.assemble((f"{counts:>12}  ", ""), (f"“{one_line(phrase.text, 60)}”", "bold"), f"  {phrase.first} to {phrase.last}")
    text.append(f"\n{'':14}… {one_line(phrase.example, 110)} …", "dim")
    return Padding(text, (0, 0, 0, 2), expand=False)


def _opening(opening: Opening) -> str:
    return (
        f"The commonest opening of the later ones, “{one_line(opening.text, 60)}”: {_point(opening.after)} of them,"
        f" {_point(opening.before)} of the earlier ones."
    )


def _point(point: Point) -> str:
    return f"{percent(point.value)} [{percent(point.low)}, {percent(point.high)}]"


def _pieces(pieces: tuple[Piece, ...]) -> Iterator[Line]:
    for piece in pieces:
        yield Text()
        yield Text.assemble((f"A typical one of {piece.side}", "bold"), f", {piece.day}, of {piece.documents:,} of like length:")
        yield Padding(Text(one_line(piece.text, 700)), (0, 2, 0, 2), expand=False)


def _numbers(found: Watch) -> Iterator[Line]:
    yield Text()
    yield Text("The numbers", "bold")
    for line in (*map(told, found.estimates), *map(told, found.not_measured)):
        yield Text(f"  {line}")
    turn = found.turn
    if turn.p is not None and turn.p_beyond_drift is not None and turn.p_drift is not None:
        ps = f"a fall at any date p {chance(turn.p)}, more than a drift p {chance(turn.p_beyond_drift)}, a drift p {chance(turn.p_drift)}"
        alike = "" if not turn.dependence else f"; periods next to each other are alike by {turn.dependence:.2f}, which is allowed for"
        yield Text(f"  {ps}; {turn.relabellings:,} orders of {len(found.periods)} periods; dates at level {turn.level:g}{alike}.")
    yield Text(f"  Each number stands for {found.drawn:,} documents of {found.words:,} words.")
    yield from _parts(found.parts)


def told(outcome: Estimate | NotMeasured) -> str:
    """Return what is left of a measure, in words."""
    name = MEASURES.get(outcome.metric, outcome.metric)
    if isinstance(outcome, NotMeasured):
        return f"{name}: not measured, {outcome.reason}"
    interval = f"[{percent(outcome.low)}, {percent(outcome.high)}]"
    return f"{name}: {percent(outcome.value)} {interval} of that in the first periods, n {outcome.n:,}"


def _parts(parts: tuple[Part, ...]) -> Iterator[Line]:
    column = ""
    for part in parts:
        if part.column != column:
            column = part.column
            yield Text(f"  Within each {one_line(column, 40)}, later over earlier documents; it says nothing of what brought it about:")
        sizes = f"{part.documents_before:,} and {part.documents_after:,} documents"
        kept = part.kept
        interval = "" if kept is None else f"{percent(kept.value)} [{percent(kept.low)}, {percent(kept.high)}]"
        ratio = interval or f"not measured, {part.reason}"
        yield Text(f"    {one_line(part.value, 40)}: {ratio} ({sizes})")


def _said(found: Watch) -> Iterator[Line]:
    yield Text()
    judged = found.judged
    status = {"not_measured": "not measured"}.get(judged.status, judged.status)
    yield Text.assemble((judged.code, "bold"), " ", (status, STATUS[judged.status]), f": {judged.because}.")
    if judged.remedy or judged.enable:
        yield Text(f"  → {judged.remedy or judged.enable}")
    left = [
        f"{found.undated:,} without a date" if found.undated else "",
        f"{found.short:,} of fewer than {found.words:,} words" if found.short else "",
        f"{found.quarantined:,} without text" if found.quarantined else "",
    ]
    if any(left):
        yield Text(f"Left out: {', '.join(filter(None, left))}.", "dim")
    yield Text(f"Held equal: {'; '.join(found.controlled)}. Not held equal: {'; '.join(found.not_controlled)}.", "dim")
    for note in found.notes:
        yield Text(f"Note: {note}.", "dim")
