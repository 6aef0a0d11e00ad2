"""Every rule on evidence made by hand: where it fires, where it must not, where it cannot tell."""

import pytest

from longtail.metrics.filtering import FilterLoss
from longtail.records import Estimate, NotMeasured
from longtail.rules import RULES, Evidence, Sample
from longtail.rules.lt9_validity import LEAST_HEAD

from .likelihood_cases import LIKELIHOOD_CASES
from .loop_cases import LOOP_CASES
from .surface_cases import SURFACE_CASES

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


def classes(*decisions, name="generation_1"):
    ratios = {"ok": 1.0, "watch": 0.95, "shrunk": 0.4, "inconclusive": 0.9}
    return tuple(
        Estimate(
            metric="class_share", view="labels:topic", value=ratios[decision] + at / 100, low=ratios[decision] - 0.1,
            high=ratios[decision] + 0.2, n=1000, unit="ratio", resampling_unit="document", method="hand", kind="ratio", baseline=name,
            decision=decision, slice=f"class {at}",
        )
        for at, decision in enumerate(decisions)
    )  # fmt: skip


def filtered(decision, ratio):
    made = Estimate(
        metric="filter_tail_kept", view="words_1", value=ratio, low=ratio - 0.02, high=ratio + 0.02, n=1000, unit="ratio",
        resampling_unit="document", method="hand", kind="ratio", decision=decision,
    )  # fmt: skip
    return FilterLoss(ratio=made, rare_loss=1 - 0.9 * ratio, common_loss=0.1, removed=0.1)


UNFILTERED = FilterLoss(ratio=NotMeasured(reason="10 documents before the filter"), rare_loss=None, common_loss=None, removed=0.1)
TOO_RARE = NotMeasured(reason="too rare to judge: 1.2 documents expected", enable="more documents", metric="class_share", slice="rare")


def evidence(**changes):
    plain = {"candidate": CLEAN, "duplicates": share(0.0), "fewest": 96}
    compared = {
        "measured": {"baseline": CLEAN, "reference": CLEAN},
        "decided_on": "generation_1",
        "tail": (tail("ok", 1.0),),
        "shared": share(0.0),
        "head": 1.0,
        "found": 0.7,
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
    ("LT308", "pass", evidence(classes=classes("ok", "ok"))),
    ("LT308", "pass", evidence(classes=(*classes("ok"), TOO_RARE))),
    ("LT308", "fail", evidence(classes=classes("ok", "shrunk"))),
    ("LT308", "fail", evidence(classes=classes("shrunk", "watch", "inconclusive"))),
    ("LT308", "fail", evidence(classes=(*classes("shrunk"), TOO_RARE))),
    ("LT308", "warn", evidence(classes=classes("ok", "watch"))),
    ("LT308", "warn", evidence(classes=classes("inconclusive", "watch"))),
    ("LT308", "not_measured", evidence(classes=classes("ok", "inconclusive"))),
    ("LT308", "not_measured", evidence(classes=(TOO_RARE,))),
    ("LT308", "not_measured", evidence()),
    ("LT308", "not_measured", alone()),
    ("LT401", "pass", alone(filtered=filtered("ok", 1.0))),
    ("LT401", "warn", alone(filtered=filtered("watch", 0.95))),
    ("LT401", "fail", alone(filtered=filtered("shrunk", 0.6))),
    ("LT401", "not_measured", alone(filtered=filtered("inconclusive", 0.9))),
    ("LT401", "not_measured", alone(filtered=UNFILTERED)),
    ("LT401", "not_measured", evidence()),
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
    ("LT904", "pass", evidence()),
    ("LT904", "pass", evidence(head=LEAST_HEAD)),
    ("LT904", "pass", evidence(head=1.4)),
    ("LT904", "fail", evidence(head=LEAST_HEAD - 0.01)),
    ("LT904", "fail", evidence(head=0.0)),
    ("LT904", "not_measured", evidence(head=None)),
    ("LT904", "not_measured", alone()),
    ("LT905", "pass", evidence()),
    ("LT905", "pass", evidence(found=0.9899)),
    ("LT905", "warn", evidence(found=0.99)),
    ("LT905", "warn", evidence(found=1.0)),
    ("LT905", "not_measured", evidence(found=None)),
    ("LT905", "not_measured", alone()),
    *LOOP_CASES,
    *LIKELIHOOD_CASES,
    *SURFACE_CASES,
]


@pytest.mark.parametrize(("code", "status", "given"), CASES, ids=[f"{code}-{status}-{n}" for n, (code, status, _) in enumerate(CASES)])
def test_a_rule_fires_where_it_should_and_only_there(code, status, given):
    verdict = RULES[code].member(given)
    assert verdict.status == status, verdict.because
    if status in ("warn", "fail"):
        assert verdict.remedy and verdict.where in ("candidate", "baseline", "reference", "trained_on")
    if status == "not_measured":
        assert verdict.enable


def test_each_code_can_fire_pass_and_all_but_two_can_stay_unmeasured():
    codes = [entry.name for entry in RULES]
    assert codes == sorted(set(codes)) and len(codes) == 46
    from . import test_lt3_features, test_lt3_formats, test_lt5_rollouts, test_lt6_retrieval, test_lt7_voice, test_lt8_suppressions

    tried = {code: {status for tried, status, _ in CASES if tried == code} for code in codes}
    tried["LT306"] = {status for status, _ in test_lt3_formats.CASES}
    tried |= dict.fromkeys(test_lt5_rollouts.CODES, set(test_lt5_rollouts.STATUSES))
    tried |= {f"LT60{at}": {status for code, status, _ in test_lt6_retrieval.CASES if code == f"LT60{at}"} for at in range(1, 5)}
    tried["LT701"] = {status for *_, status in test_lt7_voice.CASES}
    tried["LT890"] = {status for status, _ in test_lt8_suppressions.CASES}
    for code, rule in (("LT302", test_lt3_features.variance_and_rank), ("LT307", test_lt3_features.distance_from_baseline)):
        tried[code] = {status for of, status, _ in test_lt3_features.CASES if of is rule}
    assert all("pass" in statuses and statuses & {"warn", "fail"} for statuses in tried.values())
    assert [code for code in codes if "not_measured" not in tried[code]] == ["LT101", "LT901"]  # documents can be counted


def test_the_assumption_of_a_held_out_reference_is_told_where_no_training_set_was_named():
    assert "assumed" in RULES["LT903"].member(evidence()).because
    assert "assumed" not in RULES["LT903"].member(evidence(leaked=share(0.0))).because


def test_only_a_leak_into_training_is_called_cancelled():
    assert "cancels" in RULES["LT903"].member(evidence(leaked=share(1.0))).because
    assert "cancels" not in RULES["LT903"].member(evidence(shared=share(0.5))).because
