import numpy as np
import pytest

import longtail
from longtail.errors import ConfigError, UnknownName
from longtail.gates import GATES, REVIEW, Batch, Gate, Judgement, Verdicts


def short(batch):
    return Verdicts.of(Judgement("reject", "short") if len(text) < 3 else Judgement() for text in batch.texts.to_pylist())


def odd(batch):
    return Verdicts.where(np.array(["odd" in text for text in batch.texts.to_pylist()]), "odd", decision=REVIEW)


class First:
    """Keeps the first document of each first letter."""

    def over(self, batches):
        seen, kept = set(), {}
        for batch in batches():
            for position, text in zip(batch.positions.tolist(), batch.texts.to_pylist(), strict=True):
                kept[position] = text[0] not in seen
                seen.add(text[0])
        return lambda batch: Verdicts.where(np.array([not kept[at] for at in batch.positions.tolist()], bool), "seen")

    def __call__(self, batch):
        return self.over(lambda: [batch])(batch)


TEXTS = ["a", "abc", "odd one", "also a", "oh", "only odd", "zebra"]


def test_a_document_goes_on_until_a_gate_rejects_it_and_the_gravest_word_counts():
    verdicts = Gate(short, odd, First()).judge(TEXTS)
    assert [verdicts.at(index)[:2] for index in range(len(TEXTS))] == [
        ("reject", "short: short"),
        ("keep", ""),
        ("review", "odd: odd"),
        ("reject", "First: seen"),
        ("reject", "short: short"),
        ("reject", "First: seen"),
        ("keep", ""),
    ]


def test_a_gate_that_compares_does_not_see_what_was_rejected_before_it():
    assert Gate(short, First()).judge(["a", "abc"]).decisions.tolist() == [2, 0]
    assert Gate(First(), short).judge(["a", "abc"]).decisions.tolist() == [2, 2]


@pytest.mark.parametrize("sizes", [(7,), (1,) * 7, (3, 4), (6, 1)])
def test_a_data_set_in_pieces_is_judged_as_in_one(sizes):
    whole = Batch.of(TEXTS)
    ends = np.cumsum(sizes)
    pieces = [whole.take(np.arange(end - size, end)) for size, end in zip(sizes, ends, strict=True)]
    gate = Gate(short, odd, First())
    judge = gate.over(lambda: iter(pieces))
    assert np.concatenate([judge(piece).decisions for piece in pieces]).tolist() == gate(whole).decisions.tolist()


def test_a_composition_is_a_gate_and_can_stand_in_another():
    assert Gate(Gate(short, odd), First()).judge(TEXTS).decisions.tolist() == Gate(short, odd, First()).judge(TEXTS).decisions.tolist()


def test_documents_of_an_origin_that_is_spared_are_seen_and_not_judged():
    documents = [{"text": "x", "lt_origin": "human"}, {"text": "xyz", "lt_origin": "synthetic"}, {"text": "z", "lt_origin": "synthetic"}]
    assert Gate(short, First()).judge(documents).decisions.tolist() == [0, 2, 2]
    assert Gate(short, spare=()).judge(documents).decisions.tolist() == [2, 0, 2]


def test_what_is_unsure_passes_marked_or_waits():
    verdicts = Gate(odd).judge(["odd", "even"])
    assert Gate(odd, unsure="keep").passes(verdicts).tolist() == [True, True]
    assert Gate(odd, unsure="hold").passes(verdicts).tolist() == [False, True]


def test_two_stages_of_one_name_have_names_of_their_own():
    gate = Gate(("random", {"keep": 0.5}), ("random", {"keep": 0.5, "seed": 1}), short)
    assert [stage.name for stage in gate.stages] == ["random", "random-2", "short"]


def test_settings_are_checked_when_a_gate_is_made():
    with pytest.raises(UnknownName, match="did you mean 'oracle'"):
        Gate("oracel")
    with pytest.raises(UnknownName, match="did you mean 'keep_right'"):
        Gate(("oracle", {"keep_rihgt": 1.0, "keep_wrong": 0.5}))
    with pytest.raises(ConfigError, match="lacks 'keep_wrong'"):
        Gate(("oracle", {"keep_right": 1.0}))
    with pytest.raises(ConfigError, match="phi is 3"):
        Gate(("oracle", {"keep_right": 3, "keep_wrong": 0.5}))
    with pytest.raises(ConfigError, match="threshold is 'high': expected float, got str; longtail explain near_duplicates"):
        Gate(("near_duplicates", {"threshold": "high"}))
    with pytest.raises(ConfigError, match="one stage or more"):
        Gate()
    with pytest.raises(ConfigError, match="unsure is 'drop'"):
        Gate(short, unsure="drop")
    with pytest.raises(ConfigError, match="spare names 'people'"):
        Gate(short, spare=("people",))


def test_the_gate_is_public():
    assert longtail.Gate is Gate


@pytest.mark.parametrize("entry", list(GATES), ids=lambda entry: entry.name)
def test_every_gate_of_the_catalogue_refuses_a_setting_that_it_does_not_have(entry):
    with pytest.raises((UnknownName, ConfigError)):
        Gate((entry.name, {"no_such_setting": 1}))
