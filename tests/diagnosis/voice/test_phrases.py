"""Phrases that tell two sides apart, against counts by hand and scipy's test."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

from longtail.diagnosis.voice.phrases import HIDDEN, fisher, phrases_of, share
from longtail.diagnosis.voice.pieces import overlaps, pieces_of
from longtail.diagnosis.voice.windows import matched, windows_of
from longtail.metrics.surface.excerpts import Excerpts

DAYS = np.datetime64("2022-01-01") + np.arange(400)


def made(texts):
    return windows_of(Excerpts(tuple(texts), np.zeros(len(texts), np.uint16)), min(len(text.split()) for text in texts), 0)


def archive():
    rng = np.random.default_rng(0)
    words = [f"w{at}" for at in range(2000)]
    texts = [rng.choice(words, 30).tolist() for _ in range(400)]
    for at in range(0, 200, 4):
        texts[at][10:13] = ["kettle", "of", "fish"]
    for at in range(200, 400, 2):
        texts[at][5:8] = ["game", "changing", "solution"]
    return made([" ".join(text) for text in texts])


EARLY = np.arange(400) < 200


def test_the_phrase_that_went_and_the_one_that_came_are_named_with_their_counts():
    found = phrases_of(archive(), DAYS, EARLY, ~EARLY, ("then", "now"))
    gone, came = found.vanished[0], found.spread[0]
    assert gone.text == "kettle of fish" and (gone.before, gone.after) == (250.0, 0.0) and gone.documents_before == 50
    assert came.text == "game changing solution" and (came.before, came.after) == (0.0, 500.0)
    assert (came.first, came.last) == ("2022-07-20", "2023-02-03") and "game changing solution" in came.example
    assert len(found.vanished) == len(found.spread) == 1


def test_sides_that_are_alike_have_no_phrases():
    every = np.arange(400)
    found = phrases_of(archive(), DAYS, every % 4 < 2, every % 4 >= 2, ("a", "b"))
    assert not [each for each in found.spread if each.p_adjusted > 0.05] and found.looked_at > 0
    rng = np.random.default_rng(1)
    texts = made([" ".join(rng.choice([f"w{at}" for at in range(50)], 30)) for _ in range(400)])
    plain = phrases_of(texts, DAYS, EARLY, ~EARLY, ("a", "b"))
    assert plain.vanished == plain.spread == () and plain.looked_at > 1000


def test_texts_are_hidden_on_demand():
    found = phrases_of(archive(), DAYS, EARLY, ~EARLY, ("then", "now"), redact=True)
    assert {each.text for each in (*found.vanished, *found.spread)} == {HIDDEN} == {found.spread[0].example}
    assert {each.text for each in pieces_of(archive(), DAYS, EARLY, ~EARLY, redact=True)} == {HIDDEN}


def test_p_values_are_those_of_the_exact_test():
    early, late = np.array([5, 0, 12]), np.array([1, 9, 13])
    ours = fisher(early, late, 40, 60)
    for place in range(3):
        table = [[early[place], 40 - early[place]], [late[place], 60 - late[place]]]
        one_sided = min(fisher_exact(table, alternative=way).pvalue for way in ("less", "greater"))
        assert ours[place] == pytest.approx(min(1, 2 * one_sided))


def test_a_side_of_longer_texts_is_cut_to_the_lengths_of_the_other():
    texts = [" ".join(["x"] * (20 + at % 7)) for at in range(60)] + [" ".join(["x"] * (40 + at % 7)) for at in range(60)]
    early = np.arange(120) < 60
    corpus = matched(made(texts).excerpts, early, ~early)
    assert sorted(corpus.lengths[early].tolist()) == sorted(corpus.lengths[~early].tolist()) == sorted(20 + at % 7 for at in range(60))


def test_the_typical_piece_is_the_one_most_like_the_others():
    texts = ["a b c d e f", "a b c d e g", "a b c d x y", "p q r s t u"]
    likeness = overlaps(made(texts), np.arange(4))
    pairs = [set(zip(text.split(), text.split()[1:], strict=False)) for text in texts]
    brute = [np.mean([len(a & b) / len(a | b) for b in pairs if b is not a]) for a in pairs]
    assert likeness == pytest.approx(brute) and likeness.argmax() in (0, 1)


def test_the_interval_of_a_share_is_wilsons():
    found = share(0, 100)
    assert found.low == 0 and found.high == pytest.approx(0.0370, abs=1e-4)
    assert share(50, 100).low == pytest.approx(0.4038, abs=1e-4)
