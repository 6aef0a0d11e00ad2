import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.report import panels
from longtail.report.drawing import charts
from longtail.report.panels import highlight

TAIL = {
    "stratum": "tail", "mass_ratio": 0.6, "mass_low": 0.5, "mass_high": 0.7, "mass_baseline": 0.1, "mass_candidate": 0.06,
    "types_ratio": 0.25, "types_low": 0.2, "types_high": None, "types_baseline": 4000, "types_candidate": 1000,
}  # fmt: skip


def test_strata_have_a_row_with_shares_of_use_and_counts_of_items(holding):
    shown = panels.strata(holding(strata={"view": "words_1", "baseline": "generation_1", "realised_tau": 0.102, "rows": [TAIL, {}]}))
    assert shown["table"][0] == ["Rare (tail)", "10.0%", "6.0%", "60.0%", "50.0% to 70.0%", "4,000", "1,000", "25.0%", "–"]
    assert shown["table"][1] == ["None", *["–"] * 8]
    assert (shown["realised_tau"], shown["margin"], shown["from_reference"]) == ("10.2%", "90%", False)
    assert "Share of use kept, against generation 1" in shown["mass"] and "60.0%, between 50.0% and 70.0%" in shown["mass"]
    assert "25.0%" in shown["types"] and "25.0%, between" not in shown["types"]


@pytest.mark.parametrize("name", ["strata", "rank_frequency", "vanished", "self", "read"])
@pytest.mark.parametrize("held", [None, {}, [], "text", 3])
def test_a_panel_that_is_absent_or_no_table_of_fields_is_not_shown(holding, name, held):
    show = {"self": "self_check"}.get(name, name)
    assert getattr(panels, show)(holding(**{name: held})) is None
    assert getattr(panels, show)(holding()) is None


@pytest.mark.parametrize(
    ("settings", "margin"),
    [({"margin": {"tail": 0.8}}, 0.8), ({"margin": {"tail": 1}}, 1.0), ({}, 0.9), ({"margin": {"tail": 0}}, 0.9),
     ({"margin": {"tail": 1.2}}, 0.9), ({"margin": 0.8}, 0.9), ({"margin": {"tail": math.nan}}, 0.9), ({"margin": {"late": 0.5}}, 0.9)],
)  # fmt: skip
def test_the_margin_is_that_of_the_settings_where_it_can_be_one(holding, settings, margin):
    assert panels.margin_of(holding(settings)) == margin


@pytest.mark.parametrize(
    ("value", "number"), [(3, 3.0), (0, 0.0), (-0.5, -0.5), (None, None), ("3", None), (math.nan, None), (math.inf, None), ([1], None)]
)
def test_only_a_finite_number_is_a_number(value, number):
    assert panels.finite(value) == number


def test_a_range_needs_both_its_ends():
    assert panels.ranged(0.612, 0.6667) == "61.2% to 66.7%"
    assert panels.ranged(0, 1) == "0.0% to 100.0%"
    assert panels.ranged(None, 0.5) == panels.ranged(0.5, math.inf) == "–"


def test_a_rank_line_is_sorted_and_points_that_no_logarithm_has_are_left_out(holding):
    points = [[10, 0.004], [1, 2.5], [0, 1], [3, 0], [5, "x"], [7], [2, math.nan], "no"]
    shown = panels.rank_frequency(holding(rank_frequency={"view": "words_1", "lines": [{"name": "reference", "points": points}]}))
    assert shown["table"] == [("reference", "1", "2"), ("reference", "10", "1 in 250")]
    assert "reference ends at rank 10." in shown["chart"] and [name for _, name in shown["legend"]] == ["reference"]
    assert panels.rank_frequency(holding(rank_frequency={"lines": [{"points": [[0, 1]]}, {"points": 3}, {}]})) is None


def test_reference_and_candidate_keep_their_look_and_the_others_differ_from_both(holding):
    names = ["reference", "candidate", "generation 1", "generation 2"]
    lines = [{"name": name, "points": [[1, 1]]} for name in names]
    swatches = [str(swatch) for swatch, _ in panels.rank_frequency(holding(rank_frequency={"lines": lines}))["legend"]]
    assert swatches[:2] == [str(charts.swatch(0)), str(charts.swatch(1))] and len(set(swatches)) == 4


def test_a_long_line_is_thinned_and_keeps_both_ends(holding):
    points = [[rank, 1 / rank] for rank in range(1, 1001)]
    table = panels.rank_frequency(holding(rank_frequency={"lines": [{"name": "x", "points": points}]}))["table"]
    assert len(table) == 16 and (table[0][1:], table[-1][1:]) == (("1", "1"), ("1,000", "1 in 1,000"))


