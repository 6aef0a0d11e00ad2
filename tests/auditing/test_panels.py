"""What pictures and tables are drawn from, counted by hand."""

import numpy as np
import pytest

import longtail
from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.auditing.panels import CURVE_POINTS, SHOWN_QUARANTINE, panels_of
from longtail.auditing.vanished import REDACTED
from longtail.metrics.comparison import Comparison
from longtail.metrics.shift import Shift
from longtail.records import Estimate, NotMeasured, Quarantined
from longtail.summaries.reference import Reference

from .made import against, prose

NOTHING = Measurements((), (), (), (), None)


def estimate(metric, value=0.5, **more):
    return Estimate(**{
        "metric": metric, "view": "words_1", "value": value, "low": value - 0.1, "high": value + 0.1, "n": 10, "unit": "share",
        "resampling_unit": "document", "method": "by hand",
    } | more)  # fmt: skip


def panels(texts=None, measured=NOTHING, options=None, **roles):
    candidate = longtail.profile(texts or ["one text here"])
    return panels_of(Inputs(candidate, roles.pop("reference", None), None, None, **roles), measured, options or Options())


@pytest.fixture(scope="module")
def compared():
    """Inputs with a column of three classes, and the comparison that decides."""
    kinds = np.random.default_rng(5).choice(["a", "b", "c"], 900, p=[0.6, 0.3, 0.1])
    rows = [{"text": text, "topic": kind} for text, kind in zip(prose(900, 1), kinds, strict=True)]
    reference, candidate = longtail.profile(rows[:600], by=["topic"]), longtail.profile(rows[600:], by=["topic"])
    inputs, pairing = against(candidate, reference)
    return inputs, Comparison(pairing, pairing.principal), [row["topic"] for row in rows[600:]]


def measured(comparison, **more):
    return Measurements(**({"values": (), "tail": (), "concentration": (), "others": (), "deciding": comparison} | more))


def test_a_data_set_alone_has_three_panels_and_what_is_absent():
    absence = NotMeasured(reason="no words", metric="hdd")
    found = panels(measured=Measurements((absence, absence), (), (), (absence,), None))
    assert list(found) == ["read", "self", "rank_frequency", "absent"]
    assert found["absent"] == [{"reason": "no words", "enable": "", "metric": "hdd", "view": "", "slice": "", "generation": None}]


def test_what_was_read_is_counted_and_some_of_what_was_set_aside_is_named():
    candidate = longtail.profile(["one text here", "two"])
    candidate.quarantined = 25
    candidate.quarantine = tuple(Quarantined(path="a.jsonl", line=line, reason="no text") for line in range(25))
    read = panels_of(Inputs(candidate, None, None, None), NOTHING, Options())["read"]
    assert (read["documents"], read["words"], read["quarantined"]) == (2, 4, 25)
    assert read["quarantine"] == [{"path": "a.jsonl", "line": line, "reason": "no text"} for line in range(SHOWN_QUARANTINE)]


OPENED = ["The cat sat down", "the CAT sat up", "A dog ran", "a dog ran", "a dog ran", "one two", "now it is", "Lo and behold"]


def test_openings_are_three_first_words_in_lower_case_the_commonest_first():
    found = panels(OPENED)["self"]
    assert found["openings_documents"] == 8
    assert found["openings"] == [
        {"text": "a dog ran", "documents": 3, "share": 3 / 8}, {"text": "the cat sat", "documents": 2, "share": 2 / 8},
    ]  # fmt: skip


def test_five_openings_are_shown_ties_by_their_words_and_none_that_stands_once():
    texts = [f"{word} it was {ending}" for word in "hgfedcba" for ending in ("so", "thus")] + ["z it was"]
    assert [row["text"] for row in panels(texts)["self"]["openings"]] == [f"{word} it was" for word in "abcde"]


def test_redacted_openings_keep_their_numbers():
    hidden = panels(OPENED, options=Options(redact=True))["self"]["openings"]
    assert hidden == [row | {"text": REDACTED} for row in panels(OPENED)["self"]["openings"]]


def test_distinct_runs_of_words_are_shown_with_their_length_and_number():
    value = estimate("distinct_n", 0.3, view="words_2", method="rarefied to 1000 n-grams; delete-a-group jackknife")
    found = panels(measured=Measurements((value, NotMeasured(reason="few", metric="distinct_n")), (), (), (), None))
    assert found["self"]["distinct"] == [{"n": 2, "tokens": 1000, "value": 0.3, "low": value.low, "high": value.high}]


def test_the_curve_of_ranks_is_that_of_the_counts_and_each_role_has_a_line():
    found = panels(["a a a a b c", "a a b b d e"], reference=Reference(longtail.profile(["x y", "x x"])))["rank_frequency"]
    assert found["view"] == "words_1"
    assert found["lines"] == [
        {"name": "reference", "points": [[1, 3 / 4], [2, 1 / 4]]},
        {"name": "candidate", "points": [[1, 6 / 12], [2, 3 / 12], [3, 1 / 12], [4, 1 / 12], [5, 1 / 12]]},
    ]


