"""The sampled documents and their words, against the words of the views."""

import numpy as np
import pytest

from longtail import profile
from longtail.metrics.surface import excerpts_of
from longtail.metrics.surface.excerpts import joined
from longtail.views.words import spans

from .made import excerpts, prose


def test_the_sampled_documents_of_a_profile_are_split_into_the_words_of_its_views():
    texts = ["Don't stop", "ＡＢＣ x", "", "日本語 text", "rock'", "'n roll", "e\u0301te\u0301", "line\nbreak"]
    made = profile([text for text in texts if text])
    found = excerpts_of(made)
    assert int(found.corpus.lengths.sum()) == int(made.frequencies["words_1"].tokens.sum())
    assert found.corpus.types == len(made.frequencies["words_1"].run().keys)
    at = found.texts.index("Don't stop")
    assert found.corpus.lengths[at] == 2 and found.phrase(at, 0, 2) == "Don't stop"


def test_words_are_numbered_by_what_they_are_when_folded():
    texts = ["The cat, THE cat", "", "...", "cat's cafe\u0301 café"]
    corpus, kinds = excerpts(texts).corpus, [[kind for kind, _ in spans(text, 0)] for text in texts]
    assert corpus.lengths.tolist() == [len(each) for each in kinds] and corpus.types == len({kind for each in kinds for kind in each})
    flat = [kind for each in kinds for kind in each]
    assert corpus.tokens.tolist() == [list(dict.fromkeys(flat)).index(kind) for kind in flat]


def test_a_phrase_is_what_stands_in_the_text_with_its_signs_and_single_spaces():
    found = excerpts(["", 'He said:  "Don\'t --\n stop!"', "Cafe\u0301 au lait"])
    assert found.phrase(1, 0, 3) == "He said: \"Don't" and found.phrase(1, 2, 2) == "Don't -- stop"
    assert found.phrase(2, 0, 1) == "Café" and found.phrase(2, 2, 1) == "lait"


def test_emoji_and_scripts_from_the_right_and_without_spaces_are_words_too():
    made = excerpts(["😀 😀 مرحبا بالعالم 日本 ไทย " + " ".join(f"w{n * at}" for at in range(60)) for n in range(450)])
    assert made.phrase(0, 0, 4) == "😀 😀 مرحبا بالعالم" and made.corpus.lengths.min() > 60


def test_halves_of_the_sample_are_told_apart():
    made = profile(prose(400))
    halves = [excerpts_of(made, half) for half in (0, 1)]
    assert sorted(halves[0].texts + halves[1].texts) == sorted(excerpts_of(made).texts)
    assert {int(cell) >> 11 for cell in halves[1].cells} == {1}


@pytest.mark.parametrize("texts", [[], [""], ["", "", "..."]])
def test_documents_without_words_have_none(texts):
    found = excerpts(texts)
    assert len(found) == len(texts) == len(found.corpus) and found.corpus.types == 0 == len(found.corpus.tokens)


def test_the_first_documents_and_those_of_two_samples_keep_their_cells():
    one, other = excerpts(["a b", "c", "d"]), excerpts(["e f g"], 1)
    both = joined(one.first(2), other)
    assert both.texts == ("a b", "c", "e f g") and both.cells.tolist() == [*one.cells[:2].tolist(), *other.cells.tolist()]
    assert both.corpus.lengths.tolist() == [2, 1, 3]
    assert len(one.first(9)) == 3 and len(joined(one.first(0), other)) == 1


def test_the_documents_of_a_profile_come_with_their_cells():
    made = profile(["one text", "another text", "one text"])
    entries = made.sample.entries()
    found = excerpts_of(made)
    assert found.texts == tuple(entry.text for entry in entries) and len(found) == 2
    assert found.cells.tolist() == [entry.cell for entry in entries] and found.cells.dtype == np.uint16
