"""A planted world: answers are drawn at given rates, nothing is learned; what the gate does to it has a closed form."""

import numpy as np
import pytest
from scipy import stats

from longtail.gates.audit import audit
from longtail.gates.batch import Batch
from longtail.gates.consistency.answers import majority
from longtail.gates.consistency.consistency import Consistency
from longtail.gates.consistency.quota import Quota
from longtail.gates.judged import judged_of

FORMATS = ("direct", "reversed", "worked")
MIX = {"direct": 0.40, "reversed": 0.29, "worked": 0.31}
RIGHT = {"direct": 0.20, "reversed": 0.15, "worked": 0.55}
"""Chance that a sample in each format is right; a wrong one is one of `WRONG` answers."""
WRONG, SAMPLES, LEAST, PROBLEMS = 20, 12, 0.4, 6000


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(0)
    formats = rng.choice(FORMATS, PROBLEMS, p=list(MIX.values()))
    made = []
    for at, form in enumerate(formats.tolist()):
        drawn = np.where(rng.random(SAMPLES + 1) < RIGHT[form], 0, rng.integers(1, WRONG + 1, SAMPLES + 1)).tolist()
        made.append({"text": f"{at}", "form": form, "claimed_answer": drawn[0], "samples": drawn[1:], "right": drawn[0] == 0})
    return made


def judged(gate, world):
    verdicts = gate(Batch.of(world))
    return judged_of(verdicts.decisions == 0, right=[each["right"] for each in world], stratum=[each["form"] for each in world])


def expected_kept(form):
    """Chance that a right claim in a format is kept: as many of its samples as are needed are right, and no other answer has more.

    With 5 or more of 12 right an equal or greater number of one of 20 wrong answers is too rare to matter.
    """
    return stats.binom.sf(int(np.ceil(LEAST * SAMPLES)) - 1, SAMPLES, RIGHT[form])


def test_the_gate_raises_the_precision_of_labels_and_moves_the_mix_to_what_the_model_does_well(world):
    found = audit(judged(Consistency(least=LEAST), world))
    assert found.get("label_precision").low > 0.9 > 0.4 > 1 - found.get("wrong_share").value
    for form in FORMATS:
        among = [each for each in found.estimates if each.metric == "stratum_kept" and each.slice == form][0]
        assert among.low <= RIGHT[form] * expected_kept(form) + 0.002 and among.high >= RIGHT[form] * expected_kept(form) - 0.002
    after = dict(zip(found.mix.strata, np.array(found.mix.kept) / sum(found.mix.kept), strict=True))
    weights = {form: MIX[form] * RIGHT[form] * expected_kept(form) for form in FORMATS}
    assert after["worked"] == pytest.approx(weights["worked"] / sum(weights.values()), abs=0.02) and after["worked"] > 0.9
    assert [light.status for light in found.lights] == ["pass", "fail"]


def test_with_a_quota_the_same_verifier_leaves_the_mix_as_it_was(world):
    found = audit(judged(Quota(by="form", verifier=Consistency(least=0)), world))
    after = dict(zip(found.mix.strata, np.array(found.mix.kept) / sum(found.mix.kept), strict=True))
    assert after == pytest.approx(MIX, abs=0.03) and found.mix.p > 0.05
    assert found.get("label_precision").low > 0.85 and found.mix.divergence < 0.001


def test_the_majority_as_label_is_right_more_often_than_the_claim_in_every_format_and_drops_nothing(world):
    for form in FORMATS:
        here = [each for each in world if each["form"] == form]
        votes, claims = ([majority(each["samples"]).answer == "0" for each in here], [each["right"] for each in here])
        assert stats.binomtest(sum(votes), len(here), np.mean(claims), alternative="greater").pvalue < 1e-6
