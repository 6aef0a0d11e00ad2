"""What a watch says on the screen and on its page."""

import io
import re

import msgspec
import pytest

from longtail.diagnosis.voice.records import Judged, Opening, Part, PeriodVoice, Phrase, Phrases, Piece, Point, Turn, Watch
from longtail.records import Estimate, NotMeasured
from longtail.report.page.voice import picture, voice_html
from longtail.report.screen.voice import headline, lines

NONE = Point(value=None, low=None, high=None)


def point(value):
    return Point(value=value, low=value - 0.05, high=value + 0.05)


def period(name, value, is_baseline=False):
    index = NONE if value is None else point(value)
    return PeriodVoice(
        name=name,
        first="2024-01-01",
        documents=40,
        used=38,
        is_baseline=is_baseline,
        index=index,
        measures={"words": point(3.0), "runs": NONE},
    )


def estimate(metric, value, **more):
    return Estimate(
        metric=metric, view="words_1", value=value, low=value - 0.1, high=value + 0.1, n=80, unit="ratio", resampling_unit="document",
        method="test", kind="ratio", **more,
    )  # fmt: skip


TURN = Turn(
    change="turn", because="it fell", period="2025-Q2", earliest="2025-Q1", latest="2025-Q3", could_be=("2025-Q1", "2025-Q3"), shape="step",
    p=0.001, p_beyond_drift=0.01, p_drift=0.002, per_year=-0.2, relabellings=1999,
)  # fmt: skip
PHRASES = Phrases(
    before="2024-Q1 to 2025-Q1", after="2025-Q2", documents_before=200, documents_after=80, looked_at=900, alpha=0.05, vanished=(),
    spread=(Phrase(text="<b>dive in", before=0.0, after=700.0, documents_before=0, documents_after=56, p_adjusted=0.001,
                   example="let us <b>dive in now", first="2025-04-01", last="2025-06-30"),),
    opening=Opening(text="Let us dive", before=point(0.06), after=point(0.71), documents_before=12, documents_after=57, is_spread=True),
)  # fmt: skip


@pytest.fixture
def found():
    return Watch(
        longtail_version="0", created_at="", command="longtail watch posts.jsonl", seed=0, path="posts.jsonl",
        sha256=None, date_column="date",

        documents=300, quarantined=1, undated=3, short=4, words=40, drawn=30, unit="quarter",
        periods=(period("2024-Q1", 1.0, True), period("2025-Q1", None), period("2025-Q2", 0.7)), turn=TURN,
        estimates=(estimate("voice_variety", 0.7, decision="shrunk"), estimate("voice_words", 0.9)), phrases=PHRASES,
        pieces=(Piece(side="before", day="2024-02-01", text="An old one", likeness=0.1, documents=30),),
        parts=(Part(column="author", value="Ann", documents_before=5, documents_after=3, kept=None, reason="3 documents"),
               Part(column="author", value="Bob", documents_before=50, documents_after=30, kept=estimate("voice_variety", 0.6))),
        judged=Judged(code="LT701", status="fail", because="a turn at 2025-Q2", remedy="read the pieces"), controlled=("words",),
        not_controlled=("subjects",), notes=("one note",), not_measured=(NotMeasured(reason="too few", metric="voice_rare_words"),),
    )  # fmt: skip


def shown(found):
    from rich.console import Console

    console = Console(width=200, record=True, file=io.StringIO())
    for line in lines(found):
        console.print(line, markup=False, highlight=False)
    return console.export_text()


def test_the_first_line_is_the_date_with_its_uncertainty_and_what_is_shared_after_it(found):
    told = "2025-Q2 is where it turned [2025-Q1, 2025-Q3]: after it 71.0% of documents begin “Let us dive”, before it 6.0%."
    assert headline(found) == told
    assert shown(found).splitlines()[2] == told


def test_without_an_opening_it_is_the_variety_that_is_told(found):
    plain = msgspec.structs.replace(found, phrases=None, turn=msgspec.structs.replace(TURN, earliest="2025-Q2", latest="2025-Q2"))
    assert (
        headline(plain)
        == "2025-Q2 is where it turned [no other date fits]: after it the documents are 70.0% as varied as in the first periods."
    )


@pytest.mark.parametrize(
    ("change", "slope", "told"),
    [("flat", 0.0, "No turn"), ("drift", -0.1, "slowly became less varied"), ("drift", 0.1, "slowly became more varied"),
     ("not_measured", None, "was not measured: it fell")],
)  # fmt: skip
def test_what_is_no_turn_is_told_without_a_date(found, change, slope, told):
    turn = Turn(change=change, because="it fell", per_year=slope)
    assert told in headline(msgspec.structs.replace(found, turn=turn))


def test_numbers_come_last_with_what_is_absent_and_left_out(found):
    text = shown(found)
    head, _, numbers = text.partition("The numbers")
    assert "not measured" in head and "p 0.0" not in head and "0 → 700" in head and "none that chance" in head
    for told in ("70.0% [60.0%, 80.0%]", "n 80", "rare words of the first periods: not measured, too few", "p 0.001", "LT701 fail"):
        assert told in numbers
    assert "3 without a date, 4 of fewer than 40 words, 1 without text" in numbers and "Note: one note." in numbers


def test_parts_are_told_with_no_cause(found):
    text = shown(found)
    assert "Ann: not measured, 3 documents (5 and 3 documents)" in text and "Bob: 60.0% [50.0%, 70.0%] (50 and 30 documents)" in text
    assert "it says nothing of what brought it about" in text and "Ann" not in headline(found) and "Bob" not in headline(found)


def test_the_page_stands_alone_and_escapes_what_documents_say(found):
    page = voice_html(found)
    assert headline(found) in page and "<b>dive in" not in page and "&lt;b&gt;dive in" in page
    assert "src=" not in page and "<link" not in page and 'id="longtail-watch"' in page


def test_the_picture_marks_the_turn_and_leaves_out_what_has_no_value(found):
    drawn = picture(found.periods, "2025-Q2")
    assert "the turn" in drawn and drawn.count('class="whisker"') == 2 and "2025-Q1 " not in drawn.split("</desc>")[0].split("<desc")[1]
    assert "the turn" not in picture(found.periods, None)


def test_the_name_of_the_turn_stays_inside_the_picture(found):
    assert re.search(r'<text x="685[^>]*text-anchor="end"[^>]*>the turn</text>', picture(found.periods, found.turn.period))
