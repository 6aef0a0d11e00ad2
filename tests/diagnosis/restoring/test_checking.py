"""Whether recovery worked: found where it did, rarely claimed where nothing changed, and never where it got worse."""

import json

import msgspec
import numpy as np
import pytest
from scipy.stats import binom

from bench.synthetic import concentrated, drawn, profiled, scaled, thinned, zipf
from longtail.auditing.options import Options
from longtail.diagnosis.restoring.checking import Pairs, Samples, check, improved
from longtail.diagnosis.restoring.records import Regained
from longtail.records import NotMeasured

LAW = zipf()
OPTIONS = Options(views=("words_1",))


def sampler(seed):
    rng = np.random.default_rng(seed)
    return lambda law, count: profiled(drawn(law, count, rng), 0)


def test_a_tail_that_came_back_is_shown_and_its_size_lies_in_the_interval():
    make, rng = sampler(1), np.random.default_rng(2)
    before, after = thinned(LAW, 0.5, rng), thinned(LAW, 0.8, rng)
    found = check(make(before, 1000), make(after, 1000), make(LAW, 2000), make(LAW, 1000))
    assert found.status == "pass" and found.needed is None
    assert {each.metric for each in found.improvements} == {"tail_types_retained", "tail_mass_retained"}
    assert all(each.low < 1.6 < each.high and each.decision is None for each in found.improvements)
    standing = {(each.metric, each.generation): each for each in found.standing}
    assert standing["tail_mass_retained", 0].low < 0.5 < standing["tail_mass_retained", 0].high
    assert standing["tail_mass_retained", 1].low < 0.8 < standing["tail_mass_retained", 1].high
    assert [each.low < 0.6 < each.high for each in found.regained] == [True, True]


def test_a_tail_that_went_further_is_worse():
    make, rng = sampler(3), np.random.default_rng(4)
    found = check(make(thinned(LAW, 0.8, rng), 1000), make(thinned(LAW, 0.5, rng), 1000), make(LAW, 2000))
    assert found.status == "worse" and "fell" in found.because


def test_mass_that_came_back_without_types_is_shown_too():
    make = sampler(5)
    found = check(make(scaled(LAW, 0.5), 1200), make(scaled(LAW, 0.9), 1200), make(LAW, 2000))
    assert found.status == "pass" and "tail mass" in found.because


def test_nothing_that_changed_is_claimed_no_more_often_than_alpha():
    make, alpha, draws, passed, fell = sampler(6), 0.05, 200, 0, 0
    for draw in range(draws):
        law = LAW if draw % 2 else thinned(LAW, 0.6, np.random.default_rng(draw))
        found = improved(Pairs.of(Samples(make(law, 400), make(law, 400), make(LAW, 800)), OPTIONS).between, alpha)
        passed += any(each.low > 1 for each in found)
        fell += any(each.high < 1 for each in found)
    most = binom.ppf(0.999, draws, alpha)
    assert passed <= most and fell <= most
    assert passed + fell >= 2, "intervals that are never left are too wide to say anything"


def test_not_shown_says_the_documents_that_would_show_it_and_so_many_do():
    make = sampler(7)
    better = scaled(LAW, 1.11)
    found = check(make(LAW, 400), make(LAW, 400), make(LAW, 2000))
    assert found.status == "not_shown" and found.needed is not None
    enough = found.needed.by_gain["1.11"]
    assert enough > 400 and list(found.needed.by_gain) == ["1.05", "1.11", "1.25", "1.43", "2"]
    later = [improved(Pairs.of(Samples(make(LAW, enough), make(better, enough), make(LAW, 2000)), OPTIONS).between, 0.05) for _ in range(8)]
    assert sum(any(each.low > 1 for each in one) for one in later) >= 5


def test_what_got_worse_beside_the_tail_is_said():
    make = sampler(8)
    better = thinned(LAW, 0.9, np.random.default_rng(1))
    crowded = concentrated(better, 2, 0.5)
    found = check(make(thinned(LAW, 0.4, np.random.default_rng(2)), 1500), make(crowded, 1500), make(LAW, 2000))
    assert found.status == "pass" and "but hill 2 got worse" in found.because.replace("hill_2", "hill 2")


def scores(nll, count=400, seed=1):
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 0.3, count)
    return {"lt_id": np.array([f"d{at}" for at in range(count)]), "nll": (nll + noise) * 50, "tokens": np.full(count, 50)}


def test_fidelity_is_judged_where_scores_of_both_models_are_given():
    make = sampler(9)
    samples = make(LAW, 400), make(LAW, 400), make(LAW, 800)
    worse = check(*samples, before_scores=scores(3.0), after_scores=scores(3.5))
    same = check(*samples, before_scores=scores(3.0), after_scores=scores(3.0))
    said = {each.metric: each.decision for each in worse.rest}
    assert said["heldout_nll"] == "shrunk"
    assert "heldout_nll" not in {each.metric for each in same.rest if each.decision == "shrunk"}


def test_the_share_that_came_back_is_covered_and_not_stated_without_a_loss():
    make, rng, held, stated = sampler(10), np.random.default_rng(11), 0, 0
    for _ in range(40):
        before, after = thinned(LAW, 0.5, rng), thinned(LAW, 0.8, rng)
        pairs = Pairs.of(Samples(make(before, 600), make(after, 600), make(LAW, 1500), make(LAW, 600)), OPTIONS)
        found = [each for each in pairs.regained() if isinstance(each, Regained)]
        stated, held = stated + len(found), held + sum(each.low <= 0.6 <= each.high for each in found)
    assert stated == 80 and held >= binom.ppf(0.001, stated, 0.93)
    none = Pairs.of(Samples(make(LAW, 600), make(LAW, 600), make(LAW, 1500), make(LAW, 600)), OPTIONS).regained()
    assert all(isinstance(each, NotMeasured) or each.low < 0 < each.high for each in none)


def test_too_few_documents_are_not_measured_and_no_pass():
    make = sampler(12)
    found = check(make(LAW, 40), make(LAW, 40), make(LAW, 800))
    assert found.status == "not_measured" and found.not_measured and not found.improvements


def test_the_same_check_gives_the_same_bytes_and_no_nan():
    made = []
    for _ in range(2):
        make = sampler(13)
        found = check(make(LAW, 400), make(LAW, 400), make(LAW, 800), make(LAW, 400))
        made.append(msgspec.json.encode(msgspec.structs.replace(found, created_at="")))
    assert made[0] == made[1]
    json.loads(made[0], parse_constant=pytest.fail)
