"""What a gate left of each stratum, and the two lights on it."""

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from scipy.spatial.distance import jensenshannon

from longtail.errors import ConfigError, UsageError
from longtail.gates.audit import GateAudit, Judged, audit
from longtail.gates.judged import judged_of
from longtail.gates.strata import effective_rows, mix_of, mix_shares, shares


def rows(counts, right=None):
    """Judged rows from {stratum: (before, kept)}."""
    stratum = [name for name, (before, _) in counts.items() for _ in range(before)]
    kept = np.concatenate([np.arange(before) < left for before, left in counts.values()])
    return Judged(kept, right=right, stratum=stratum)


def of(found, metric):
    return {each.slice: each for each in found.estimates if each.metric == metric}


def light(found, name):
    return next(each for each in found.lights if each.name == name)


def test_shares_and_the_mix_are_those_of_the_counts_and_the_divergence_that_of_scipy():
    found = audit(rows({"a": (600, 300), "b": (300, 240), "c": (100, 10)}))
    assert {name: each.value for name, each in of(found, "stratum_kept").items()} == {"a": 0.5, "b": 0.8, "c": 0.1}
    places = {name: each.value for name, each in of(found, "stratum_share_kept").items()}
    assert places == pytest.approx({"a": 0.5 / 0.55, "b": 0.8 / 0.55, "c": 0.1 / 0.55})
    assert found.mix.divergence == pytest.approx(jensenshannon([600, 300, 100], [300, 240, 10], base=2) ** 2)
    assert found.mix.effective_before == pytest.approx(1 / (0.36 + 0.09 + 0.01))
    assert found.mix.p == 0.001 and found.mix.divergence_random < 0.002


def test_rows_weighted_back_to_the_mix_are_worth_what_kish_says():
    before, kept = np.array([600, 300, 100]), np.array([300, 240, 10])
    weights = np.repeat(before / kept, kept)
    found = effective_rows(before, kept, 0.95)
    assert found.value == pytest.approx(weights.sum() ** 2 / (weights**2).sum()) and found.low < found.value < found.high
    assert effective_rows(before, np.array([300, 150, 50]), 0.95).value == pytest.approx(500)
    gone = effective_rows(before, np.array([300, 240, 0]), 0.95)
    assert gone.value == gone.low == 0 < gone.high


def test_a_random_gate_moves_the_mix_beyond_chance_as_often_as_the_level_says():
    """.05 of 300 gates: the 99.9 % band of Binomial(300, .05)."""
    rng, before = np.random.default_rng(1), np.array([700, 200, 80, 20])
    found = [mix_of(tuple("abcd"), before, rng.multivariate_hypergeometric(before, 400), 0, draws=199, seed=seed).p for seed in range(300)]
    assert 4 <= sum(p <= 0.05 for p in found) <= 30


def test_the_intervals_of_all_strata_hold_together():
    rng, before, chance = np.random.default_rng(2), np.array([500, 200, 60, 15]), np.array([0.5, 0.5, 0.3, 0.6])
    truth = chance / (before @ chance / before.sum())
    held = []
    for _ in range(300):
        kept = rng.binomial(before, chance)
        held.append(
            all(each.low <= true <= each.high for each, true in zip(mix_shares(tuple("abcd"), before, kept, 0.95), truth, strict=True))
        )
    assert np.mean(held) >= 0.95


def test_each_share_alone_has_the_exact_interval():
    found = shares(("a", "b"), np.array([20, 5]), np.array([20, 0]), 0.95)
    assert (found[0].low, found[0].high) == pytest.approx((0.025 ** (1 / 20), 1)) and found[1].high == pytest.approx(1 - 0.025 ** (1 / 5))


def test_diverse_is_pass_fail_or_not_decided_by_the_intervals():
    even = audit(rows({"a": (20000, 10000), "b": (20000, 10000)}))
    assert light(even, "diverse").status == "pass"
    few = light(audit(rows({"a": (200, 100), "b": (6, 3)})), "diverse")
    assert few.status == "warn" and "is not decided" in few.because and few.enable == "judge more rows"
    cut = light(audit(rows({"a": (500, 300), "b": (500, 60)})), "diverse")
    assert cut.status == "fail" and "the share of 'b' 0.333" in cut.because
    assert light(audit(rows({"a": (500, 300), "b": (500, 60)}), margin=0.1), "diverse").status == "pass"


def test_a_stratum_that_is_gone_fails_once_there_are_enough_rows_to_say_so():
    assert light(audit(rows({"a": (500, 300), "gone": (60, 0)})), "diverse").status == "fail"
    assert light(audit(rows({"a": (500, 300), "gone": (2, 0)})), "diverse").status == "warn"


def test_what_a_gate_takes_of_wrong_rows_is_no_loss_of_diversity():
    """In b nine of ten rows are wrong; the gate keeps right rows of both alike."""
    kept, right, stratum = [], [], []
    for name, share in (("a", 0.9), ("b", 0.1)):
        for is_right, chance in ((1.0, 0.9), (0.0, 0.05)):
            many = round(40_000 * (share if is_right else 1 - share))
            kept += (np.arange(many) < many * chance).tolist()
            right += [is_right] * many
            stratum += [name] * many
    found = audit(Judged(np.array(kept), right=np.array(right), stratum=stratum))
    assert of(found, "stratum_share_kept")["b"].high < 0.5
    assert of(found, "stratum_share_kept_right")["b"].value == pytest.approx(1, abs=0.01)
    assert [(each.name, each.status) for each in found.lights] == [("valid", "pass"), ("diverse", "pass")]
    assert "among all or among right rows" in light(found, "diverse").because


