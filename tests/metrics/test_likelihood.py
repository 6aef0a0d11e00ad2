"""Fidelity endpoints against brute force, an independent permutation test, and simulations of models that are alike."""

import math

import numpy as np
import pytest
from scipy.stats import binom, permutation_test

from longtail.errors import IncompatibleSummaries
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.likelihood import GROUPS, Pairs, fidelity_endpoints, heldout_value, paired, swaps, train_gap, worst
from longtail.readers.scores import Losses, Scores, id_hash
from longtail.records import Estimate, NotMeasured
from longtail.stats.jackknife import quantile

RUNS, B = 1000, 199
ORDER = sorted(range(4000), key=lambda number: id_hash(f"d{number}"))
IDS = np.array([id_hash(f"d{number}") for number in ORDER], np.uint64)


def scores(nll, tokens, correct=None, train=None, path="candidate.jsonl"):
    """Return scores of the documents d0, d1, … from values in the order of the hashes of these ids."""
    chosen = [place for place, number in enumerate(ORDER) if number < len(nll)]
    return Scores(
        path=path, ids=IDS[chosen], names=tuple(f"d{ORDER[place]}" for place in chosen), nll=np.asarray(nll, float),
        tokens=np.asarray(tokens, np.int64), correct=None if correct is None else np.asarray(correct, float),
        train=None if train is None else Losses(np.asarray(train[0], float), np.asarray(train[1], np.int64)), quarantined=0, quarantine=(),
    )  # fmt: skip


def drawn(rng, documents, noise=0.3):
    """Return tokens and two losses per token of models that are alike: a difficulty that they share, and luck of their own."""
    tokens = rng.integers(5, 200, documents)
    shared = rng.gamma(4.0, 0.8, documents)
    own = rng.gamma(1 / noise**2, noise**2, (2, documents))
    return tokens, shared * own


def both(rng, documents=800, rise=0.0, right=(0.7, 0.7)):
    tokens, (one, other) = drawn(rng, documents)
    answers = rng.random((2, documents)) < np.array(right)[:, None]
    return scores((one + rise) * tokens, tokens, answers[0]), scores(other * tokens, tokens, answers[1], path="baseline.jsonl")


def endpoints(candidate, baseline, permutations=B, seed=0):
    return {found.metric: found for found in fidelity_endpoints(candidate, baseline, permutations, seed)}


def chosen_by_hand(candidate, baseline):
    mean = [(c + b) / 2 / t for c, b, t in zip(candidate.nll, baseline.nll, candidate.tokens, strict=True)]
    ranked = sorted(range(len(mean)), key=lambda at: -mean[at])
    return sorted(ranked[: math.ceil(len(mean) / 20)])


def test_values_are_those_worked_out_document_by_document():
    candidate, baseline = both(np.random.default_rng(0), 437, rise=0.1)
    found = endpoints(candidate, baseline)
    here, there = sum(candidate.nll) / sum(candidate.tokens), sum(baseline.nll) / sum(baseline.tokens)
    assert found["heldout_nll"].observed == pytest.approx(there - here)
    assert found["heldout_nll"].baseline_value == pytest.approx(there)
    tail = chosen_by_hand(candidate, baseline)
    assert len(tail) == 22
    tokens = sum(candidate.tokens[at] for at in tail)
    assert found["tail_nll"].observed == pytest.approx(sum(baseline.nll[at] - candidate.nll[at] for at in tail) / tokens)
    assert found["tail_nll"].baseline_value == pytest.approx(sum(baseline.nll[at] for at in tail) / tokens)
    assert found["accuracy"].observed == pytest.approx(candidate.correct.mean() - baseline.correct.mean())
    assert found["accuracy"].baseline_value == pytest.approx(baseline.correct.mean())
    assert {each.n for each in found.values()} == {437}


def test_loss_is_negative_and_the_units_and_margins_are_stated():
    found = endpoints(*both(np.random.default_rng(1), rise=0.5, right=(0.5, 0.8)))
    assert all(each.observed < 0 for each in found.values())
    assert {each.metric: (each.unit, each.margin) for each in found.values()} == {
        "heldout_nll": ("nats/token", -0.02),
        "tail_nll": ("nats/token", -0.02),
        "accuracy": ("share", -0.01),
    }
    assert all(each.p <= 0.05 for each in found.values())
    risen = found["heldout_nll"].estimate(2.0, 2.0, 0.95)
    assert risen.value == pytest.approx(-found["heldout_nll"].observed)
    assert (risen.view, risen.baseline, risen.unit) == ("scores", "generation_1", "nats/token")


