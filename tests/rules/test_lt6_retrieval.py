"""LT601 to LT604 judge shares by the ends of their intervals, and unknown origin does not pass for human."""

import msgspec
import pytest

from longtail.metrics.rag.records import Chain, Contamination, Retrieval
from longtail.records import Estimate, NotMeasured
from longtail.rules import RULES, Evidence, Sample

ABSENT = NotMeasured(reason="nothing tells it", enable="a log")
NOTHING = Contamination(share=ABSENT)
BARE = Retrieval(
    path="store", kind="json", items=100, aside=0, queries=0, pool=NOTHING, exposure=NOTHING, citation=NOTHING, self_derived=ABSENT,
    own_inputs=ABSENT, echoes=ABSENT, exposure_change=ABSENT, accuracy_change=ABSENT, accuracy=ABSENT,
)  # fmt: skip


def number(low, high):
    return Estimate(
        metric="m",
        view="document",
        value=(low + high) / 2,
        low=low,
        high=high,
        n=100,
        unit="share",
        resampling_unit="document",
        method="test",
    )


def judged(code, **given):
    sample = Sample(documents=100, distinct=100, words=900, tagged=0)
    found = msgspec.structs.replace(BARE, **given) if given else None
    evidence = Evidence(candidate=sample, duplicates=NotMeasured(reason="none"), fewest=0, retrieval=found)
    return RULES[code].member(evidence)


def share(low, high, unknown=0.0):
    return Contamination(share=number(low, high), unknown=unknown)


SHARES = [
    ("fail", share(0.5, 0.6)),
    ("warn", share(0.2, 0.6)),
    ("warn", share(0.2, 0.3, unknown=0.7)),
    ("pass", share(0.1, 0.15)),
    ("pass", share(0.1, 0.15, unknown=0.04)),
    ("not_measured", share(0.1, 0.2)),
    ("not_measured", share(0.1, 0.15, unknown=0.05)),
    ("not_measured", NOTHING),
]
ECHOES = [
    ("fail", {"echoes": number(0.05, 0.1), "by_sign": {"logged": 1, "wording": 4}}),
    ("warn", {"echoes": number(0.04, 0.1), "by_sign": {"recorded": 5}}),
    ("warn", {"echoes": number(0.4, 0.6), "by_sign": {"wording": 50}}),
    ("pass", {"echoes": number(0.0, 0.04)}),
    ("not_measured", {"echoes": number(0.0, 0.05)}),
    ("not_measured", {"echoes": ABSENT}),
]
FIELDS = (("LT601", "pool"), ("LT602", "exposure"), ("LT603", "citation"))
CASES = [
    *((code, status, {field: given}) for code, field in FIELDS for status, given in SHARES),
    *(("LT604", status, given) for status, given in ECHOES),
]  # fmt: skip


@pytest.mark.parametrize(("code", "status", "given"), CASES)
def test_the_ends_of_the_interval_decide(code, status, given):
    verdict = judged(code, **given)
    assert verdict.status == status, verdict.because
    assert bool(verdict.remedy) == (status in ("warn", "fail")) and bool(verdict.enable) == (status == "not_measured")


@pytest.mark.parametrize("code", ["LT601", "LT602", "LT603", "LT604"])
def test_without_a_store_nothing_is_measured(code):
    verdict = judged(code)
    assert (verdict.status, verdict.because) == ("not_measured", "no store of answers was named")
    assert verdict.enable == "longtail audit DATA --rag STORE --queries LOG.jsonl"


def test_exposure_that_rises_while_accuracy_is_flat_fails_though_the_share_is_small():
    given = {"exposure": share(0.05, 0.1), "exposure_change": number(0.02, 0.2), "accuracy_change": number(-0.04, 0.04)}
    verdict = judged("LT602", **given)
    assert verdict.status == "fail" and "deceptively healthy" in verdict.because
    for other in ({"accuracy_change": number(-0.06, 0.04)}, {"exposure_change": number(-0.01, 0.2)}, {"accuracy_change": ABSENT}):
        assert judged("LT602", **given | other).status == "pass"


def test_chains_are_told_from_their_first_document_on():
    chain = Chain(ids=("a", "b", "c"), told_by=("logged", "logged"))
    verdict = judged("LT604", echoes=number(0.06, 0.1), by_sign={"logged": 2}, chains=(chain,), roots=1)
    assert verdict.evidence == ("a → b → c",) and "1 chains, the longest of 3" in verdict.because
