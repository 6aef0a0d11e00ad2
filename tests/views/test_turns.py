"""Messages of conversations as types."""

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.views.batch import marks_of, texts_of
from longtail.views.keys import cells_of, types_of
from longtail.views.turns import spoken, turns

MESSAGES = st.lists(st.tuples(st.sampled_from(["user", "assistant", "system", "a"]), st.integers(0, 5000)), min_size=1, max_size=6)


def told(messages):
    return " ".join(f"{role}:{words}" for role, words in messages)


def batch_of(conversations, seed=0):
    texts = texts_of(pa.array([f"text {at}" for at in range(len(conversations))], pa.string()), seed)
    return turns(marks_of(pa.array(conversations, pa.string())), texts, seed), texts


def kinds(messages):
    """What makes a type: role, role before, octave of length."""
    befores = ["", *(role for role, _ in messages)]
    return [(role, before, words.bit_length()) for (role, words), before in zip(messages, befores, strict=False)]


@given(st.lists(st.one_of(st.none(), MESSAGES), max_size=6))
def test_messages_are_counted_by_role_role_before_and_octave(conversations):
    batch, texts = batch_of([None if each is None else told(each) for each in conversations])
    hashes = {}
    for each in filter(None, conversations):
        for kind, (hashed, _) in zip(kinds(each), spoken(told(each), 0), strict=True):
            assert hashes.setdefault(kind, hashed) == hashed
    assert len(set(hashes.values())) == len(hashes)
    first, again = Counter(), Counter()
    for each in filter(None, conversations):
        for kind, count in Counter(kinds(each)).items():
            first[hashes[kind]] += 1
            again[hashes[kind]] += count - 1
    assert Counter(types_of(batch.first).tolist()) == first
    assert Counter(types_of(batch.again).tolist()) == +again
    assert batch.documents.sum() == sum(each is not None for each in conversations)
    assert batch.tokens.sum() == sum(len(each) for each in conversations if each)
    assert set(cells_of(batch.first).tolist()) <= set(texts.cells.tolist())


def test_a_type_can_be_said_in_words():
    said = [words for _, words in spoken("system:0 user:1 assistant:110", 0)]
    assert said == ["system first, no words", "user after system, 1 word", "assistant after user, 64 to 127 words"]


@pytest.mark.parametrize(("one", "other"), [("user:4", "user:7"), ("user:4 user:4", "user:6 user:7")])
def test_lengths_of_one_octave_are_one_type(one, other):
    assert [kind for kind, _ in spoken(one, 0)] == [kind for kind, _ in spoken(other, 0)]


@pytest.mark.parametrize(
    ("one", "other"), [("user:7", "user:8"), ("user:4", "assistant:4"), ("user:0", "user:1"), ("ab:1 c:1", "a:1 bc:1")]
)
def test_these_are_not(one, other):
    assert [kind for kind, _ in spoken(one, 0)] != [kind for kind, _ in spoken(other, 0)]


def test_documents_without_a_conversation_do_not_take_part():
    batch, _ = batch_of([None, None])
    assert batch.documents.sum() == batch.tokens.sum() == len(batch.first) == 0
