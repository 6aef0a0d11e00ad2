"""Watermarks of several keys as a recogniser, and the share that they measure."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.origin.recognising.evidence import Text
from longtail.origin.recognising.sample import Sample
from longtail.origin.recognising.watermark import Watermark, tokenizer_of
from longtail.origin.watermarks import Words, detect, detect_many
from tests.origin.recognising.conftest import key_of, written


def asked(texts):
    return [Text(text) for text in texts]


def test_the_key_that_speaks_loudest_is_named_and_pays_for_the_others(key, other, marked):
    alone = detect(key, marked[0], Words())
    (found,) = Watermark([other, key]).recognise(asked(marked[:1]))
    assert (found.key_id, found.n_scored, found.scheme) == (key.key_id, alone.scored, "greenlist-1")
    assert found.p_value == pytest.approx(2 * alone.p)
    assert (found.origin, found.evidence) == ("synthetic", "watermark")
    assert found.score == alone.green / alone.scored > 0.5


def test_p_values_never_pass_one_and_too_short_a_text_has_none(key, other):
    found = Watermark([other, key]).recognise(asked(["a b c d e f g", "a b", "…", "x"]))
    assert found[0].p_value <= 1
    assert found[1:] == [None, None, None]


def test_the_tokenizer_of_a_key_must_be_there():
    strange = key_of(3)
    strange = type(strange)(secret=strange.secret, tokenizer="ab" * 32)
    with pytest.raises(ConfigError, match=r"made for the tokenizer with SHA-256 abababababababab.*'words'.*--tokenizer"):
        Watermark([strange])
    assert tokenizer_of(key_of(3), []).sha256 == Words.sha256


def test_no_key_or_one_twice_is_refused(key):
    with pytest.raises(ConfigError, match="no key"):
        Watermark([])
    with pytest.raises(ConfigError, match="twice"):
        Watermark([key, key])


def test_the_share_under_a_key_is_measured_and_that_under_another_is_not_there(key, other, marked, plain):
    looking = Watermark([key, other])
    looking.recognise(asked(marked + plain[:90]))
    known = detect_many(key, written(key, 60, seed=7), Words())
    mine, theirs = looking.shares({key.key_id: known})
    assert mine.low <= 0.25 <= mine.high
    assert abs(mine.share - 0.25) < 0.05
    assert theirs.share is None and "not known" in theirs.reason
    assert theirs.log10_p > -3


def test_a_sample_is_bounded_keeps_copies_together_and_does_not_hang_on_order():
    texts = [f"text {n % 400}" for n in range(800)]
    rows = [np.arange(10)] * len(texts)
    one, back = Sample(3000), Sample(3000)
    one.take(texts, {"t": rows})
    back.take(texts[::-1], {"t": rows})
    assert 0 < 10 * len(one) <= 3000 and one.seen == 800
    assert sorted(one.clusters.tolist()) == sorted(back.clusters.tolist())
    assert set(np.unique(one.clusters, return_counts=True)[1].tolist()) == {2}


def test_one_document_longer_than_the_sample_is_kept():
    sample = Sample(100)
    sample.take(["long"], {"t": [np.arange(1000)]})
    assert len(sample) == 1 and len(sample.ids("t")[0]) == 1000
