"""Types that went, counted by hand."""

import numpy as np
import pytest

import longtail
from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.auditing.vanished import AROUND, REDACTED, SHOWN_TYPES, excerpt, vanished
from longtail.report.panels import highlight
from longtail.summaries import capacities
from longtail.summaries.reference import Reference

from .made import table

LEFT = ["alpha alpha"]
HUMAN = ["Alpha beta", "Alpha beta once", "alpha Gamma", "alpha gamma!", "alpha delta", "alpha delta", "delta"]


def gone(candidate, reference=None, view="words_1", options=None, **others):
    held_out = None if reference is None else Reference(reference)
    roles = {"baseline": None, "trained_on": None} | others
    return vanished(Inputs(candidate, held_out, roles.pop("baseline"), roles.pop("trained_on"), **roles), view, options or Options())


def words(found):
    return [row["type"] for row in found["rows"]]


def test_words_of_two_or_more_documents_that_went_are_named_the_commonest_first():
    found = gone(longtail.profile(LEFT), longtail.profile(HUMAN))
    assert {name: found[name] for name in ("view", "total", "shown")} == {"view": "words_1", "total": 3, "shown": 3}
    assert words(found)[0] == "delta" and set(words(found)[1:]) == {"beta", "gamma"}
    assert [row["reference_documents"] for row in found["rows"]] == [3, 2, 2]
    assert {(row["baseline_documents"], row["candidate_documents"]) for row in found["rows"]} == {(None, 0)}


def test_each_has_a_document_of_the_reference_that_holds_it():
    found = gone(longtail.profile(LEFT), longtail.profile(HUMAN))
    assert all(row["type"] in row["example"].lower() and row["example"] in HUMAN for row in found["rows"])
    assert len({row["example_id"] for row in found["rows"]}) == 3


def test_of_a_long_document_only_what_stands_around_the_type_is_kept_and_the_page_shows_the_same():
    filler = "alpha " * 3000
    whole = [f"{filler}Beta\n\nunbeta, and {filler}", f"beta {filler}", f"{filler}gamma", "gamma"]
    rows = {row["type"]: row["example"] for row in gone(longtail.profile(LEFT), longtail.profile(whole))["rows"]}
    assert set(rows) == {"beta", "gamma"}
    for kind, example in rows.items():
        assert len(example) <= 2 * AROUND + len(kind) + 2
        (document,) = [text for text in whole if highlight(text, kind) == highlight(example, kind)]
        assert example.strip("…") in " ".join(document.split())


@pytest.mark.parametrize(("text", "kind", "found"), [
    ("one two three", "two", "one two three"),
    ("x" * 500 + " Two " + "y" * 500, "two", "…" + "x" * 119 + " Two " + "y" * 119 + "…"),
    ("two" + " z" * 500, "two", "two" + " z" * 60 + "…"),
    ("untwo " + "z " * 100 + "two", "two", "…" + "z " * 60 + "two"),
    ("cafe\u0301 au lait", "caf\u00e9", "caf\u00e9 au lait"),
    ("a" * 500, "two", "a" * 120 + "…"),
    ("", "class", ""),
])  # fmt: skip
def test_an_excerpt_is_cut_around_the_whole_word(text, kind, found):
    assert excerpt(text, kind) == found


def test_nothing_vanished_from_a_data_set_that_is_its_own_reference():
    same = longtail.profile(HUMAN)
    assert gone(same, same) == {"view": "words_1", "total": 0, "shown": 0, "rows": []}


def test_only_what_the_baseline_still_had_went_and_its_counts_come_first():
    baseline = longtail.profile(["beta one", "beta two", "beta three", "delta", "alpha"])
    found = gone(longtail.profile(LEFT), longtail.profile(HUMAN), baseline=baseline)
    assert [(row["type"], row["reference_documents"], row["baseline_documents"]) for row in found["rows"]] == [
        ("beta", 2, 3), ("delta", 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["baseline", "control"])
def test_without_a_reference_whatever_is_compared_with_takes_its_place(role):
    found = gone(longtail.profile(LEFT), **{role: longtail.profile(HUMAN)})
    assert set(words(found)) == {"beta", "gamma", "delta"}


def test_redacted_rows_hold_numbers_and_no_text():
    shown = gone(longtail.profile(LEFT), longtail.profile(HUMAN))
    hidden = gone(longtail.profile(LEFT), longtail.profile(HUMAN), options=Options(redact=True))
    for open_row, row in zip(shown["rows"], hidden["rows"], strict=True):
        assert row == open_row | {"type": REDACTED, "example": REDACTED}


def test_of_many_types_some_are_shown_and_all_are_counted():
    human = [f"word{number} word{number + 1}" for number in range(SHOWN_TYPES + 50)]
    found = gone(longtail.profile(LEFT), longtail.profile(human))
    assert (found["total"], found["shown"], len(found["rows"])) == (SHOWN_TYPES + 49, SHOWN_TYPES, SHOWN_TYPES)


def test_vanished_classes_are_named_and_kept_ones_are_not():
    human = longtail.profile([{"kind": kind} for kind in "aabbbc"], views=["category:kind"])
    found = gone(longtail.profile([{"kind": "a"}], views=["category:kind"], like=human), human, "category:kind")
    assert [(row["type"], row["reference_documents"], row["example"]) for row in found["rows"]] == [("b", 3, "")]
    reference = longtail.profile(table(1200, 1), views=["table"], by=["kind"])
    candidate = longtail.profile(table(600, 2), views=["table"], by=["kind"], like=reference)
    assert gone(candidate, reference, "category:kind")["total"] == 0


def test_vanished_regions_are_named_with_an_example():
    apart = np.repeat([0.0, 50.0], 300)[:, None]
    reference = longtail.profile(apart + np.random.default_rng(0).normal(size=(600, 2)))
    lost = longtail.profile(np.random.default_rng(1).normal(size=(300, 2)), like=reference)
    found = gone(lost, reference, "regions:features")
    assert found["rows"] and all(row["type"].startswith("region ") and row["example"] for row in found["rows"])


def test_a_type_beyond_the_sample_of_a_larger_data_set_has_not_vanished(monkeypatch):
    monkeypatch.setattr(capacities, "SAMPLED_TYPES", 64)
    written = [" ".join(f"w{at}" for at in range(first, first + 5)) for first in range(0, 400, 5)]
    views = ["words_1", "words_2"]
    small, large = longtail.profile(written[:8] * 2, views=views), longtail.profile(written * 2, views=views)
    assert small.frequencies["words_2"].is_exact and not large.frequencies["words_2"].is_exact
    assert gone(large, small, "words_2")["total"] == 0
    assert gone(small, large, "words_2")["total"] > 0
