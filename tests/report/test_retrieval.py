"""The section on a store: what is told, what is drawn, and nothing where there is no store."""

import re

import pytest

from longtail.auditing.stores import audit_store
from longtail.report import to_html
from longtail.report.drawing import retrieval as drawing
from longtail.report.retrieval import page


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    origins = ["human"] * 12 + ["synthetic"] * 8
    texts = [f"<b>Paragraph {at}</b> speaks of subject{at}, thing{at}, place{at} and time{at}." for at in range(20)]
    rows = [
        f'{{"id": "d{at}", "text": "{text}", "lt_origin": "{origin}", "lt_parents": {["d12"] if at > 15 else ["d0"]}}}'.replace("'", '"')
        for at, (text, origin) in enumerate(zip(texts, origins, strict=True))
    ]
    (folder / "s.jsonl").write_text("\n".join(rows))
    log = [f'{{"question": "q{at}", "retrieved": ["d{at % 20}", "d1"], "correct": true}}' for at in range(80)]
    (folder / "l.jsonl").write_text("\n".join(log))
    return audit_store(folder / "s.jsonl", folder / "l.jsonl").report


def test_the_section_tells_shares_chains_and_their_course(report):
    told = page(report)
    assert told["sentence"] == "20 documents in a store of the kind json; 80 questions in its log."
    assert told["roots"] == "1 chain" and told["chains"][0][1:] == ["2", "parents are recorded"]
    assert told["rows"][0][:2] == ["documents made by a model", "40.0%"]
    assert told["course"] is not None and "20.0%, between" in told["chart"] and "Among what is cited: not measured" in told["chart"]


def test_the_page_holds_the_section_and_escapes_what_is_stored(report):
    html = to_html(report)
    section = html[html.index('<section id="retrieval"') :]
    assert "<b>Paragraph" not in section.partition("</section>")[0] and section.count("<svg") >= 2


def test_without_a_store_there_is_no_section(empty):
    assert page(empty) is None and 'id="retrieval"' not in to_html(empty)


def test_bars_are_as_long_as_their_shares_and_the_unknown_begins_where_the_known_ends():
    svg = str(drawing.shares("x", [drawing.Share("Pool", 0.25, 0.2, 0.3, 0.5)], 0.9))
    known, unknown = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    assert float(unknown[0]) == pytest.approx(float(known[0]) + float(known[1])) and float(unknown[1]) == pytest.approx(2 * float(known[1]))
    assert "right answers: 90.0%" in svg


def test_a_stretch_that_tells_nothing_is_left_out_of_its_line():
    svg = str(drawing.course("x", [drawing.Stretch(0.1, None), drawing.Stretch(0.2, 0.5), drawing.Stretch(0.3, 0.5)]))
    assert [len(points.split()) for points in re.findall(r'points="([^"]+)"', svg)] == [3, 2]
    assert "right answers: –, 50.0%, 50.0%" in svg