def test_vanished_items_are_cut_at_two_hundred_and_counted_in_full(holding):
    row = {"type": "valley", "candidate_documents": 0, "reference_documents": 1200, "example": "A valley.", "example_id": "d1"}
    fading = {"type": "hill", "candidate_documents": 2, "baseline_documents": 5}
    shown = panels.vanished(holding(vanished={"total": 5000, "rows": [row, fading] * 150}))
    assert (shown["total"], shown["shown"], shown["cut"], shown["has_baseline"], len(shown["rows"])) == ("5,000", "200", True, True, 200)
    assert shown["rows"][0] == {
        "reference": "1,200", "baseline": "–", "candidate": "0", "type": "valley", "gone": True,
        "example": ("A ", "valley", "."), "example_id": "d1",
    }  # fmt: skip
    assert shown["rows"][1]["gone"] is False and shown["rows"][1]["example"] == ("", "", "")


@pytest.mark.parametrize(("total", "told", "cut"), [(1, "1", False), (2, "2", True), (0, "1", False), (None, "1", False)])
def test_the_total_of_vanished_items_is_never_less_than_those_shown(holding, total, told, cut):
    shown = panels.vanished(holding(vanished={"total": total, "rows": [{"type": "x"}]}))
    assert (shown["total"], shown["cut"], shown["has_baseline"]) == (told, cut, False)


def test_the_self_check_tells_sizes_and_at_most_twenty_openings(holding):
    opening = {"text": "once\nupon", "documents": 3, "share": 0.03, "example": None}
    distinct = [{"n": 2, "tokens": 1e4, "value": 0.5, "low": 0.4, "high": 0.6}]
    shown = panels.self_check(holding(self={"distinct": distinct, "openings": [opening] * 30, "openings_documents": 100}))
    assert [row[1:] for row in shown["distinct"]] == [("10,000", "50.0%", "40.0% to 60.0%")]
    assert shown["openings"] == [{"text": "once upon", "documents": "3", "share": "3.0%", "example": ""}] * 20
    assert shown["openings_documents"] == "100"


def test_what_was_set_aside_is_listed_up_to_fifty_and_the_rest_counted(holding):
    aside = [{"path": "a.jsonl", "line": at or None, "reason": "empty document"} for at in range(60)]
    shown = panels.read(holding(read={"documents": 1000, "words": None, "quarantined": 75, "quarantine": aside}))
    assert (shown["documents"], shown["words"], shown["quarantined"], shown["rest"]) == ("1,000", "–", "75", 25)
    assert shown["quarantine"][:2] == [("a.jsonl:?", "empty document"), ("a.jsonl:1", "empty document")] and len(shown["quarantine"]) == 50
    assert panels.read(holding(read={"documents": 1, "quarantine": aside[:2]}))["rest"] == 0


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (None, ""),
        ({"value": 0.4, "low": 0.3, "high": 0.5}, "40.0% of its items hold none of the reference's rare words (30.0% to 50.0%)"),
        ({"value": 0.4, "low": 0.3, "high": 0.5, "expected": 0.1}, "(30.0% to 50.0%); human text of the same lengths: 10.0%"),
        ({"value": 0.4, "warning": "too few\nitems"}, "too few items"),
        ({"value": None, "not_measured": "no reference"}, "not measured: no reference"),
    ],
)
def test_a_benchmark_is_told_in_one_sentence(holding, held, told):
    said = panels.benchmark(holding(benchmark=held))
    assert said.endswith(told) and bool(said) == bool(told)


@pytest.mark.parametrize(
    ("example", "kind", "match"),
    [
        ("The Valley lay below", "valley", "Valley"),
        ("Well, certainly: here is", "certainly here is", "certainly: here is"),
        ("invalleyed", "valley", "valley"),
        ("a (b) c", "(b)", "(b)"),
        ("nothing", "valley", ""),
        ("text", "", ""),
        ("", "valley", ""),
    ],
)
def test_the_type_is_found_in_its_example(example, kind, match):
    assert highlight(example, kind).match == match


def test_a_long_example_is_cut_around_its_type():
    cut = highlight("word " * 500 + "valley" + " word" * 500, "valley")
    assert cut.before.startswith("… ") or cut.before.startswith("…word")
    assert cut.after.endswith("…")
    assert len("".join(cut)) < 160


@given(st.text(), st.text())
def test_any_text_can_be_highlighted(example, kind):
    assert len("".join(highlight(example, kind))) <= 400