def test_what_a_quota_takes_to_leave_the_mix_as_it_was_is_no_loss_of_diversity():
    """Half of a is right and a tenth of b; the gate keeps right rows, as many of each."""
    right = np.repeat([1.0, 0.0, 1.0, 0.0], (5000, 5000, 1000, 9000))
    kept = np.repeat([True, False, True, False], (1000, 9000, 1000, 9000))
    found = audit(Judged(kept, right=right, stratum=["a"] * 10_000 + ["b"] * 10_000))
    assert of(found, "stratum_share_kept_right")["a"].high < 0.9
    assert [each.status for each in found.lights] == ["pass", "pass"]


def test_a_stratum_without_a_right_row_is_not_decided():
    right = np.repeat([1.0, 0.0], (500, 500))
    found = light(audit(Judged(right == 1, right=right, stratum=["a"] * 250 + ["b"] * 250 + ["wrong"] * 500)), "diverse")
    assert found.status == "warn" and "'wrong' 0 (0 to 1)" in found.because


@pytest.mark.parametrize(
    ("counts", "least", "status", "told"),
    [
        ((900, 100, 20, 980), 0.5, "pass", "rather than wrong ones"),
        ((900, 100, 20, 980), 0.99, "fail", "less than 0.99"),
        ((100, 900, 900, 100), 0.5, "fail", "keeps wrong rows rather than right ones"),
        ((9, 3, 7, 4), 0.5, "warn", "does not decide on 0.5"),
        ((950, 50, 95, 5), 0.5, "warn", "that the gate tells right from wrong is not shown"),
    ],
)
def test_valid_is_pass_fail_or_not_decided_by_the_intervals(counts, least, status, told):
    kept, right = np.repeat([True, False, True, False], counts), np.repeat([1.0, 1.0, 0.0, 0.0], counts)
    found = light(audit(Judged(kept, right=right), least_right=least), "valid")
    assert found.status == status and told in found.because


def test_what_is_not_measured_lights_neither():
    found = audit(Judged(np.array([True, False])))
    assert [(each.name, each.status) for each in found.lights] == [("valid", "not_measured"), ("diverse", "not_measured")]
    assert all(each.enable for each in found.lights)
    only = audit(Judged(np.array([True, False, True]), right=np.ones(3)))
    assert only.get("label_precision").value == 1 and light(only, "valid").status == "not_measured"


def test_a_number_whose_variance_the_gate_takes_is_not_diverse():
    value = np.random.default_rng(3).normal(size=4000)
    found = light(audit(Judged(np.abs(value) < 0.7, value=value)), "diverse")
    assert found.status == "fail" and "the variance of the number" in found.because


def test_strata_that_cannot_be_judged_say_why():
    assert "all rows that have a stratum are 'a'" in light(audit(rows({"a": (5, 2)})), "diverse").because
    assert "was kept" in light(audit(rows({"a": (5, 0), "b": (5, 0)})), "diverse").because
    many = audit(rows({f"s{at}": (3, at % 2) for at in range(300)}))
    assert many.mix is not None and "300 strata are more than the 200" in light(many, "diverse").because
    some = audit(Judged(np.ones(4, bool), stratum=["a", "b", None, None]))
    assert some.mix.unnamed == 2 and sum(some.mix.before) == 2


def test_an_audit_can_be_read_back():
    found = audit(rows({"a": (60, 30), "b": (30, 24)}))
    assert msgspec.json.decode(msgspec.json.encode(found), type=GateAudit) == found


@pytest.mark.parametrize("setting", ["level", "margin", "least_right"])
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(ConfigError, match=f"{setting.replace('_', ' ')} is 1.5"):
        audit(rows({"a": (5, 2)}), **{setting: 1.5})


def test_columns_in_memory_are_judged_rows():
    table = pa.table({"kept": [True, False, True], "right": [1, None, 0], "value": [0.5, None, 2.0], "group": ["x", None, "y"]})
    found = judged_of(table["kept"], right=table["right"], value=table["value"], stratum=table["group"])
    assert found.kept.tolist() == [True, False, True] and found.stratum == ("x", None, "y")
    assert found.right[[0, 2]].tolist() == [1, 0] and np.isnan(found.right[1]) and found.human is None
    assert judged_of([True, False], right=pa.nulls(2)).right is None
    assert judged_of(np.array([1, 0]), stratum=[3, 4]).stratum == ("3", "4")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"kept": [True, None]}, "1 of 2 values of kept are null"),
        ({"kept": ["yes", "no"]}, "the column kept holds string"),
        ({"kept": [True, False], "right": [1, 3]}, "other than 0 and 1"),
        ({"kept": [True, False], "value": ["a", 1]}, "no column of one type"),
    ],
)
def test_a_column_of_another_kind_is_refused(columns, told):
    with pytest.raises(UsageError, match=told):
        judged_of(**columns)
