"""The sample of documents against brute force."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.summaries.sample import TEXT_LIMIT, DocumentSample
from longtail.views.batch import texts_in

from .made import batched, texts

TEXTS = st.lists(st.text("ab ", max_size=6), max_size=60)


@given(TEXTS, st.integers(1, 6), st.integers(1, 4))
@settings(max_examples=100)
def test_the_sample_is_the_documents_of_smallest_hash_with_all_their_copies(found, size, shards):
    ranks = texts(found).ranks(0, "sample").tolist()
    copies, text = Counter(ranks), dict(zip(ranks, (document.strip() for document in found), strict=True))
    parts = [DocumentSample(0, size) for _ in range(shards)]
    for at, part in enumerate(parts):
        part.add(texts(found[at::shards]))
    for part in parts[1:]:
        parts[0].merge(part)
    assert parts[0].documents() == [(text[rank], copies[rank]) for rank in sorted(copies)[:size]]
    assert len(parts[0]) == min(size, len(copies))


@given(st.lists(st.tuples(st.sampled_from(["a", " a", "b", "c"]), st.sampled_from([None, "x", "y", "z"])), max_size=12), st.randoms())
def test_the_id_of_a_document_is_the_smallest_of_its_copies_in_any_order(rows, random):
    expected = {}
    for text, name in rows:
        own = f"{int(texts([text]).content[0]):016x}"
        expected[text.strip()] = min(expected.get(text.strip(), "~"), name or own)
    random.shuffle(rows)
    parts = [DocumentSample(0) for _ in range(2)]
    for at, part in enumerate(parts):
        some = rows[at::2]
        part.add(texts_in(batched([text for text, _ in some], lt_id=[name for _, name in some]), 0))
    parts[0].merge(parts[1])
    entries = parts[0].entries()
    assert {entry.text: entry.id for entry in entries} == expected
    assert [(entry.text, entry.copies) for entry in entries] == parts[0].documents()


def test_without_stated_ids_the_id_is_the_hash_of_the_content_whatever_the_seed():
    one, other = DocumentSample(0), DocumentSample(1)
    one.add(texts(["first", "second"], 0))
    other.add(texts(["second", "first"], 1))
    assert {entry.id for entry in one.entries()} == {entry.id for entry in other.entries()}
    assert all(len(entry.id) == 16 and int(entry.id, 16) >= 0 for entry in one.entries())


def test_a_long_document_is_cut_and_still_one_document():
    long = "é" * (3 * TEXT_LIMIT)
    sample = DocumentSample(0)
    sample.add(texts([long, long + "x", long]))
    assert sorted(sample.documents()) == [("é" * TEXT_LIMIT, 1), ("é" * TEXT_LIMIT, 2)]


def test_another_seed_draws_another_sample():
    found = [f"document {number}" for number in range(200)]
    samples = []
    for seed in (0, 1):
        sample = DocumentSample(seed, 20)
        sample.add(texts(found, seed))
        samples.append({text for text, _ in sample.documents()})
    assert len(samples[0] & samples[1]) < 10
