import msgspec
import pytest

from longtail.records import Estimate
from longtail.report.diversity import diversity


def measure(metric, value, view="words_1", **more):
    return Estimate(**{
        "metric": metric, "view": view, "kind": "ratio", "baseline": "generation_1", "value": value, "low": value * 0.9,
        "high": value * 1.1,
        "n": 10, "unit": "ratio", "resampling_unit": "document", "method": "m", "generation": 5,
    } | more)  # fmt: skip


@pytest.fixture
def shown(lineage):
    def make(*estimates, usual=None):
        return diversity(msgspec.structs.replace(lineage, estimates=estimates, panels=lineage.panels | {"usual": usual}))

    return make


def test_measures_stand_by_axis_with_value_range_and_what_is_usual(shown):
    found = shown(
        measure("openings", 0.7, "words_3"), measure("distinct_n", 0.66), measure("rke", 1.0, "vector:x"),
        usual=[{"metric": "distinct_n", "view": "words_1", "low": 0.98, "high": 1.03}, {"metric": "openings"}],
    )  # fmt: skip
    assert [row[0] for row in found["table"]] == ["words", "meanings", "forms"]
    assert found["table"][0][2:] == ["66.0%", "[59.4%, 72.6%]", "98.0% to 103.0%"] and found["table"][1][4] == "–"
    assert found["told"].startswith(
        "Less variety than generation 1 by 2 of 3 measures: different phrases, single words; different openings."
    )
    assert found["chart"].count('class="usual"') == 1 and found["missing"] == []


def test_what_rises_where_variety_falls_is_turned_over(shown):
    found = shown(measure("self_bleu", 2.0, "words_4"))
    assert "unlike each other (self-BLEU): 50.0%, between 45.5% and 55.6%" in found["chart"]
    assert found["table"][0][2] == "200.0%" and "Less variety" in found["told"]


def test_a_measure_within_what_is_usual_or_across_the_line_is_not_called_less(shown):
    usual = [{"metric": "hdd", "view": "words_1", "low": 0.6, "high": 1.2}]
    found = shown(measure("hdd", 0.8), measure("mattr", 0.95), usual=usual)
    assert found["told"] == "No measure lies clearly below generation 1."
    assert "1 of 1 lie above it" in shown(measure("hdd", 1.3))["told"]


def test_only_the_newest_generation_beside_the_baseline_of_the_verdict_counts(shown, alone):
    others = [measure("hdd", 0.5, generation=4), measure("hdd", 0.5, baseline="reference"), measure("hdd", 0.5, slice="a")]
    assert shown(*others, measure("nll_q90", 1.0)) is None and diversity(alone) is None
    assert len(shown(*others, measure("hdd", 0.9))["table"]) == 1


def test_a_change_that_is_no_ratio_stands_in_the_table_alone(shown):
    share = measure("template_share", 0.2, "words_6", kind="value", unit="share")
    assert shown(share) is None
    found = shown(share, measure("hdd", 0.9), usual=[{"metric": "template_share", "view": "words_6", "low": -0.01, "high": 0.02}])
    assert found["table"][1][1].endswith(", change") and found["table"][1][4] == "-0.01 to 0.02" and "template" not in found["chart"]
    assert found["missing"] == ["meanings", "forms"]
