"""The next tasks of a policy: their answers by Python's own arithmetic, the effective rank of matrices that are known."""

import numpy as np
import pytest

from longtail.lab.makers.plasticity import effective_rank, right_and_direct, subtractions
from longtail.lab.worlds.arithmetic import all_sums, decoded


def test_the_next_task_pays_for_right_answers_in_the_direct_format_alone():
    sums = all_sums().take(np.full(4, 4738))
    assert right_and_direct(sums, ["D085", "S15,08,085", "D084", "R580"]).tolist() == [1.0, 0.0, 0.0, 0.0]


def test_lessons_of_the_other_task_are_right_and_have_a_sign_of_their_own():
    for text in decoded(subtractions(all_sums())):
        prompt, said = text.split("=&")
        left, right = prompt.split("-")
        assert int(said) == int(left) - int(right)


def test_the_effective_rank_is_the_number_of_directions_of_equal_weight():
    turned = np.linalg.qr(np.random.default_rng(0).standard_normal((6, 6)))[0]
    for rank in (1, 3, 6):
        rows = np.vstack([turned[:rank], -turned[:rank]])
        assert effective_rank(rows) == pytest.approx(rank)
