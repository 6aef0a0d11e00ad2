"""Different answers to one prompt, from profiles whose sample holds all answers and from others."""

import math
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

import longtail
from longtail.metrics.surface.answers import same_words
from longtail.metrics.surface.novelty import answers_of, distinct_k
from longtail.records import NotMeasured
from longtail.stats.surface.novelty import distinct_k as of_answers
from longtail.summaries.profile import Profile

PROMPTS, K = 60, 10


def answers(kinds, count=12, prompts=PROMPTS, seed=0):
    """The answers to each prompt, drawn from as many kinds that have no word in common."""
    rng = np.random.default_rng(seed)
    return [[f"p{prompt}a{kind} b{kind} c{kind} d{kind}" for kind in rng.integers(0, kinds, count)] for prompt in range(prompts)]


def table(given):
    rows = [(f"prompt {prompt}", text) for prompt, texts in enumerate(given) for text in texts]
    return pa.record_batch({"prompt": pa.array([row[0] for row in rows]), "text": pa.array([row[1] for row in rows])})


def profiled(given):
    made = Profile(["words_1"], 0)
    made.add(table(given))
    return made


def test_the_value_is_the_mean_over_all_subsets_of_the_prompts_that_are_whole():
    given = answers(6, prompts=300)
    profile = profiled(given)
    whole = answers_of(profile)
    assert 265 <= len(whole) < 300  # some prompts share their cell with another
    stated = {frozenset(texts): texts for texts in given}
    by_hand = [np.mean([len(set(some)) for some in combinations(stated[frozenset(each)], K)]) for each in whole]
    found = distinct_k(profile)
    assert found.value == pytest.approx(np.mean(by_hand))
    assert found.value == pytest.approx(of_answers([stated[frozenset(each)] for each in whole], same_words).mean)
    assert found.high - found.value == pytest.approx(2.0 * np.std(by_hand, ddof=1) / math.sqrt(len(whole)), rel=0.02)
    assert (found.n, found.unit, found.resampling_unit) == (len(whole), "answers", "prompt")
    assert f"mean over {len(whole)} of 300 prompts" in found.method


def test_fewer_kinds_are_fewer_different_answers():
    few, many = distinct_k(profiled(answers(2))), distinct_k(profiled(answers(50)))
    assert few.high < many.low and few.low >= 1 and many.high <= K
    assert distinct_k(profiled([["the same answer to all that is asked here"] * 10] * PROMPTS)).value == 1


def test_no_order_and_no_sharding_matters():
    given, rng = answers(6), np.random.default_rng(1)
    whole, shuffled = table(given), rng.permutation(PROMPTS * 12)
    parts = [Profile(["words_1"], 0) for _ in range(2)]
    for part, rows in zip(parts, np.array_split(shuffled, 2), strict=True):
        part.add(whole.take(pa.array(rows)))
    parts[0].merge(parts[1])
    assert distinct_k(parts[0]) == distinct_k(profiled(given))


def test_an_answer_to_several_prompts_counts_for_each():
    given = [[f"yes it is so {prompt}"] * 5 + ["no it is not"] * 5 for prompt in range(PROMPTS)]
    assert distinct_k(profiled(given)).value == pytest.approx(2)


def test_answers_are_alike_by_whatever_rule_is_given():
    profile = profiled(answers(6))
    assert distinct_k(profile, alike=lambda one, other: True).value == 1
    assert "alike by a rule that was given" in distinct_k(profile, alike=same_words).method
    assert distinct_k(profile, alike=same_words).value == pytest.approx(distinct_k(profile).value)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answers(6, count=9), f"0 of {PROMPTS} prompts have 10 answers"),
        (answers(6, prompts=1), "1 of 1 prompts have 10 answers"),
        (answers(6, prompts=20), "of 20 prompts have 10 answers and all of them in the sample, fewer than 30"),
    ],
    ids=["few answers", "one prompt", "few prompts"],
)
def test_few_answers_or_prompts_are_not_measured(given, reason):
    found = distinct_k(profiled(given))
    assert isinstance(found, NotMeasured) and reason in found.reason
    assert "at least 10 answers to each of 30 prompts" in found.enable


def test_a_sample_that_does_not_hold_whole_prompts_says_so():
    found = distinct_k(profiled(answers(10**9, count=20, prompts=400)))
    assert isinstance(found, NotMeasured)
    assert "0 of 400 prompts" in found.reason and "longtail.stats.surface.novelty.distinct_k" in found.enable


def test_prompts_with_an_answer_that_was_cut_are_left_out():
    given = answers(6)
    given[0][0] = "word " * 2000
    assert len(answers_of(profiled(given))) == len(answers_of(profiled(answers(6)))) - 1


def test_documents_without_a_prompt_are_no_answers():
    given = answers(6, prompts=150)
    made = profiled(given)
    made.add(pa.record_batch({"text": pa.array([f"document {at}" for at in range(400)])}))
    whole = answers_of(made)
    assert 110 <= len(whole) <= len(answers_of(profiled(given))) - 5
    assert {frozenset(each) for each in whole} <= {frozenset(texts) for texts in given}


def test_documents_without_a_prompt_are_not_measured():
    made = Profile(["words_1"], 0)
    made.add(pa.record_batch({"text": pa.array([f"document {at}" for at in range(400)])}))
    assert distinct_k(made).reason == "no document states the prompt that it answers"


def test_an_audit_shows_it_where_prompts_have_answers(tmp_path):
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_batches([table(answers(6))]), tmp_path / "a.parquet")
    shown = {each.metric: each for each in longtail.audit(tmp_path / "a.parquet").estimates}
    assert shown["distinct_k"].unit == "answers" and shown["distinct_k"].decision is None
