import re

import msgspec
import pytest

from longtail.report import explanations, to_html


def section(report, name):
    found = re.search(f'<section id="{name}".*?</section>', to_html(report), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", found[0])) if found else ""


def with_panels(report, **panels):
    return msgspec.structs.replace(report, panels=report.panels | panels)


def test_what_the_numbers_support_comes_first(lineage):
    assert [each.status for each in explanations.explained(lineage)] == ["supported", "against", "against", "not_measured"]


def test_each_explanation_says_how_it_stands_and_why(lineage):
    shown = section(lineage, "explanations")
    assert "learning from model output (collapse) supported Rare items are lost generation by generation" in shown
    assert "learning by heart (overfitting) not measured No scores of training text were given" in shown


def test_without_explanations_and_shift_there_is_no_section(full):
    assert section(full, "explanations") == ""


def test_a_shift_is_told_beside_what_chance_alone_gives(lineage):
    assert "14.3% of all use has gone to other items; with nothing changed, about 12.1% would look so by chance." in section(
        lineage, "explanations"
    )
    bare = explanations.shift(with_panels(lineage, shift={"total_variation": 0.2}))
    assert bare["sentence"] == "20.0% of all use has gone to other items."
    assert bare["rows"] == [["Use that went elsewhere", "20.0%"], ["expected by chance", "–"], ["p", "–"], ["groups of items", "–"]]


@pytest.mark.parametrize("panel", [None, {}, {"expected": 0.1}, {"total_variation": "x"}])
def test_a_shift_that_was_not_measured_is_not_told(lineage, panel):
    assert explanations.shift(with_panels(lineage, shift=panel)) is None


def test_what_was_only_looked_at_is_labelled_so_with_its_adjustment(lineage):
    shown = section(lineage, "exploratory")
    assert "Exploratory: not part of the verdict." in shown
    assert "(Benjamini-Yekutieli)" in shown
    assert "rare items lost before common ones (single words) -0.44 -0.52 to -0.36 0.001 0.03" in shown


def test_many_exploratory_rows_are_cut_and_counted(lineage):
    rows = [{"metric": "distinct_n", "view": "words_2", "value": 0.5}] * 230
    assert "30 more in the JSON report" in section(with_panels(lineage, exploratory={"title": "t", "rows": rows}), "exploratory")
