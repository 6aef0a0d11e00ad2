"""Features of texts and their scale: by hand, and that nothing is learnt from texts outside the fold."""

from math import log

import numpy as np
import pytest

from longtail.origin.scorers.features import STYLE_LIMIT, STYLE_WEIGHT, Features, Scale
from longtail.origin.scorers.style import STYLE, style
from longtail.origin.scorers.tokens import counted, tokens

TEXTS = ["alpha alpha beta", "Alpha beta", "beta", "gamma, gamma!", "gamma delta"]


def gram(word):
    return counted([[word]], 1).grams[0]


def by_gram(scale, row):
    return dict(zip(scale.grams.tolist(), row[: len(scale.grams)], strict=True))


def test_style_and_words_are_those_of_the_tokens_of_each_text():
    found = Features.of(TEXTS, 2)
    assert found.words.tolist() == [3, 2, 1, 2, 2] and len(found) == 5
    np.testing.assert_array_equal(found.style, [style(tokens(text)) for text in TEXTS])


def test_marks_and_line_ends_are_no_words_and_digits_are():
    assert Features.of(["", "?! ...\n\n", "3.5, ok", "漢字"], 1).words.tolist() == [0, 0, 3, 2]


def test_of_no_texts_there_are_features_of_the_same_width():
    none = Features.of([], 3)
    assert len(none) == 0 and none.style.shape == (0, len(STYLE)) and none.table.shape == (0, 0)


def test_rows_taken_are_the_features_of_those_texts_in_that_order():
    rows = np.array([3, 0, 0])
    taken, anew = Features.of(TEXTS, 2).take(rows), Features.of([TEXTS[at] for at in rows], 2)
    np.testing.assert_array_equal(taken.style, anew.style)
    np.testing.assert_array_equal(taken.words, anew.words)
    np.testing.assert_array_equal(taken.candidates, anew.candidates)
    np.testing.assert_array_equal(taken.table.toarray(), anew.table.toarray())


def test_the_table_holds_one_and_the_logarithm_of_each_count():
    found = Features.of(TEXTS, 1)
    table = {word: found.table.toarray()[:, found.candidates == gram(word)].ravel().tolist() for word in ("alpha", "beta", "gamma")}
    assert len(found.candidates) == 3
    assert table == {"alpha": [1 + log(2), 1, 0, 0, 0], "beta": [1, 1, 1, 0, 0], "gamma": [0, 0, 0, 1 + log(2), 1]}


def test_a_row_is_the_closed_form_of_its_counts_and_of_how_rare_they_are():
    scale, matrix = Scale.of(Features.of(TEXTS, 1), np.arange(3))
    alpha, beta = (1 + log(2)) * (1 + log(4 / 3)), 1.0
    length = np.hypot(alpha, beta)
    assert by_gram(scale, matrix.toarray()[0]) == {
        int(gram("alpha")): pytest.approx(alpha / length),
        int(gram("beta")): pytest.approx(beta / length),
    }


def test_texts_outside_the_rows_change_nothing():
    rows = np.array([0, 1, 2])
    inside, alone = Scale.of(Features.of(TEXTS, 2), rows), Scale.of(Features.of(TEXTS[:3], 2), rows)
    for name in ("grams", "rarity", "centre", "spread"):
        np.testing.assert_array_equal(getattr(inside[0], name), getattr(alone[0], name))
    np.testing.assert_array_equal(inside[1].toarray(), alone[1].toarray())
    assert gram("gamma") not in inside[0].grams


def test_a_scale_leaves_the_features_as_they_were():
    found = Features.of(TEXTS, 2)
    before = found.table.toarray()
    first = Scale.of(found, np.arange(5))[1].toarray()
    scale, second = Scale.of(found, np.arange(5))
    np.testing.assert_array_equal(first, second.toarray())
    np.testing.assert_array_equal(scale.matrix(found).toarray(), scale.matrix(found).toarray())
    np.testing.assert_array_equal(found.table.toarray(), before)


def test_a_text_of_unknown_words_has_style_alone():
    scale, _ = Scale.of(Features.of(TEXTS, 1), np.arange(3))
    row = scale.matrix(Features.of(["omega psi", ""], 1)).toarray()
    assert not row[:, : len(scale.grams)].any()
    assert np.isfinite(row).all() and row[0, len(scale.grams) :].any()


def test_every_row_with_a_known_n_gram_has_length_one_beside_style():
    scale, matrix = Scale.of(Features.of(TEXTS, 2), np.arange(5))
    assert np.linalg.norm(matrix.toarray()[:, : len(scale.grams)], axis=1) == pytest.approx(np.ones(5))


def test_style_is_in_deviations_of_the_rows_and_limited():
    found = Features.of([*TEXTS, "WHY?! " * 400], 1)
    rows = np.arange(5)
    scale, _ = Scale.of(found, rows)
    rates = found.style[rows]
    varied = rates.std(0) > 0
    expected = (found.style - rates.mean(0)) / np.where(varied, rates.std(0), 1)
    told = scale.matrix(found).toarray()[:, len(scale.grams) :]
    np.testing.assert_allclose(told, STYLE_WEIGHT * np.clip(expected, -STYLE_LIMIT, STYLE_LIMIT), atol=1e-15)
    assert told[5].max() == STYLE_LIMIT * STYLE_WEIGHT and 0 < varied.sum() < len(STYLE)


def test_rows_that_share_no_n_gram_have_style_alone():
    scale, matrix = Scale.of(Features.of(["alpha", "beta gamma"], 1), np.arange(2))
    assert len(scale.grams) == 0 and matrix.shape == (2, len(STYLE))
