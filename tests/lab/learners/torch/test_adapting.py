"""A model that adapts itself: what it is taught, what its series are, and the gate before it."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the worlds are small networks")
pytest.importorskip("sklearn", reason="comes with the extra torch")

from longtail.lab.learners.torch.door import torch
from longtail.lab.worlds.adapting import EDITS, How, adapted, edits_of, educated, known
from longtail.lab.worlds.encyclopaedia import ALPHABET, ASKED, drawn, every, is_edit, questions
from longtail.lab.worlds.policy import likelihoods
from longtail.lab.worlds.policy import taught as teach

SMALL = {"width": 16, "steps": 10, "round_steps": 3, "device": "cpu"}


@pytest.fixture(scope="module")
def taught():
    rng = np.random.default_rng(0)
    old, new = drawn((6, 3), rng)
    return educated(32, old, 300, rng, "cpu", batch=24), old, new


def test_old_entries_are_known_and_new_ones_are_not(taught):
    policy, old, new = taught
    assert known(policy, *every(old)).mean() > 0.5 > 0.3 > known(policy, *every(new)).mean()


def test_parts_of_a_batch_with_prompts_of_their_own_are_taught_as_one(taught):
    """Halves of one batch, handed over apart, give the loss of the whole, and so the same weights."""
    policy, old, _ = taught
    rows = questions(*every(old))
    asking = policy._replace(prompt=ASKED)
    whole = teach(asking, iter([rows]), 1)
    parts = teach(policy, iter([[(ASKED, rows[:7]), (ASKED, rows[7:])]]), 1)
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(whole.weights, parts.weights, strict=True))
    assert not np.allclose(whole.weights[0], policy.weights[0], atol=1e-5)


def test_what_is_known_is_the_chance_of_the_right_answer_among_all(taught):
    policy, old, _ = taught
    entries, attributes = every(old)
    rows = np.repeat(questions(entries, attributes)[:1], ALPHABET.size, axis=0)
    rows[:, ASKED] = np.arange(ALPHABET.size)
    with torch.no_grad():
        chances = likelihoods(policy._replace(prompt=ASKED), rows).logp[:, 0].exp().numpy()
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert known(policy, entries, attributes)[0] == pytest.approx(chances[questions(entries, attributes)[0, ASKED]], abs=1e-6)


def test_what_is_taught_is_learnt_and_replay_keeps_what_was_known(taught):
    policy, old, new = taught
    rows = questions(*every(new))
    plain, replayed = (
        adapted(policy, rows, ASKED, old, How(40, 3e-3, batch=24, replay=share), np.random.default_rng(1)) for share in (0.0, 0.5)
    )
    assert known(plain, *every(new)).mean() > known(policy, *every(new)).mean() + 0.2
    assert known(replayed, *every(old)).mean() > known(plain, *every(old)).mean()


def test_a_policy_that_wrote_nothing_to_learn_from_stays_as_it_is(taught):
    policy, old, _ = taught
    same = adapted(policy, questions(*every(old))[:0], ASKED, old, How(5), np.random.default_rng(0))
    assert same is not policy
    assert all(torch.equal(a, b) for a, b in zip(same.weights, policy.weights, strict=True))


def test_edits_are_written_of_each_passage_and_mostly_as_edits_are(taught):
    policy, old, _ = taught
    edits = edits_of(policy, old, np.random.default_rng(2))
    assert len(edits) == EDITS * len(old)
    assert np.mean([is_edit(edit) for edit in edits]) > 0.5
    assert set("".join(edits)) <= set(ALPHABET.signs)
