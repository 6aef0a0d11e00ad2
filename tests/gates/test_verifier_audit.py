import json
import math
from itertools import product

import msgspec
import numpy as np
import pytest
from scipy import stats

from longtail.errors import ConfigError, UsageError
from longtail.gates.verdicts import Judgement
from longtail.gates.verifier_audit import audit_verifier, difference_interval
from longtail.gates.verifiers import ExactMatch

NEWCOMBE = [
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0)),
    ((10, 10), (0, 10), (0.6075, 1.0)),
]


def answers(*counts, stratum=None):
    """Documents of which so many are to be kept, reviewed and rejected by `told`."""
    said = [word for word, count in zip(("keep", "review", "reject"), counts, strict=True) for _ in range(count)]
    return [{"text": f"{at} {stratum}", "say": word, "kind": stratum} for at, word in enumerate(said)]


def told(record):
    return record["say"]


@pytest.mark.parametrize(("first", "second", "published"), NEWCOMBE)
def test_the_interval_of_a_difference_is_the_published_one(first, second, published):
    assert difference_interval(first, second, 0.95) == pytest.approx(published, abs=6e-5)


@pytest.mark.parametrize(("n", "m", "least"), [(20, 20, 0.88), (20, 60, 0.8925), (50, 50, 0.895)])
def test_the_interval_covers_the_true_difference_as_often_as_it_says(n, m, least):
    bounds = np.array([[difference_interval((x, n), (y, m), 0.95) for y in range(m + 1)] for x in range(n + 1)])
    shares = np.linspace(0.02, 0.98, 25)
    first, second = (stats.binom.pmf(np.arange(of + 1), of, shares[:, None]) for of in (n, m))
    covered = []
    for (p, law), (q, other) in product(zip(shares, first, strict=True), zip(shares, second, strict=True)):
        covered.append(law @ ((bounds[..., 0] <= p - q + 1e-12) & (p - q - 1e-12 <= bounds[..., 1])) @ other)
    assert np.mean(covered) == pytest.approx(0.952, abs=0.003) and min(covered) >= least
    assert np.quantile(covered, 0.05) > 0.935


def test_the_audit_of_a_verifier_with_known_rates_covers_them():
    random = np.random.default_rng(7)
    rates, inside, runs = {"true_positive_rate": 0.86, "true_negative_rate": 0.7, "youden_j": 0.56}, dict.fromkeys(range(3), 0), 400
    for _ in range(runs):
        kept, passed = (int(random.binomial(60, rate)) for rate in (0.86, 0.3))
        found = audit_verifier(told, answers(kept, 0, 60 - kept), answers(passed, 0, 60 - passed))
        for at, (metric, truth) in enumerate(rates.items()):
            each = found.get(metric)
            inside[at] += each.low <= truth <= each.high
    least = stats.binom.ppf(0.001, runs, 0.94)
    assert all(count >= least for count in inside.values()), inside


def test_the_rates_and_the_counts_are_those_of_the_documents():
    found = audit_verifier(told, answers(30, 5, 5), answers(4, 10, 26))
    assert found.strata[0].good == {"keep": 30, "review": 5, "reject": 5} and found.strata[0].bad["review"] == 10
    assert found.get("true_positive_rate").value == 0.75 and found.get("true_negative_rate").value == 0.9
    assert found.get("youden_j").value == pytest.approx(0.65)
    low, high = difference_interval((30, 40), (4, 40), 0.95)
    assert (found.get("youden_j").low, found.get("youden_j").high) == (low, high)
    expected = stats.binomtest(30, 40).proportion_ci(0.95, method="exact")
    assert found.get("true_positive_rate").low == pytest.approx(expected.low)
    assert "its errors slow what is learnt from it" in found.says[0]


def test_a_verifier_that_teaches_what_is_wrong_is_told_of():
    found = audit_verifier(told, answers(10, 0, 30), answers(30, 0, 10))
    assert found.get("youden_j").high < 0 and "do not gate with it" in found.says[0]


def test_a_verifier_that_says_the_same_of_all_is_not_decided():
    found = audit_verifier(lambda record: True, answers(30, 0, 0), answers(0, 0, 30))
    assert found.get("youden_j").value == 0 and "is not decided" in found.says[0]


def test_each_stratum_is_measured_and_one_with_too_few_is_not():
    good = [*answers(25, 0, 0, stratum="easy"), *answers(5, 0, 20, stratum="hard"), *answers(3, 0, 0, stratum="rare")]
    bad = [*answers(0, 0, 25, stratum="easy"), *answers(20, 0, 5, stratum="hard"), *answers(0, 0, 30, stratum="rare")]
    found = audit_verifier(told, good, bad, strata="kind")
    assert [each.name for each in found.strata] == ["", "easy", "hard", "rare"]
    assert found.get("youden_j", "easy").value == 1 and found.get("youden_j", "hard").value == pytest.approx(-0.6)
    assert found.get("youden_j", "rare") is None and found.get("true_negative_rate", "rare").value == 1
    absent = [each for each in found.not_measured if each.slice == "rare"]
    assert [each.metric for each in absent] == ["true_positive_rate", "youden_j"] and "3 right documents; 20 are needed" in absent[0].reason
    assert any("in stratum 'hard'" in each and "do not gate with it" in each for each in found.says)


def test_rewrites_that_get_two_verdicts_are_counted():
    gate = ExactMatch(numbers=False)
    good = [{"text": str(at), "expected": str(at)} for at in range(30)]
    bad = [{"text": f"{at}0", "expected": f"{at}1"} for at in range(30)]
    pairs = [[{"text": "5", "expected": "5"}, {"text": "5.0" if at < 10 else " 5 ", "expected": "5"}] for at in range(40)]
    found = audit_verifier(gate, good, bad, rewrites=pairs)
    assert found.get("youden_j").value == 1 and found.get("consistency").value == 0.75
    assert found.get("consistency").resampling_unit == "group of rewrites"
    assert audit_verifier(ExactMatch(), good, bad, rewrites=pairs).get("consistency").value == 1
    assert "3 rewritten groups" in audit_verifier(gate, good, bad, rewrites=pairs[:3]).not_measured[0].reason


def test_a_verifier_that_raises_accepts_nothing():
    def fails(record):
        if record["say"] == "reject":
            raise RuntimeError
        return Judgement(record["say"], "told")

    found = audit_verifier(fails, answers(30, 0, 10), answers(0, 0, 40))
    assert found.get("true_positive_rate").value == 0.75 and found.get("true_negative_rate").value == 1


def test_the_record_is_plain_and_finite():
    found = audit_verifier(told, answers(30, 0, 0), answers(0, 0, 3))
    assert json.loads(msgspec.json.encode(found))["not_measured"]
    assert all(math.isfinite(each.low) and math.isfinite(each.high) for each in found.estimates)


def test_what_cannot_be_audited_is_refused():
    with pytest.raises(UsageError, match="give one or more of each"):
        audit_verifier(told, [], answers(1, 0, 0))
    with pytest.raises(UsageError, match="fewer than two documents"):
        audit_verifier(told, answers(1, 0, 0), answers(1, 0, 0), rewrites=[["one"]])
    with pytest.raises(ConfigError, match="level is 1"):
        audit_verifier(told, ["a"], ["b"], level=1)
