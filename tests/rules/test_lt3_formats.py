"""LT306 on evidence made by hand: where it fires, where it must not, where it cannot tell."""

import pytest

from longtail.records import Estimate, NotMeasured
from longtail.rules.evidence import Evidence, Sample
from longtail.rules.lt3_formats import format_share

from .test_wording import ABSOLUTES, said

EXACT = NotMeasured(reason="exact")


def share(name, value, generation=None, n=1000):
    half = 0.02
    return Estimate(
        metric="format_share", view="formats", value=value, low=max(0.0, value - half), high=min(1.0, value + half), n=n, unit="share",
        resampling_unit="document", method="hand", slice=name, generation=generation,
    )  # fmt: skip


def ratio(value, high, name="generation_1"):
    return Estimate(
        metric="effective_formats", view="formats", value=value, low=value - 0.1, high=high, n=1000, unit="ratio", kind="ratio",
        resampling_unit="document", method="hand", baseline=name,
    )  # fmt: skip


def judged(*outcomes):
    sample = Sample(documents=1000, distinct=1000, words=30_000, tagged=1000)
    return format_share(Evidence(candidate=sample, duplicates=EXACT, fewest=96, outcomes=outcomes))


NARROW = (share("code", 0.95), share("prose", 0.03), share("list", 0.02))
EVEN = (share("code", 0.34), share("prose", 0.33), share("list", 0.33))
LINEAGE = [share(name, value, at) for at, values in enumerate([(0.34, 0.33, 0.33), (0.7, 0.2, 0.1), (0.85, 0.1, 0.05), (0.95, 0.03, 0.02)])
           for name, value in zip(("code", "prose", "list"), values, strict=True)]  # fmt: skip
STEADY = [share(name, value, at) for at in range(3) for name, value in (("prose", 0.9), ("code", 0.1))]

CASES = [
    ("fail", (*NARROW, ratio(0.4, 0.45))),
    ("warn", (share("code", 0.7), share("prose", 0.3), ratio(0.6, 0.7))),
    ("pass", (*NARROW, ratio(0.95, 1.05))),
    ("pass", (*EVEN, ratio(1.0, 1.1))),
    ("fail", LINEAGE),
    ("pass", STEADY),
    ("pass", LINEAGE[:6]),
    ("warn", NARROW),
    ("pass", EVEN),
    ("pass", (share("prose", 1.0),)),
    ("not_measured", ()),
    ("not_measured", (share("code", 1.0, n=10),)),
    ("not_measured", (NotMeasured(reason="no documents", metric="format_share"),)),
]


@pytest.mark.parametrize(("status", "outcomes"), CASES)
def test_the_verdict_is_the_expected_one(status, outcomes):
    assert judged(*outcomes).status == status


def test_three_formats_that_become_one_are_told_with_the_format_and_the_generation():
    verdict = judged(*LINEAGE)
    assert "code is the format of 95.0%" in verdict.because
    assert "in generation 3, 34.0% in generation 0" in verdict.because
    assert "it passed 0.80 in generation 2" in verdict.because
    assert verdict.evidence == ("code: 95.0%", "prose: 3.0%", "list: 2.0%")
    assert verdict.remedy


def test_what_it_was_compared_with_is_named():
    assert "of the effective formats of generation 1" in judged(*NARROW, ratio(0.4, 0.45)).because
    assert "of the human reference" in judged(*NARROW, ratio(0.4, 0.45, "reference")).because


@pytest.mark.parametrize(("status", "outcomes"), CASES)
def test_no_verdict_speaks_in_absolutes(status, outcomes):
    assert ABSOLUTES.search(said(judged(*outcomes))) is None
