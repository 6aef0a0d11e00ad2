import math

import numpy
import pytest

from longtail.errors import ConfigError, UsageError
from longtail.lab.learners.documents import Documents, rarest, variety
from longtail.lab.learners.text import NGramText
from longtail.lab.run import run
from longtail.lab.settings import Settings

TRAIN = ["a b c", "a b d", "a c e", "b c f"]


def learner():
    return Documents(NGramText(2, 1.0, {}), TRAIN, TRAIN)


def test_variety_counts_distinct_runs_of_words_at_an_equal_length():
    found = variety(["a b a b", "c d e f"], 5)
    assert found["support"] == 3
    assert found["distinct_1"] == pytest.approx(3 / 5)
    assert found["distinct_2"] == pytest.approx(3 / 4)
    assert found["distinct_4"] == pytest.approx(2 / 2)


def test_variety_of_fewer_words_than_are_compared_does_not_exist():
    assert all(math.isnan(value) for value in variety(["a b"], 5).values())


def test_the_rarest_words_hold_at_most_a_tenth_and_ties_stay_together():
    documents = [" ".join(["a"] * 50 + ["b"] * 40 + ["c"] * 4 + ["d"] * 3 + ["e"] * 3)]
    assert rarest(documents) == {"c", "d", "e"}
    assert rarest([" ".join(["a"] * 80 + ["b"] * 6 + ["c"] * 14)]) == {"b"}


def test_real_documents_are_given_in_their_order_and_once():
    first = learner().real(2, 3, numpy.random.default_rng(0), 0)
    assert first == [TRAIN[:3], TRAIN[:3]]
    assert learner().real(1, 1, numpy.random.default_rng(0), 3) == [TRAIN[3:]]
    with pytest.raises(UsageError, match="5 real documents are needed and the corpus has 4"):
        learner().real(1, 2, numpy.random.default_rng(0), 3)


def test_documents_are_joined_taken_and_edited_without_loss():
    rng = numpy.random.default_rng(0)
    joined = learner().join([([["x"]], 1.0), ([["y", "z"]], 1.0)])
    assert joined == [["x", "y", "z"]]
    assert sorted(learner().take([TRAIN], 4, rng)[0]) == sorted(TRAIN)
    assert len(set(learner().take([TRAIN], 2, rng)[0])) == 2
    model = learner().fit([TRAIN], None, rng)
    edited = learner().edit([["one", "two", "three"]], model, 1, rng)[0]
    assert len(edited) == 3
    assert len({"one", "two", "three"} & set(edited)) == 2


def test_documents_with_weights_are_refused():
    with pytest.raises(ConfigError, match="weights"):
        learner().join([([["x"]], 0.5)])


def test_pooling_keeps_the_likelihood_of_held_out_text_that_replacement_loses():
    runs = {
        policy: run(
            Settings(family="ngram", policy=policy, generations=3, samples=1500, replicates=1), series=["heldout_nll", "distinct_4"]
        )
        for policy in ("replace", "accumulate")
    }
    first, last = runs["replace"].series["heldout_nll"].mean[0], {name: each.series["heldout_nll"].mean[-1] for name, each in runs.items()}
    assert first < last["accumulate"] < first + 0.1
    assert last["replace"] > first + 0.25
    assert runs["replace"].series["distinct_4"].mean[-1] < runs["accumulate"].series["distinct_4"].mean[-1]


def test_a_corpus_of_a_few_documents_runs_and_leaves_out_what_it_cannot_tell(tmp_path):
    corpus = tmp_path / "few.csv"
    corpus.write_text("text\n" + "\n".join(f"{a} {b} {c}" for a in "ab" for b in "cd" for c in "efg"))
    found = run(Settings(family="ngram", generations=2, samples=2, replicates=2, options={"corpus": str(corpus)}))
    assert found.series["heldout_nll"].mean[-1] > 0
    tiny = tmp_path / "tiny.csv"
    tiny.write_text('text\n"one two three"\n"two three four"\n"three four five six"\n"a b c"\n"d e f"\n"g h i j"\n')
    tail = run(Settings(family="ngram", generations=2, samples=2, replicates=2, options={"corpus": str(tiny)})).series["tail_mass_retained"]
    assert tail.mean == (None, None)
    assert tail.left_out == (2, 2)
