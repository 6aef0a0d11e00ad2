"""Planted collapses: what goes is what is said to go, and nothing else."""

from collections import Counter
from itertools import islice

import numpy as np
import pytest

from longtail.auditing.inputs import as_profile
from longtail.auditing.options import Options
from longtail.diagnosis.planting import Dropping, Rare, Refitting, without
from longtail.errors import UsageError
from longtail.summaries.reference import Reference
from longtail.views.words import spans

OPTIONS = Options(views=("words_1",))


@pytest.fixture(scope="module")
def rare(stdlib_paragraphs):
    return Rare.of(Reference(as_profile(stdlib_paragraphs[1::2], OPTIONS)), 0.1)


def words(text):
    return [word for _, word in spans(text, 0)]


def test_lost_words_give_place_to_common_ones_and_all_else_stays(rare, stdlib_paragraphs):
    text = next(text for text in stdlib_paragraphs if sum(rare.has([kind for kind, _ in spans(text, 0)])) > 3 and len(words(text)) > 30)
    kinds = [kind for kind, _ in spans(text, 0)]
    lost = {kind for kind, is_rare in zip(kinds, rare.has(kinds), strict=True) if is_rare}
    made = without(text, lost, rare, np.random.default_rng(1))
    after = [kind for kind, _ in spans(made, 0)]
    assert len(after) == len(kinds) and not lost & set(after) and not any(rare.has(after))
    assert all(new == old for old, new in zip(kinds, after, strict=True) if old not in lost)
    assert without(text, set(), rare, np.random.default_rng(1)) is text


def test_words_written_alike_inside_others_are_not_touched(rare):
    kind = dict((word, kind) for kind, word in spans("her", 0))["her"]
    assert without("there, her; other", {kind}, rare, np.random.default_rng(1)).startswith("there, ")
    assert without("there, her; other", {kind}, rare, np.random.default_rng(1)).endswith("; other")


def test_a_rate_of_what_is_left_goes_and_stays_gone(rare, stdlib_paragraphs):
    plant = Dropping(stdlib_paragraphs[::2], rare, 0.2)
    first, copy = plant.pair(np.random.default_rng(1))
    assert Counter(first + copy) == Counter(stdlib_paragraphs[::2]) and abs(len(first) - len(copy)) <= 1
    there, gone = set(rare.counts(copy)), set()
    for at, one in enumerate(islice(plant.generations(first, copy, np.random.default_rng(2)), 4), 1):
        now = there - set(rare.counts(one.texts))
        assert gone <= now and one.lost == pytest.approx(len(now) / len(there))
        assert one.lost == pytest.approx(1 - 0.8**at, abs=0.04)
        tokens = rare.counts(copy)
        assert one.mass == pytest.approx(sum(tokens[kind] for kind in now) / sum(tokens.values()))
        gone = now


def test_a_model_that_refits_loses_types_for_good(rare, stdlib_paragraphs):
    plant = Refitting(stdlib_paragraphs[::4], rare)
    first, copy = plant.pair(np.random.default_rng(1))
    assert first != copy
    made = list(islice(plant.generations(first, copy, np.random.default_rng(2)), 3))
    assert 0 < made[0].lost < made[1].lost < made[2].lost < 1
    for before, after in zip(made, made[1:], strict=False):
        assert set(rare.counts(after.texts)) <= set(rare.counts(before.texts))


def test_a_reference_without_a_tail_and_data_without_rare_words_are_refused(rare):
    with pytest.raises(UsageError, match="name a larger one"):
        Rare.of(Reference(as_profile([f"only{n} words{n} once{n}" for n in range(30)], OPTIONS)), 0.1)
    plant = Dropping(["the the"] * 300, rare, 0.1)
    with pytest.raises(UsageError, match="none of the reference's rare words"):
        next(plant.generations(*plant.pair(np.random.default_rng(1)), np.random.default_rng(1)))
