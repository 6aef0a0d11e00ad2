"""Every rule on evidence made by hand: where it fires, where it must not, where it cannot tell."""

import pytest

from longtail.records import Estimate, NotMeasured
from longtail.rules import RULES, Evidence, Sample

CLEAN = Sample(documents=1000, distinct=1000, words=30_000, tagged=1000)


def share(value, n=1000):
    return Estimate(
        metric="share", view="documents", value=value, low=value, high=value, n=n, unit="share", resampling_unit="document", method="exact"
    )


def tail(decision, value=0.5, metric="tail_types_retained", needed=None):
    return Estimate(
        metric=metric, view="words_1", value=value, low=value - 0.1, high=value + 0.1, n=1000, unit="ratio", resampling_unit="document",
        method="hand", kind="ratio", baseline="generation_1", decision=decision, documents_needed=needed,
    )  # fmt: skip


def evidence(**changes):
    plain = {"candidate": CLEAN, "duplicates": share(0.0), "fewest": 96}
    compared = {
        "measured": {"baseline": CLEAN, "reference": CLEAN},
        "decided_on": "generation_1",
        "tail": (tail("ok", 1.0),),
        "shared": share(0.0),
    }
    return Evidence(**(plain | compared | changes))


def alone(**changes):
    return Evidence(**({"candidate": CLEAN, "duplicates": share(0.0), "fewest": 96} | changes))


def sized(documents, words=None, tagged=0):
    return Sample(documents=documents, distinct=documents, words=30 * documents if words is None else words, tagged=tagged)


CASES = [
    ("LT101", "pass", evidence()),
    ("LT101", "warn", evidence(candidate=sized(1000, tagged=999))),
    ("LT101", "fail", evidence(candidate=sized(1000, tagged=999), required=frozenset({"LT101"}))),
    ("LT101", "pass", evidence(required=frozenset({"LT101"}))),
    ("LT301", "pass", evidence()),
    ("LT301", "fail", evidence(tail=(tail("ok", 1.0, "tail_mass_retained"), tail("shrunk")))),
    ("LT301", "fail", evidence(tail=(tail("watch", 0.9), tail("shrunk", 0.5, "tail_mass_retained")))),
    ("LT301", "fail", evidence(tail=(tail("shrunk"), NotMeasured(reason="too sparse")))),
    ("LT301", "warn", evidence(tail=(tail("ok", 1.0), tail("watch", 0.93)))),
    ("LT301", "warn", evidence(tail=(tail("inconclusive", 0.9), tail("watch", 0.93)))),
    ("LT301", "not_measured", evidence(tail=(tail("ok", 1.0), tail("inconclusive", 0.9, needed=4000)))),
    ("LT301", "not_measured", evidence(tail=(NotMeasured(reason="too sparse"),))),
    ("LT301", "not_measured", evidence(tail=())),
    ("LT301", "not_measured", alone()),
    ("LT402", "pass", evidence(duplicates=share(0.0099))),
    ("LT402", "warn", evidence(duplicates=share(0.01))),
    ("LT402", "warn", evidence(duplicates=share(0.0999))),
    ("LT402", "fail", evidence(duplicates=share(0.10))),
    ("LT402", "not_measured", evidence(duplicates=NotMeasured(reason="no documents"))),
    ("LT901", "pass", evidence(candidate=sized(96))),
    ("LT901", "warn", evidence(candidate=sized(95))),
    ("LT901", "warn", evidence(measured={"reference": sized(95)})),
    ("LT901", "pass", alone()),
    ("LT902", "pass", evidence(candidate=sized(1000, 37_500))),
    ("LT902", "warn", evidence(candidate=sized(1000, 37_600))),
    ("LT902", "warn", evidence(candidate=sized(1000, 23_900))),
    ("LT902", "not_measured", evidence(candidate=sized(1000, 0))),
    ("LT902", "not_measured", alone()),
    ("LT903", "pass", evidence()),
    ("LT903", "pass", evidence(shared=share(0.0009), leaked=share(0.0009))),
    ("LT903", "warn", evidence(shared=share(0.001))),
    ("LT903", "fail", evidence(shared=share(0.01))),
    ("LT903", "warn", evidence(leaked=share(1.0))),
    ("LT903", "warn", evidence(shared=share(0.005), leaked=share(1.0))),
    ("LT903", "fail", evidence(shared=share(0.01), leaked=share(1.0))),
    ("LT903", "fail", evidence(decided_on="reference", leaked=share(0.01))),
    ("LT903", "warn", evidence(decided_on="reference", leaked=share(0.001))),
    ("LT903", "not_measured", alone()),
]


@pytest.mark.parametrize(("code", "status", "given"), CASES, ids=[f"{code}-{status}-{n}" for n, (code, status, _) in enumerate(CASES)])
def test_a_rule_fires_where_it_should_and_only_there(code, status, given):
    verdict = RULES[code].member(given)
    assert verdict.status == status, verdict.because
    if status in ("warn", "fail"):
        assert verdict.remedy and verdict.where in ("candidate", "baseline", "reference", "trained_on")
    if status == "not_measured":
        assert verdict.enable


def test_the_catalogue_holds_six_codes_and_each_can_fire_pass_and_all_but_two_can_stay_unmeasured():
    codes = ["LT101", "LT301", "LT402", "LT901", "LT902", "LT903"]
    assert [entry.name for entry in RULES] == codes
    tried = {code: {status for tried, status, _ in CASES if tried == code} for code in codes}
    assert all({"pass", "warn"} <= statuses for statuses in tried.values())
    assert [code for code in codes if "not_measured" not in tried[code]] == ["LT101", "LT901"]  # documents can be counted


def test_an_inconclusive_tail_says_how_many_documents_would_do():
    verdict = RULES["LT301"].member(evidence(tail=(tail("inconclusive", 0.9, needed=4000),)))
    assert "4,000 documents" in verdict.because and "4,000" in verdict.enable


def test_an_inconclusive_tail_of_unknown_need_does_not_ask_for_zero_documents():
    verdict = RULES["LT301"].member(evidence(tail=(tail("inconclusive", 0.9),)))
    assert " 0 documents" not in verdict.because + verdict.enable


def test_the_verdict_on_the_tail_gives_numbers_and_intervals_of_what_decided():
    verdict = RULES["LT301"].member(evidence(tail=(tail("ok", 1.0, "tail_mass_retained"), tail("shrunk", 0.5))))
    assert verdict.because == "tail types (words_1) 0.50 of generation 1 [0.40, 0.60]"
    assert len(verdict.evidence) == 2


def test_the_assumption_of_a_held_out_reference_is_told_where_no_training_set_was_named():
    assert "assumed" in RULES["LT903"].member(evidence()).because
    assert "assumed" not in RULES["LT903"].member(evidence(leaked=share(0.0))).because


def test_only_a_leak_into_training_is_called_cancelled():
    assert "cancels" in RULES["LT903"].member(evidence(leaked=share(1.0))).because
    assert "cancels" not in RULES["LT903"].member(evidence(shared=share(0.5))).because
