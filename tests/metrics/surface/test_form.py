"""Openings, templates and compression, against zlib and counts by hand."""

import math
import zlib
from collections import Counter

import numpy as np
import pytest

from longtail.metrics.surface import Excerpts, form
from longtail.stats.rarefaction import expected_types

from .made import collapsed, excerpts, prose


def moulded(documents, held, words=14):
    """Documents of words that no two share, of which the first few hold six words in common."""
    texts = [" ".join(f"u{at}x{word}" for word in range(words)) for at in range(documents)]
    return [f"{text} Once, upon a time there was a fox" if at < held else text for at, text in enumerate(texts)]


def test_the_compression_ratio_is_zlib_s_mean_over_blocks_of_the_shuffled_documents():
    texts = prose(150, 3)
    data = "\n".join(texts[at] for at in np.random.default_rng(7).permutation(150)).encode()
    block = next(size for size in (65536, 16384, 4096) if len(data) + 1 >= 8 * size)
    values = [block / len(zlib.compress(data[at : at + block], 6)) for at in range(0, len(data) - block + 1, block)]
    found = form.compression_ratio(excerpts(texts), seed=7)
    assert block == 4096 and found.value == pytest.approx(np.mean(values), rel=1e-12)
    assert f"zlib level 6 on {len(values)} shuffled blocks of 4 KiB" in found.method
    assert found.low < found.value < found.high < 2 * found.value


def test_too_little_text_has_no_compression_ratio_and_a_byte_less_takes_smaller_blocks():
    assert form.compression_ratio(excerpts(["é"] * 10)).reason == "30 bytes of text, fewer than 8 blocks of 4,096"
    just, short = ("x" * (16384 - 1),) * 8, ("x" * (16384 - 1),) * 7 + ("x" * (16384 - 2),)
    assert "of 16 KiB" in form.compression_ratio(excerpts(just)).method
    assert "of 4 KiB" in form.compression_ratio(excerpts(short)).method


def test_openings_are_rarefied_to_a_hundred_documents():
    texts = [f"The {('cat', 'dog', 'fox')[at % 3]} sat number {at}" for at in range(240)] + ["too short"] * 9
    found = form.openings(excerpts(texts))
    assert found.value == pytest.approx(expected_types([80, 80, 80], 100) / 100) == pytest.approx(0.03)
    assert found.n == 240 and found.view == "words_3"
    apart = form.openings(excerpts(prose(250)), words=5)
    counts = Counter(" ".join(text.split()[:5]) for text in prose(250))
    assert apart.value == pytest.approx(expected_types(list(counts.values()), 100) / 100) and apart.view == "words_5"
    assert form.openings(excerpts(texts[41:])).reason == "199 distinct documents with at least 3 words, fewer than 200"


def test_the_commonest_opening_is_counted_and_named_as_it_is_written():
    texts = [f"Once upon, A tale {at}" for at in range(12)] + [f"text number {at} is long" for at in range(36)] + ["short"] * 5
    found = form.opening_share(excerpts(texts))
    assert found.value == 12 / 53 and found.slice == "Once upon, A" and found.n == 53
    share = found.value
    error = math.sqrt(share * (1 - share) / 52)
    assert found.high - share == pytest.approx(2.006646805061688 * error)
    few = form.opening_share(excerpts(texts[:29]))
    assert few.reason == "29 distinct documents with at least 3 words, fewer than 30"


@pytest.mark.parametrize(("documents", "least"), [(1, 3), (300, 3), (301, 4), (400, 4), (2048, 21)])
def test_a_template_stands_in_a_hundredth_of_the_documents_and_in_three(documents, least):
    assert form.template_least(documents) == least


@pytest.mark.parametrize(("held", "share"), [(0, 0.0), (3, 0.0), (4, 0.01), (40, 0.1)])
def test_the_share_of_documents_in_a_template_is_counted(held, share):
    found = form.template_share(excerpts(moulded(400, held)))
    assert found.value == pytest.approx(share) and "in at least 4 of 400 documents" in found.method and found.slice is None
    assert share or (found.low, found.high) == (0.0, 3 / 400)


def test_the_commonest_template_is_counted_and_named():
    found = form.commonest_template(excerpts(moulded(60, 15)))
    assert found.value == 0.25 and found.slice == "Once, upon a time there was" and found.n == 60
    lone = form.commonest_template(excerpts(moulded(60, 0)))
    assert lone.value == pytest.approx(1 / 60) and len(lone.slice.split()) == 6
    assert form.commonest_template(excerpts(["a b c d e"] * 60)).reason == "0 distinct documents with at least 6 words, fewer than 30"
    assert form.commonest_template(excerpts(moulded(29, 9))).reason == "29 distinct documents, fewer than 30"


def test_the_commonest_moulds_are_listed_as_they_are_written():
    texts = [f"Once upon a time, there was a small {n} fox who {n}" for n in range(60)] + prose(60)
    found = form.top_templates(excerpts(texts))
    assert found[0] == ("Once upon a time, there was", 60, 0.5) and len(found) < 3
    assert form.top_openings(excerpts(texts))[0] == ("Once upon a", 60, 0.5)
    assert form.commonest_template(excerpts(texts)).slice == "Once upon a time, there was"


def test_moulds_that_one_document_has_are_not_listed_and_no_more_than_asked_for():
    assert form.top_openings(excerpts(prose(3) + ["x"])) == [] == form.top_openings(excerpts(["", "a b"]))
    assert form.top_templates(excerpts(moulded(50, 2))) == []
    texts = [f"{start} {' '.join(f'u{at}{word}' for word in range(9))}" for at in range(30) for start in ("a b c d e f", "g h i j k l")]
    assert [each.documents for each in form.top_templates(excerpts(texts))] == [30, 30]
    assert len(form.top_templates(excerpts(texts), 1)) == 1 == len(form.top_openings(excerpts(texts), 1))
    assert form.top_openings(excerpts(texts), 5, 2) == [("a b", 30, 0.5), ("g h", 30, 0.5)]


def test_paraphrases_of_a_few_documents_show_in_form_beyond_the_intervals():
    texts = prose(450)
    before, after = excerpts(texts), excerpts(collapsed(texts))
    assert form.template_share(after).low > form.template_share(before).high
    assert form.compression_ratio(after).low > form.compression_ratio(before).high
    assert form.openings(after).high < form.openings(before).low


def test_documents_of_one_prompt_have_no_share_and_no_openings():
    alike = Excerpts(tuple(prose(200)), np.full(200, 9, np.uint16))
    for measure in (form.openings, form.opening_share, form.template_share, form.commonest_template):
        assert measure(alike).reason == "too few prompts", measure.__name__