def test_relabelling_is_scoring_again_with_the_models_swapped_in_some_groups():
    candidate, baseline = both(np.random.default_rng(2), 500)
    found, flips = endpoints(candidate, baseline, 20, seed=5), swaps(20, 5)
    group = np.array([at * 64 // 500 for at in range(500)])
    for run in range(21):
        swapped = flips[group, run] < 0
        one = scores(
            np.where(swapped, baseline.nll, candidate.nll), candidate.tokens, np.where(swapped, baseline.correct, candidate.correct)
        )
        other = scores(
            np.where(swapped, candidate.nll, baseline.nll), candidate.tokens, np.where(swapped, candidate.correct, baseline.correct)
        )
        for metric, again in endpoints(one, other, 19).items():
            assert found[metric].statistics[run] == pytest.approx(again.observed, abs=1e-12), (metric, run)


def test_swaps_leave_the_observed_column_alone_and_are_fair():
    flips = swaps(4000, 3)
    assert flips.shape == (GROUPS, 4001)
    assert set(np.unique(flips)) == {-1, 1}
    assert (flips[:, 0] == 1).all()
    assert abs(flips[:, 1:].mean()) < 4 / math.sqrt(64 * 4000)
    assert np.abs(np.corrcoef(flips[:, 1:]) - np.eye(GROUPS)).max() < 0.1
    assert np.array_equal(flips, swaps(4000, 3))
    assert not np.array_equal(flips, swaps(4000, 4))


def test_all_endpoints_are_relabelled_alike():
    """With one token a document and answers that are the loss, accuracy is the same test as held-out loss."""
    rng = np.random.default_rng(4)
    right = rng.random((2, 300)) < 0.6
    ones = np.ones(300, int)
    found = endpoints(scores(1 - right[0], ones, right[0]), scores(1 - right[1], ones, right[1]))
    assert np.array_equal(found["accuracy"].statistics, found["heldout_nll"].statistics)
    assert found["accuracy"].error == found["heldout_nll"].error


def test_the_p_value_is_that_of_an_independent_paired_permutation_test():
    candidate, baseline = both(np.random.default_rng(6), 640, rise=0.02)
    found = endpoints(candidate, baseline, 9999)["heldout_nll"]
    here, there = (each.nll.reshape(64, 10).sum(axis=1) for each in (candidate, baseline))
    how = {"permutation_type": "samples", "alternative": "less", "n_resamples": 9999, "vectorized": False}
    independent = permutation_test((here, there), lambda x, y: y.sum() - x.sum(), rng=np.random.default_rng(7), **how)
    assert 0.01 < found.p < 0.99
    assert found.p == pytest.approx(independent.pvalue, abs=4 * math.sqrt(2 * 0.25 / 9999))


def test_relabellings_that_are_the_same_swap_tie_to_the_last_bit():
    """Sums are taken in one order for every relabelling, so a tie with the observed value is counted as one."""
    candidate, baseline = both(np.random.default_rng(8), 400)
    found = endpoints(candidate, baseline, 20_000)["tail_nll"]
    flips = swaps(20_000, 0)
    held = np.unique(np.array(chosen_by_hand(candidate, baseline)) * 64 // 400)
    patterns = {}
    for column, value in zip(flips[held].T, found.statistics, strict=True):
        assert patterns.setdefault(column.tobytes(), value) == value
    assert len(patterns) < 20_001


def test_the_error_is_that_of_leaving_groups_out_by_hand():
    candidate, baseline = both(np.random.default_rng(9), 640)
    found = endpoints(candidate, baseline)
    without = []
    for group in range(64):
        kept = [at for at in range(640) if at // 10 != group]
        without.append((baseline.nll[kept].sum() - candidate.nll[kept].sum()) / candidate.tokens[kept].sum())
    assert found["heldout_nll"].error == pytest.approx(math.sqrt(63 / 64 * sum((v - np.mean(without)) ** 2 for v in without)))
    right = [np.delete(candidate.correct - baseline.correct, slice(10 * g, 10 * g + 10)).mean() for g in range(64)]
    assert found["accuracy"].error == pytest.approx(math.sqrt(63 / 64 * sum((v - np.mean(right)) ** 2 for v in right)))


@pytest.fixture(scope="module")
def alike():
    """Two models that are alike, many times: p of each endpoint both ways, values, errors, and those of a tail chosen by the baseline."""
    rng, made = np.random.default_rng(10), []
    for run in range(RUNS):
        candidate, baseline = both(rng)
        found = endpoints(candidate, baseline, seed=run)
        made.append({metric: (each.p, upper(each), each.observed, each.error) for metric, each in found.items()})
        made[-1]["by_baseline"] = chosen_by_the_baseline(candidate, baseline, run)
    return {metric: np.array([one[metric] for one in made]).T for metric in made[0]}


def upper(endpoint):
    return float((endpoint.statistics >= endpoint.statistics[0]).mean())


def chosen_by_the_baseline(candidate, baseline, seed):
    """The same endpoint on the documents that the baseline alone finds worst."""
    tail = np.argsort(-baseline.nll / baseline.tokens)[:40]
    gain, group = (baseline.nll - candidate.nll)[tail], tail * 64 // 800
    statistics = gain @ swaps(B, seed)[group] / candidate.tokens[tail].sum()
    return (statistics <= statistics[0]).mean(), (statistics >= statistics[0]).mean(), statistics[0], 0.0


@pytest.mark.parametrize("metric", ["heldout_nll", "tail_nll", "accuracy"])
def test_models_that_are_alike_are_called_unlike_as_often_as_the_level_says(alike, metric):
    """Both directions; ties make accuracy's p-values a little large, never small."""
    low, high = binom.ppf([0.005, 0.995], RUNS, 0.05)
    loss, gain = ((alike[metric][side] <= 0.05).sum() for side in (0, 1))
    assert low <= loss <= high
    assert low <= gain <= high


def test_a_tail_chosen_by_the_baseline_flatters_the_candidate_and_ours_does_not(alike):
    values = alike["tail_nll"][2]
    assert abs(values.mean()) < 4 * values.std() / math.sqrt(RUNS)
    biased = alike["by_baseline"]
    assert biased[2].mean() > 20 * biased[2].std() / math.sqrt(RUNS)
    assert (biased[1] <= 0.05).mean() > 0.5
    assert (biased[0] <= 0.05).mean() < 0.005


@pytest.mark.parametrize("metric", ["heldout_nll", "tail_nll", "accuracy"])
def test_the_error_is_that_of_many_samples(alike, metric):
    assert math.sqrt((alike[metric][3] ** 2).mean()) == pytest.approx(alike[metric][2].std(), rel=0.1)


def test_a_true_difference_lies_in_its_interval_as_often_as_it_says():
    rng, z = np.random.default_rng(11), quantile(0.975, 63)
    held = []
    for run in range(600):
        found = endpoints(*both(rng, rise=0.03), permutations=19, seed=run)["heldout_nll"]
        held.append(abs(found.observed + 0.03) <= z * found.error)
    low, high = binom.ppf([0.005, 0.995], 600, 0.95)
    assert low <= sum(held) <= high


def test_a_loss_on_hard_documents_alone_shows_in_the_tail():
    tokens, (one, other) = drawn(np.random.default_rng(12), 2000)
    hard = np.argsort(-other)[:100]
    one = other.copy()
    one[hard] += 1.0
    one += np.random.default_rng(13).normal(0, 0.05, 2000)
    found = endpoints(scores(np.maximum(one, 0) * tokens, tokens), scores(other * tokens, tokens))
    assert found["tail_nll"].observed == pytest.approx(-1.0, abs=0.05)
    assert found["tail_nll"].p == 1 / (B + 1)
    assert -0.1 < found["heldout_nll"].observed < -0.02


def test_swapping_the_models_changes_the_sign_and_not_the_choice():
    candidate, baseline = both(np.random.default_rng(14))
    one, other = endpoints(candidate, baseline), endpoints(baseline, candidate)
    for metric, found in one.items():
        assert np.array_equal(found.statistics, -other[metric].statistics)
        assert found.error == pytest.approx(other[metric].error)
    assert np.array_equal(worst(paired(candidate, baseline)), worst(paired(baseline, candidate)))


def test_the_worst_are_a_twentieth_rounded_up_and_ties_go_by_place():
    ones = np.ones(101)
    pairs = Pairs(candidate=ones, baseline=ones, tokens=ones.astype(np.int64), right=None, group=np.zeros(101, np.int64))
    assert worst(pairs).tolist() == [0, 1, 2, 3, 4, 5]


def part(whole, start, stop):
    """Return the scores of some of the documents, by place."""
    kept = slice(start, stop)
    return Scores(
        path=whole.path, ids=whole.ids[kept], names=whole.names[kept], nll=whole.nll[kept], tokens=whole.tokens[kept],
        correct=None if whole.correct is None else whole.correct[kept], train=None, quarantined=0, quarantine=(),
    )  # fmt: skip


def test_only_documents_that_both_scored_are_compared():
    candidate, baseline = both(np.random.default_rng(15))
    found = endpoints(part(candidate, 0, 700), part(baseline, 100, 800))
    shared = endpoints(part(candidate, 100, 700), part(baseline, 100, 700))
    assert np.array_equal(found["heldout_nll"].statistics, shared["heldout_nll"].statistics)
    assert found["heldout_nll"].n == 600


def test_fewer_than_ninety_six_shared_documents_are_no_comparison():
    candidate, baseline = both(np.random.default_rng(16), 400)
    (found,) = fidelity_endpoints(part(candidate, 0, 245), part(baseline, 150, 400), B, 0)
    assert isinstance(found, NotMeasured)
    assert "only 95 documents are scored in both candidate.jsonl and baseline.jsonl, fewer than 96" in found.reason
    assert isinstance(endpoints(part(candidate, 0, 246), part(baseline, 150, 400))["heldout_nll"], Endpoint)


def test_a_tail_of_too_few_documents_is_not_measured():
    found = endpoints(*both(np.random.default_rng(17), 200))
    assert isinstance(found["heldout_nll"], Endpoint)
    assert isinstance(found["tail_nll"], NotMeasured)
    assert "10 documents in" in found["tail_nll"].reason


def test_unlike_tokens_on_a_document_are_refused_with_its_name():
    candidate, baseline = both(np.random.default_rng(18), 300)
    tokens = baseline.tokens.copy()
    tokens[[7, 9]] += 1
    other = scores(baseline.nll, tokens, path="baseline.jsonl")
    name, before, after = candidate.names[7], candidate.tokens[7], tokens[7]
    message = rf"candidate\.jsonl and baseline\.jsonl .*unlike tokenizers: 2 of 300 .*of document '{name}' \({before} and {after}\)"
    with pytest.raises(IncompatibleSummaries, match=message):
        fidelity_endpoints(candidate, other, B, 0)


def test_accuracy_takes_both_files_and_the_documents_with_an_answer_in_both():
    candidate, baseline = both(np.random.default_rng(19))
    without = scores(baseline.nll, baseline.tokens)
    assert set(endpoints(candidate, without)) == {"heldout_nll", "tail_nll"}
    partly = baseline.correct.copy()
    partly[::2] = np.nan
    found = endpoints(candidate, scores(baseline.nll, baseline.tokens, partly))["accuracy"]
    assert found.observed == pytest.approx((candidate.correct - baseline.correct)[1::2].mean())
    assert found.n == 400
    partly[100:] = np.nan
    scarce = endpoints(candidate, scores(baseline.nll, baseline.tokens, partly))["accuracy"]
    assert isinstance(scarce, NotMeasured) and "only 50 documents, fewer than 96" in scarce.reason


def test_scores_of_one_and_the_same_model_carry_no_decision():
    candidate, _ = both(np.random.default_rng(20))
    found = endpoints(candidate, candidate)
    assert all(isinstance(each, NotMeasured) and "no variation" in each.reason for each in found.values())
    assert set(found) == {"heldout_nll", "tail_nll", "accuracy"}


def test_a_models_own_loss_is_its_nats_over_its_tokens():
    candidate, _ = both(np.random.default_rng(21))
    found = heldout_value(candidate)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(candidate.nll.sum() / candidate.tokens.sum())
    assert (found.metric, found.unit, found.kind, found.baseline, found.n) == ("heldout_nll", "nats/token", "value", None, 800)
    assert 0 <= found.low < found.value < found.high


def test_the_gap_between_held_out_and_training_text_is_found_with_its_interval():
    rng, held = np.random.default_rng(22), []
    low, high = binom.ppf([0.005, 0.995], 500, 0.95)
    for _ in range(500):
        (tokens, (heldout, _)), (seen, (train, _)) = drawn(rng, 300), drawn(rng, 200)
        found = train_gap(scores((heldout + 0.4) * tokens, tokens, train=(train * seen, seen)))
        assert found.value == pytest.approx(((heldout + 0.4) * tokens).sum() / tokens.sum() - (train * seen).sum() / seen.sum())
        held.append(found.low <= 0.4 <= found.high)
    assert low <= sum(held) <= high
    assert (found.metric, found.unit, found.n) == ("train_gap", "nats/token", 300)


def test_a_gap_below_nothing_stays_below_nothing():
    tokens, (heldout, train) = drawn(np.random.default_rng(23), 300)
    found = train_gap(scores(heldout * tokens, tokens, train=((train + 1) * tokens, tokens)))
    assert found.low < found.value < found.high < 0


def test_without_training_rows_or_with_a_handful_there_is_no_gap():
    candidate, _ = both(np.random.default_rng(24))
    found = train_gap(candidate)
    assert isinstance(found, NotMeasured) and "has no documents of split 'train'" in found.reason
    few = scores(candidate.nll, candidate.tokens, train=([1.0] * 15, [1] * 15))
    assert "only 15 documents, fewer than 16" in train_gap(few).reason
    assert "only 10 documents" in heldout_value(scores([1.0] * 10, [1] * 10)).reason