def test_a_long_curve_has_few_points_from_the_first_rank_to_the_last():
    texts = [f"a{rank} " * (3000 // (rank + 1)) for rank in range(1500)]
    points = panels(texts)["rank_frequency"]["lines"][0]["points"]
    ranks, shares = zip(*points, strict=True)
    assert len(ranks) <= CURVE_POINTS and (ranks[0], ranks[-1]) == (1, 1500)
    assert list(ranks) == sorted(set(ranks)) and list(shares) == sorted(shares, reverse=True)
    total = sum(3000 // (rank + 1) for rank in range(1500))
    assert dict(zip(ranks, shares, strict=True))[2] == pytest.approx(1500 / total)


def test_a_data_set_without_words_has_a_line_without_points():
    assert panels(["!!! ..."])["rank_frequency"]["lines"] == [{"name": "candidate", "points": []}]


def test_a_benchmark_is_told_as_it_was_measured():
    items = longtail.profile(["an item here"])
    assert panels(benchmark=items)["benchmark"] == {"not_measured": "there is no reference"}
    absent = NotMeasured(reason="only 3 items with words", metric="benchmark_blindness")
    assert panels(measured=Measurements((), (), (), (absent,), None), benchmark=items)["benchmark"] == {"not_measured": absent.reason}
    for value, is_blind in ((0.95, True), (0.5, False)):
        found = estimate("benchmark_blindness", value, low=value - 0.04, high=value + 0.04, expected=0.2)
        panel = panels(measured=Measurements((), (), (), (found,), None), benchmark=items)["benchmark"]
        assert (panel["value"], panel["n"], panel["expected"]) == (value, 10, 0.2)
        assert (panel["warning"] is not None) is is_blind
    assert "benchmark" not in panels()


def test_where_a_comparison_was_refused_nothing_is_drawn_of_it():
    inputs, pairing = against(longtail.profile(prose(20, 1)), longtail.profile(prose(300, 2)))
    found = panels_of(inputs, measured(Comparison(pairing, "words_1")), Options())
    assert found.keys() == {"read", "self", "rank_frequency", "absent"}


def test_strata_hold_all_of_the_mass_and_name_the_baseline(compared):
    inputs, comparison, _ = compared
    strata = panels_of(inputs, measured(comparison), Options())["strata"]
    assert (strata["view"], strata["baseline"], strata["realised_tau"]) == ("words_1", "reference", comparison.realised_tau)
    assert [row["stratum"] for row in strata["rows"]] == ["head", "torso", "tail", "beyond"]
    assert sum(row["mass_baseline"] for row in strata["rows"]) == pytest.approx(1)
    assert all(row["mass_low"] <= row["mass_ratio"] <= row["mass_high"] for row in strata["rows"])


@pytest.mark.parametrize(("decisions", "status"), [
    ("ok ok ok", "kept"), ("shrunk ok watch", "partial"), ("shrunk shrunk shrunk", "lost"), ("shrunk", "lost"), ("", "not_measured"),
])  # fmt: skip
def test_a_column_of_classes_is_lost_where_all_that_were_decided_are(compared, decisions, status):
    inputs, comparison, topics = compared
    given = dict(zip("abc", decisions.split(), strict=False))
    tail = [estimate("class_share", 0.9, view="labels:topic", slice=name, decision=decision) for name, decision in given.items()]
    elsewhere = estimate("class_share", view="labels:other", slice="a", decision="shrunk")
    rare = NotMeasured(reason="too rare", metric="class_share", view="labels:topic", slice="c")
    (found,) = panels_of(inputs, measured(comparison, tail=(rare, *tail, elsewhere)), Options())["slices"]
    assert (found["column"], found["status"], found["chosen_by"]) == ("topic", status, "--by")
    assert [row["slice"] for row in found["rows"]] == ["a", "b", "c"]
    assert [row["seen"] for row in found["rows"]] == [topics.count(name) for name in "abc"]
    assert sum(row["expected"] for row in found["rows"]) == pytest.approx(300)
    assert [row["decision"] for row in found["rows"]] == [given.get(name) for name in "abc"]
    assert [row["auditable"] for row in found["rows"]] == [name in given for name in "abc"]
    assert found["rows"][2]["why_not"] == ("" if "c" in given else "too rare")


def test_exploratory_slices_are_adjusted_for_any_dependence(compared):
    inputs, comparison, _ = compared
    p = [0.03, 0.001, 0.5]
    found = [estimate("class_share", view="lengths", slice=f"s{at}", p=each) for at, each in enumerate(p)]
    without = [NotMeasured(reason="few"), estimate("class_share", p=None)]
    panel = panels_of(inputs, measured(comparison, exploratory=(*found, *without)), Options())["exploratory"]
    harmonic = 1 + 1 / 2 + 1 / 3
    assert [row["metric"] for row in panel["rows"]] == ["class_share: s0", "class_share: s1", "class_share: s2"]
    assert [row["p_adjusted"] for row in panel["rows"]] == pytest.approx([0.03 * 3 * harmonic / 2, 0.001 * 3 * harmonic, 0.5 * harmonic])
    assert panels_of(inputs, measured(comparison), Options())["exploratory"]["rows"] == []


def test_a_shift_is_told_with_its_numbers_or_with_its_reason(compared):
    inputs, comparison, _ = compared
    told = {"total_variation": 0.2, "expected": 0.1, "p": 0.01, "buckets": 8, "spread": 0.02}
    for shift, panel in (
        (Shift(**told), told),
        (NotMeasured(reason="needs exact counts"), {"not_measured": "needs exact counts"}),
        (None, {}),
    ):
        assert panels_of(inputs, measured(comparison, shift=shift), Options())["shift"] == panel
