import math
import re

import numpy as np
import pytest

from longtail.origin.scorers.occurrence import occurrence

HUMAN = ["We left early. The dog was old. He slept.", "The dog ran. We left. I saw it!", "The cat sat. The dog barked. Good."] * 3
MACHINE = ["It is a dog. The dog is good.", "The dog is here. We left it.\nThe cat is a cat."] * 3
TEXTS, LABELS = HUMAN + MACHINE, np.repeat([0, 1], [len(HUMAN), len(MACHINE)])


def sentences(texts):
    cut = [[re.findall(r"\w+", part.lower()) for part in re.split(r"[.!?\n]", text)] for text in texts]
    whole = [(set(words), at) for at, text in enumerate(cut) for words in text if len(words) > 1]
    return [words for words, _ in whole], [at for _, at in whole]


def brute(texts):
    """The published formula, one word at a time."""
    human, machine = sentences(HUMAN)[0], sentences(MACHINE)[0]
    every = set().union(*human, *machine)
    held = {word: (sum(word in each for each in human), sum(word in each for each in machine)) for word in every}
    shares = {w: ((p + 0.5) / (len(human) + 1), (q + 0.5) / (len(machine) + 1)) for w, (p, q) in held.items() if p >= 5 and q >= 3}
    return [
        sum(math.log(q / p) if word in sentence else math.log((1 - q) / (1 - p)) for word, (p, q) in shares.items())
        for sentence in sentences(texts)[0]
    ]


def test_sentences_score_as_the_published_formula_says():
    found = occurrence(TEXTS, LABELS).sentence_scores(TEXTS)
    assert found.documents.tolist() == sentences(TEXTS)[1]
    np.testing.assert_allclose(found.scores[:, 0], brute(TEXTS), rtol=1e-10)


def test_a_document_is_the_sum_of_its_sentences_and_has_no_score_without_one():
    scorer = occurrence(TEXTS, LABELS)
    new = ["The dog is good. We left.", "one", "", "A cat."]
    found, parts = scorer.scores(new)[:, 0], scorer.sentence_scores(new)
    for at in (0, 3):
        assert found[at] == pytest.approx(parts.scores[parts.documents == at, 0].sum())
    assert np.isnan(found[1:3]).all()


def test_learning_from_rows_is_learning_from_those_texts_alone():
    rows = np.r_[0:7, 9:14]
    alone = occurrence([TEXTS[at] for at in rows], LABELS[rows]).scores(TEXTS)
    np.testing.assert_allclose(occurrence.fit(occurrence.features(TEXTS), LABELS, rows).scores(TEXTS), alone)


def test_a_reference_that_shares_no_word_says_nothing():
    found = occurrence(["alpha beta."] * 9 + ["gamma delta."] * 9, np.repeat([0, 1], 9)).scores(["alpha beta gamma."])
    assert found.tolist() == [[0.0]]
