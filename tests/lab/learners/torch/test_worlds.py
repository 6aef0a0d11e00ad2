"""A tiny policy, reinforced: its likelihoods against its own writing, its gradient's direction, and the world around it."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the worlds are small networks")
pytest.importorskip("sklearn", reason="comes with the extra torch")

from longtail.lab.kept import keeping
from longtail.lab.learners.torch.door import device_of, torch
from longtail.lab.worlds.arithmetic import END, LONGEST, PROMPT, VOCABULARY, all_sums, encoded, scores, split
from longtail.lab.worlds.base import EVERY, HELD_OUT, SHOWN, base, remembered
from longtail.lab.worlds.policy import Policy, completions_of, fresh, interpolated, likelihoods, pretrained, written
from longtail.lab.worlds.reinforcement import How, credit, reinforced
from longtail.lab.worlds.watching import entropy_of, noted
from longtail.metrics.rollouts.groups import lone_success


@pytest.fixture(scope="module")
def policy():
    rng = np.random.default_rng(0)
    return pretrained(fresh(16, rng, device_of("cpu")), all_sums(), (0.4, 0.3, 0.3), 120, rng, batch=32)


def test_likelihoods_are_those_of_the_law_that_writes(policy):
    """The chance of every first sign sums to one, and is the frequency with which it is written."""
    sums = all_sums().take(np.zeros(4000, np.int64))
    first = written(policy, sums, np.random.default_rng(1))[:, PROMPT]
    rows = encoded(sums.prompts[:1] * VOCABULARY, PROMPT + LONGEST)
    rows[:, PROMPT] = np.arange(VOCABULARY)
    with torch.no_grad():
        chances = np.exp(likelihoods(policy, rows).logp[:, 0].numpy())
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert np.bincount(first, minlength=VOCABULARY) / 4000 == pytest.approx(chances, abs=0.04)


def test_nothing_is_counted_behind_the_end(policy):
    rows = encoded(["47+38=D085"], PROMPT + LONGEST)
    other = rows.copy()
    other[0, -3:] = 5
    first = likelihoods(policy, rows)
    assert int(first.inside.sum()) == 5
    assert rows[0, PROMPT + 4] == END
    assert float(first.logp.sum()) == pytest.approx(float(likelihoods(policy, other).logp.sum()), abs=1e-6)


def test_teaching_lowers_the_loss_and_one_seed_teaches_the_same(policy):
    rng = np.random.default_rng(0)
    again = pretrained(fresh(16, rng, device_of("cpu")), all_sums(), (0.4, 0.3, 0.3), 120, rng, batch=32)
    assert all(torch.equal(a, b) for a, b in zip(policy.weights, again.weights, strict=True))
    rows = encoded(["47+38=D085", "11+22=R330"], PROMPT + LONGEST)
    untaught = fresh(16, np.random.default_rng(0), device_of("cpu"))
    assert float(likelihoods(policy, rows).logp.sum()) > float(likelihoods(untaught, rows).logp.sum())


def test_credit_of_a_lone_success_is_the_closed_form_and_formats_can_be_kept_apart():
    worth = np.array([1.0, 0, 0, 0, 1.0, 1.0, 0, 0])
    said = ["D1", "D2", "R1", "R2", "D1", "R1", "D2", "R2"]
    plain = credit(worth, said, How(each=4))
    assert plain[0] == pytest.approx(lone_success(4))
    apart = credit(worth, said, How(each=4, against="format", scale="none"))
    assert apart.tolist() == [0.5, -0.5, 0.0, 0.0, 0.5, 0.5, -0.5, -0.5]


def test_reinforcement_makes_what_is_rewarded_likelier_and_a_leash_holds_it_back(policy):
    def reward(sums, said):
        return np.array([float(text[:1] == "D") for text in said])

    def share(trained):
        sums = all_sums().take(np.arange(0, 10_000, 40))
        return np.mean([text[:1] == "D" for text in completions_of(written(trained, sums, np.random.default_rng(2)))])

    free, held = (
        reinforced(policy, all_sums(), reward, 30, np.random.default_rng(4), How(prompts=8, each=8, rate=2e-3, beta=beta))
        for beta in (0.0, 5.0)
    )
    assert share(policy) < share(held) < share(free)
    assert share(free) > share(policy) + 0.2


def test_what_is_noted_is_what_counting_by_hand_gives(policy):
    held_out = split(100, np.random.default_rng(5))[1]
    found = noted(policy, held_out, np.random.default_rng(6))
    asked = held_out.take(np.repeat(np.arange(64), 16))
    said = completions_of(written(policy, asked, np.random.default_rng(6)))
    right = scores(asked, said)
    assert found.pass_1 == right.mean()
    assert found.pass_16 == np.mean([any(right[at : at + 16]) for at in range(0, len(right), 16)])
    assert found.shares.sum() == pytest.approx(1)
    assert found.format_entropy == pytest.approx(entropy_of(found.shares))


def test_a_base_ends_at_the_first_check_that_is_right_often_enough_and_else_at_the_cap():
    """Nobody is right before the first check: with nothing asked for it ends there, with everything asked for at the cap."""
    assert base(3, 16, accuracy=0.0, cap=70).steps == EVERY
    ended = base(3, 16, accuracy=1.0, cap=60)
    assert ended.steps == 60
    assert len(ended.held_out.left) == HELD_OUT
    checked, noted_on = ({*ended.held_out.prompts[SHOWN:]}, {*ended.held_out.prompts[:SHOWN]})
    assert not checked & noted_on
    assert not {*ended.train.prompts} & (checked | noted_on)


def test_a_policy_that_was_kept_is_read_and_writes_the_same(policy, tmp_path):
    def train():
        return policy, {"steps": 3.0}

    def refuse():
        pytest.fail("it was kept")

    with keeping(tmp_path):
        first = remembered(["one"], 16, "cpu", train)
        again = remembered(["one"], 16, "cpu", refuse)
    assert first.noted == again.noted == {"steps": 3.0}
    assert all(torch.equal(a, b) for a, b in zip(policy.weights, again.policy.weights, strict=True))


def test_how_to_go_on_may_change_on_the_way_and_the_base_is_shown_every_so_often(policy):
    seen = []

    def watch(step, now):
        seen.append(step.base_logp)
        return How(prompts=2 if step.number else 4, each=2)

    reinforced(policy, all_sums(), scores, 4, np.random.default_rng(0), How(prompts=3, each=2), watch, beside=2)
    assert [len(each) for each in seen] == [6, 8, 4, 4]
    assert [bool(np.isnan(each).all()) for each in seen] == [True, False, True, False]


def test_the_line_between_two_policies_has_them_at_its_ends(policy):
    other = fresh(16, np.random.default_rng(9), device_of("cpu"))
    for alpha, end in ((0.0, policy), (1.0, other)):
        assert all(torch.allclose(a, b) for a, b in zip(interpolated(policy, other, alpha).weights, end.weights, strict=True))
    middle = interpolated(policy, other, 0.25).weights[0]
    assert torch.allclose(middle, 0.75 * policy.weights[0] + 0.25 * other.weights[0])


def test_a_policy_is_a_value_that_training_leaves_alone(policy):
    before = [each.clone() for each in policy.weights]
    reinforced(Policy(*policy), all_sums(), lambda sums, said: np.ones(len(said)), 1, np.random.default_rng(0), How(prompts=2, each=2))
    assert all(torch.equal(a, b) for a, b in zip(before, policy.weights, strict=True))
