import numpy as np
import pytest

from longtail.origin.scorers.likelihood import Likelihood, cut, likelihood
from longtail.stats.interpolated import Interpolated, numbered

TEXTS = ["we left early", "the dog was old", "it is a dog", "it is the dog"]
LABELS = np.array([0, 0, 1, 1])


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_score_is_the_difference_of_the_mean_losses_of_two_models(order):
    vocabulary = numbered(TEXTS)
    human, machine = (Interpolated.learnt(part, order, vocabulary) for part in (TEXTS[:2], TEXTS[2:]))
    new = ["the dog left early", "it is old"]
    found = Likelihood(order)(TEXTS, LABELS).scores(new)[:, 0]
    assert found == pytest.approx([human.nll([text], vocabulary) - machine.nll([text], vocabulary) for text in new])


def test_a_text_without_tokens_has_no_score_and_cases_do_not_matter():
    found = likelihood(TEXTS, LABELS).scores(["", "  ", "IT IS", "it is"])
    assert np.isnan(found[:2]).all()
    assert found[2] == found[3]


def test_learning_from_rows_is_learning_from_those_texts_alone():
    rows = np.array([0, 2, 3])
    steps, alone = likelihood.fit(cut(TEXTS), LABELS, rows), likelihood([TEXTS[at] for at in rows], LABELS[rows])
    np.testing.assert_allclose(steps.scores(TEXTS), alone.scores(TEXTS))
