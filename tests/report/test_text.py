import msgspec
import pytest

from longtail.records import Finding, Phase, Unmeasured
from longtail.report import to_html


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(report, text, width):
    assert max(len(line) for line in text(report, width).splitlines()) <= width


def test_a_normal_audit_fits_a_screen(full, alone, text):
    assert len(text(full, 80).splitlines()) <= 40
    assert len(text(alone, 80).splitlines()) <= 40


def test_the_first_line_says_what_was_read(full, text):
    first = text(full, 200).splitlines()[0]
    assert first.startswith("longtail audit  gen5.jsonl   4,000 documents · 125,310 words · text")
    assert "baseline gen1.jsonl · reference human.jsonl" in first


def test_the_verdict_comes_next_with_its_phase(full, text):
    assert text(full, 400).splitlines()[2] == f"EARLY  {full.summary}"


def test_the_reading_order(full, text):
    shown = text(full)
    marks = [full.summary[:40], "shrunk", "what vanished", "LT301  fail", "LT402  warn", "not measured  no ledger", "passed", "pass 4"]
    places = [shown.index(mark) for mark in marks]
    assert places == sorted(places)


def test_every_status_is_a_word(full, text):
    assert text(full).splitlines()[-1] == "pass 4 · warn 1 · fail 1 · not measured 3"
    assert "\x1b" not in text(full)


def test_what_was_not_measured_says_why_and_how(full, text):
    shown = text(full, 160)
    assert "LT101 LT203  not measured  no ledger was given" in shown
    assert "enable: longtail audit gen5.jsonl --scores nll.parquet" in shown


def test_a_decision_that_was_made_asks_for_no_more_documents(full, text):
    def shown(decision):
        asking = msgspec.structs.replace(full.estimates[0], decision=decision, documents_needed=1_234, p=None)
        changed = msgspec.structs.replace(full, estimates=(asking,))
        return text(changed) + to_html(changed).split("<script")[0]

    assert shown("inconclusive").count("needs 1,234 documents") == 2
    assert not any("1,234" in shown(decision) for decision in ("ok", "watch", "shrunk"))


def test_the_number_of_documents_that_would_do_is_said_once(full, text):
    phase = Phase(name="inconclusive", decided_by=(), definition="d", documents_needed=6000)
    report = msgspec.structs.replace(full, phase=phase, summary="Too few. About 6,000 documents would find a loss of 30 %.")
    assert text(report).count("6,000") == 1
    assert to_html(report).split('class="lights"')[0].count("6,000") == 1


def test_what_was_measured_stands_above_its_rows_and_does_not_wrap_among_them(full, text):
    line = next(line for line in text(full, 80).splitlines() if line.startswith("measured in"))
    assert line == "measured in single words, against generation 1: value, interval"


def test_self_checks_appear_without_a_reference_only(full, alone, text):
    assert "reference: none (self-checks only)" in text(alone, 200)
    assert "begin with “certainly here is”" in text(alone)
    assert "at 10,000 words" not in text(full)
    assert "21.3%, in 10,000 words" in text(alone)
    assert "begin with" not in text(full)


def test_nothing_measured_is_no_pass(empty, text):
    shown = text(empty)
    assert "NOT MEASURED" in shown
    assert "LT901  not measured  too few documents: the input holds no document" in shown


def test_text_from_data_is_neither_markup_nor_a_terminal_command(full, text):
    planted = Finding(
        code="LT303", status="warn", title="[red]x[/red] \x1b[2J :smile:", because="b\u202ec\n\nd", where="", evidence=(), remedy=""
    )
    shown = text(msgspec.structs.replace(full, findings=(planted,)), color_system="truecolor", force_terminal=True, no_color=False)
    assert "[red]x[/red]" in shown
    assert "\x1b[2J" not in shown
    assert ":smile:" in shown
    assert "bc d" in shown


def test_only_the_newest_generation_is_listed(full, text):
    estimates = tuple(msgspec.structs.replace(full.estimates[1], generation=g, value=0.61 + g / 100, p=None) for g in range(1, 5))
    shown = text(msgspec.structs.replace(full, estimates=estimates))
    assert "generation 4" in shown
    assert "65.0%" in shown
    assert "62.0%" not in shown
    assert "3 more in the JSON and HTML reports" in shown


def test_many_findings_are_cut_and_counted_while_absences_are_all_shown(full, text):
    many = tuple(msgspec.structs.replace(full.findings[0], title=f"finding {i}") for i in range(20))
    absent = tuple(Unmeasured(code=f"LT{i}", reason=f"reason {i}", enable="") for i in range(500, 530))
    shown = text(msgspec.structs.replace(full, findings=many, not_measured=absent))
    assert "12 more in the JSON and HTML reports" in shown
    assert all(f"reason {i}" in shown for i in range(500, 530))


def test_items_that_could_not_be_compared_are_named_with_what_they_need(full, text):
    absent = [{"metric": metric, "view": "words_3", "reason": "too sparse", "enable": "a larger reference"} for metric in ("a", "b")]
    report = msgspec.structs.replace(full, panels=full.panels | {"absent": absent})
    assert text(report, 200).count("three-word phrases: too sparse; needs a larger reference") == 1
    assert "<b>three-word phrases</b> too sparse" in to_html(report)
