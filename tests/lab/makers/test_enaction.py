"""Entropy on own text and on that of others, along the line between two policies."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the worlds are small networks")
pytest.importorskip("sklearn", reason="comes with the extra torch")

from longtail.lab.learners.torch.door import device_of, torch
from longtail.lab.makers import enaction
from longtail.lab.worlds.arithmetic import PROMPT, all_sums
from longtail.lab.worlds.policy import fresh, likelihoods, written


@pytest.fixture(scope="module")
def policy():
    return fresh(16, np.random.default_rng(0), device_of("cpu"))


def test_own_text_has_no_gap_and_the_matrix_of_answers_by_prompts_is_that_of_single_rows(policy):
    """Surprisal of what is drawn from a law is its entropy, in the mean."""
    problems = all_sums().take(np.repeat(np.arange(0, 6400, 100), 8))
    rows = written(policy, problems, np.random.default_rng(8))
    assert enaction._found(policy, rows).gap == pytest.approx(0, abs=0.08)
    few = rows[::128]
    matrix = enaction._matrix(policy, few)
    single = rows[[128]].copy()
    single[0, :PROMPT] = few[3, :PROMPT]
    with torch.no_grad():
        assert matrix[1, 3] == pytest.approx(float(likelihoods(policy, single).logp.sum()), abs=1e-4)


def test_what_is_regained_is_a_share_of_what_was_lost():
    assert enaction._regained([1.0, 0.75, 0.5]) == [1.0, 0.5, 0.0]
    assert np.isnan(enaction._regained([0.5, 0.6])).all()
