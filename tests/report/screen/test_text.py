import re

import msgspec
import pytest

from longtail.records import Finding, GenerationRecord, Phase, Unmeasured
from longtail.report import to_html


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(report, text, width):
    assert max(len(line) for line in text(report, width).splitlines()) <= width


def test_a_normal_audit_fits_a_screen(full, alone, text):
    assert len(text(full, 80).splitlines()) <= 41
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


def one_line(shown):
    return " ".join(shown.split())


def test_labels_stand_under_the_verdict(lineage, text):
    assert text(lineage, 200).splitlines()[3] == "also: rare things went first (tail-first); only some groups are affected (partial)"


def test_a_lineage_is_a_strip_of_generations_with_phase_ratio_and_decision(lineage, text):
    strip = [line.split() for line in text(lineage, 80).splitlines()[8:12]]
    assert strip == [
        ["generation", "1", "2", "3", "4", "5"],
        ["phase", "start", "watch", "early", "early", "early"],
        ["rare", "items", "left", "100%", "91.2%", "83.4%", "74.7%", "65.2%"],
        ["decision", "watch", "shrunk", "shrunk", "shrunk"],
    ]


def test_generations_that_do_not_fit_the_width_go_on_below(lineage, text):
    narrow = text(lineage, 40)
    assert narrow.count("rare items left") == 2
    assert all(share in narrow for share in ("100%", "91.2%", "83.4%", "74.7%", "65.2%"))


def test_a_long_lineage_is_cut_and_counted(lineage, text):
    many = tuple(GenerationRecord(generation=at, path="p", documents=1, phase="concentrating") for at in range(1, 31))
    shown = text(msgspec.structs.replace(lineage, lineage=msgspec.structs.replace(lineage.lineage, generations=many)), 80)
    assert shown.count("concentrating") == 9
    assert "20 generations more in the JSON and HTML reports" in shown
    assert re.search(r"^generation .* 30\b", shown, re.MULTILINE)


def test_the_lineage_is_told_in_sentences(lineage, text):
    shown = one_line(text(lineage, 80))
    assert "this is loss by recursion. The loss of rare items began not later than generation 3. Of the rare items, 34.8% are gone" in shown
    assert "No single step counts as a failure; together they do." in shown


def test_each_signal_has_its_first_alarm_and_the_silent_ones_are_named(lineage, text):
    shown = text(lineage, 120)
    assert re.search(r"^generation 4 +share of a class \(label\) +1 generation earlier", shown, re.MULTILINE)
    assert "no loss reported by: how much rare items are used (single words)" in one_line(shown)


def test_groups_are_listed_worst_first_with_blanks_counted(lineage, text):
    shown = text(lineage, 120)
    assert "groups by label (--by): only some of them are shrinking; 3 too rare to judge" in shown
    assert re.search(r"^label: recipe +480 +149 +31\.0% \[23\.0%, 42\.0%\] +shrunk", shown, re.MULTILINE)
    assert "4 more in the JSON and HTML reports" in shown
    places = [shown.index(name) for name in ("label: recipe", "label: sea log", "label: letter", "label: proverb")]
    assert places == sorted(places)


def test_a_group_that_cannot_be_judged_says_why_and_is_no_pass(lineage, text):
    blank = {"slice": "psalm", "expected": 2.8, "seen": 0, "auditable": False, "why_not": "2.8 documents expected"}
    shown = text(msgspec.structs.replace(lineage, panels={"slices": [{"column": "label", "rows": [blank]}]}), 120)
    assert re.search(r"^label: psalm +2\.8 +0 +– +not judged: 2\.8 documents expected", shown, re.MULTILINE)


def test_estimates_of_groups_stand_in_one_table_only(lineage, text):
    assert "share of a class of" not in text(lineage)
    alone = text(msgspec.structs.replace(lineage, panels={}))
    assert "share of a class of label=recipe" in one_line(alone)


def test_explanations_have_their_status_as_a_word(lineage, text):
    shown = text(lineage, 200)
    assert re.search(r"^supported +learning from model output \(collapse\): Rare items are lost", shown, re.MULTILINE)
    assert re.search(r"^not measured +learning by heart \(overfitting\): No scores", shown, re.MULTILINE)


def test_what_is_spent_and_left_of_the_false_alarms_is_said(lineage, alone, text):
    assert "false alarms: 5% in all, 0.83% in this one, 3.33% spent, 1.67% left (audit 2)" in text(lineage, 80)
    assert "<b>0.83%</b> in this one; <b>3.33%</b> spent; <b>1.67%</b> left. This is audit number 2" in to_html(lineage)
    assert re.search(r"false alarms: 5% in all, [\d.]+% spent \(audit 1\)", text(alone, 80))
