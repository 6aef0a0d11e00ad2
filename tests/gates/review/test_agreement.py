"""Whether the same is said twice, and who decides."""

import numpy as np
import pytest

from longtail.gates.review.agreement import agreement, cohen_kappa, krippendorff_alpha
from longtail.gates.review.concentration import concentration, effective_number
from longtail.records import NotMeasured


def pairs(**counts):
    return [tuple(said.split("_")) for said, many in counts.items() for _ in range(many)]


def test_kappa_is_that_of_the_textbook():
    assert cohen_kappa(pairs(yes_yes=20, yes_no=5, no_yes=10, no_no=15)) == pytest.approx(0.4)
    assert cohen_kappa(pairs(yes_yes=45, yes_no=15, no_yes=25, no_no=15)) == pytest.approx(0.1304, abs=1e-4)
    assert cohen_kappa(pairs(yes_yes=9)) is None


def test_alpha_is_that_of_krippendorffs_worked_examples():
    two = list(
        zip(
            ["a", "a", "b", "b", "d", "c", "c", "c", "e", "d", "d", "a"],
            ["b", "a", "b", "b", "b", "c", "c", "c", "e", "d", "d", "d"],
            strict=True,
        )
    )
    assert krippendorff_alpha(two) == pytest.approx(0.692, abs=5e-4)
    star = None
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, star, star, star],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, star, 3],
        [star, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, star],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, star],
    ]
    units = [tuple(str(said) for said in unit if said is not star) for unit in zip(*observers, strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)


def test_chance_gives_none_and_full_agreement_gives_one():
    rng = np.random.default_rng(0)
    units = [tuple(rng.choice(["accept", "reject"], 2)) for _ in range(4000)]
    assert abs(krippendorff_alpha(units)) < 0.05 and abs(cohen_kappa(units)) < 0.05
    same = agreement([("accept", "accept"), ("reject", "reject")], "one reviewer")
    assert same.raw.value == same.kappa.value == same.alpha.value == 1 and same.raw.low < 0.2


def test_nothing_said_twice_is_not_measured():
    found = agreement([], "two reviewers")
    assert found.pairs == 0 and isinstance(found.kappa, NotMeasured) and isinstance(found.raw, NotMeasured)


def test_who_decides_nearly_all_is_warned_of(queue):
    for at, task in enumerate(queue.tasks()[:30]):
        queue.decide(task, "accept" if at % 2 else "reject", "kim" if at else "lee")
    found = concentration(queue.tasks(), queue.votes(), {number: item for number, _, _, item in queue.items()})
    assert found.shares["kim"] > 0.9 and found.warning.startswith("kim made") and found.effective < 1.3
    assert effective_number([5, 5, 5, 0]) == pytest.approx(3)


def test_a_reviewer_who_lets_one_kind_pass_narrows_and_one_who_does_not_look_does_not(queue):
    items = {number: item for number, _, _, item in queue.items()}
    for task in queue.tasks():
        queue.decide(task, "accept" if items[task.item].stratum == "x" else "reject", "narrow")
        queue.decide(task, "accept" if task.number % 2 else "reject", "blind")
    found = {each.reviewer: each for each in concentration(queue.tasks(), queue.votes(), items).narrowing if each.of == "strata"}
    assert found["narrow"].effective == pytest.approx(1) and found["narrow"].expected > 2 and found["narrow"].p < 0.01
    assert found["blind"].p > 0.01
