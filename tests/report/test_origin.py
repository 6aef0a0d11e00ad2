import msgspec
import pytest

from longtail.report import origin, to_html


def part(share=0.34, low=0.29, high=0.39, status="ok", documents=600, reasons=()):
    return {"documents": documents, "status": status, "reasons": list(reasons), "machine": {"share": share, "low": low, "high": high}}


REFUSED = part(None, None, None, "refused", reasons=["no mixture <b>looks</b> like this"])


@pytest.fixture
def with_origin(alone):
    return lambda panel: msgspec.structs.replace(alone, panels=alone.panels | {"origin": panel})


def measured(whole, notes=("a share is of documents",), **parts):
    return {"told": {"whole": whole, "notes": list(notes)}, "parts": parts, "vocabulary": None, "date_column": ""}


def dated(*periods, reasons=()):
    return {"told": None, "parts": {}, "vocabulary": {"periods": list(periods), "reasons": list(reasons)}, "date_column": "year"}


def section(report):
    return to_html(report).partition('<section id="origin"')[2].partition("</section>")[0]


def test_nothing_measured_leaves_no_trace(alone, text):
    assert origin.page(alone) is None and origin.told(alone) == ""
    assert 'id="origin"' not in to_html(alone)
    assert not any(line.startswith("machine-made") for line in text(alone).splitlines())


def test_the_share_stands_on_the_screen_and_on_the_page_with_interval_and_status(with_origin, text):
    report = with_origin(measured(part(), unknown=part(0.4, 0.3, 0.5, "weak", 300)))
    told = "estimate: 0.340 of 600 documents are machine-made (0.290 to 0.390, ok)"
    assert told in text(report, width=200)
    assert told[0].upper() + told[1:] in section(report)
    assert origin.page(report)["rows"] == [
        ["all", "600", "0.340", "0.290 to 0.390", "ok"],
        ["of unknown origin", "300", "0.400", "0.300 to 0.500", "weak"],
    ]


def test_a_refusal_shows_no_number_of_a_share_and_its_reasons_as_text(with_origin, text):
    report = with_origin(measured(REFUSED, human=REFUSED))
    assert "the machine-made share of 600 documents: estimate refused" in text(report, width=200)
    assert origin.page(report)["rows"][1] == ["called human", "600", "–", "–", "refused"]
    assert "No mixture &lt;b&gt;looks&lt;/b&gt; like this" in section(report)


def test_notes_begin_as_sentences_and_that_no_document_is_accused_is_said_once(with_origin):
    shown = section(with_origin(measured(part(), notes=["a share is of documents; it says nothing of any single one"])))
    assert "A share is of documents; it says nothing of any single one." in shown and shown.count("share is of documents") == 1
    bare = section(with_origin(measured(part(), notes=[])))
    assert bare.count("A share is of documents together") == 1


def test_a_bound_from_dates_is_told_of_the_latest_period_that_has_one(with_origin, text):
    periods = [{"period": "2023", "low": 0.02}, {"period": "2024", "low": 0.11}, {"period": "2025", "low": None}]
    report = with_origin(dated(*periods))
    assert "at least 0.110 of the documents of 2024 hold words that came up after the cut-off (bound, weak)" in text(report, width=200)
    assert "At least 0.110" in section(report) and "<table>" not in section(report)


def test_no_bound_says_so_with_its_reason(with_origin):
    shown = section(with_origin(dated({"period": "2024", "low": None}, reasons=["no baseline"])))
    assert "No lower bound of the machine-made share from dates" in shown and "No baseline" in shown


def test_a_panel_of_another_shape_breaks_nothing(with_origin):
    for panel in ({}, {"told": 3}, {"told": None, "parts": None, "vocabulary": "x"}):
        assert isinstance(to_html(with_origin(panel)), str)
