"""The six laws hold for every summary of the library, whatever the documents."""

import importlib
import inspect
import pkgutil

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import longtail.summaries
from longtail.records import Origin
from longtail.summaries import bands, decodings, sources
from longtail.summaries.bands import Bands
from longtail.summaries.composition import Composition
from longtail.summaries.decodings import Decodings
from longtail.summaries.frequencies import ALL_TYPES, Frequencies
from longtail.summaries.labels import Labels
from longtail.summaries.moments import Moments, Standard
from longtail.summaries.profile import Profile
from longtail.summaries.runs import Spool
from longtail.summaries.sample import DocumentSample
from longtail.summaries.sources import Sources
from longtail.summaries.values import ValueSample
from longtail.summaries.vectors import VectorSample
from longtail.testing import arrangements, check_summary
from longtail.testing.difference import difference
from longtail.views.batch import marks_of, texts_in, texts_of
from longtail.views.numbers import numbers_of
from longtail.views.words import words

MEMBERS = ("key", "add", "merge", "to_dict", "from_dict")
SPACES = st.sampled_from(["", " ", "\n", "\t "])
WORDS = st.sampled_from(["a", "b", "It", "don't", "rare", "straße", "e\u0301", "猫", "ไทย", "🙂", "", "x1_y"])
TEXTS = st.one_of(
    st.lists(WORDS, max_size=12).map(" ".join),
    st.tuples(SPACES, st.sampled_from(["the same document", "another one", ""]), SPACES).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
BATCHES = st.lists(st.lists(TEXTS, max_size=6), min_size=1, max_size=5)
TAGS = st.sampled_from([None, "robot", *(origin.value for origin in Origin)])
SITES = st.sampled_from([None, "web", "http://a.org/1", "https://a.org/2", "https://b.org", "notes", "more notes"])
PROVENANCE = st.fixed_dictionaries({
    "lt_origin": TAGS, "lt_source": SITES, "lt_evidence": st.sampled_from([None, "none", "signed", "rumour"]),
    "lt_model": st.sampled_from([None, "m"]), "lt_depth": st.sampled_from([None, "0", "3"]),
    "lt_time": st.sampled_from([None, "2021-05-06T00:00:00+00:00", "2024-01-31T10:00:00+00:00"]),
    "lt_decoding": st.sampled_from([None, "{}", '{"top_p":1}']), "lt_weight": st.sampled_from([None, "0.1", "0.3", "1.0", "1e300"]),
})  # fmt: skip
NAMES = st.one_of(st.none(), st.sampled_from(["a", " a\n", "b", "c", "d", "e\u0301", "\u00e9", "猫"]))
SETTINGS = st.sampled_from([None, "", "{}", '{"top_p": 1}', '{"top_p":1.0}', '{"top_k":5}', '{"top_k":6}', "greedy", "{broken"])
ROWS = st.fixed_dictionaries({"text": TEXTS, "prompt": NAMES, "lt_id": NAMES, "lt_decoding": SETTINGS, "by:topic": NAMES, "by:lang": NAMES})


PROVENANCE_NAMES = ("lt_origin", "lt_source", "lt_evidence", "lt_model", "lt_depth", "lt_time", "lt_decoding", "lt_weight")


def arranged(batches):
    """Batches with an arrangement of them."""
    return batches.flatmap(lambda found: st.tuples(st.just(found), arrangements(len(found))))


def column(documents):
    return pa.array(documents, pa.string())


def type_batch(documents, order=1, theta=ALL_TYPES, seed=0):
    return words(texts_of(column(documents), seed), [order], [theta], seed)[0]


def frequencies(capacity=None, *, seed=0, view="words_1", version="v", memory_rows=None):
    made = Frequencies(view, version, seed, capacity)
    if memory_rows is not None:
        made._spool = Spool(memory_rows=memory_rows)
    return made


def profile(seed=0, **settings):
    """A profile with so little room that a few documents fill it."""
    made = Profile(seed=seed, **settings)
    for name in made.views[1:]:
        made.frequencies[name] = frequencies(5, seed=seed, view=name)
    for name in made.by:
        view = f"labels:{name}"
        made.frequencies[view], made.labels[name] = frequencies(2, seed=seed, view=view), labels(view=view, seed=seed)
    made.sample = DocumentSample(seed, size=3)
    return made


def labels(view="labels:topic", seed=0, capacity=2):
    return Labels(view, seed, capacity)


class Vectors(VectorSample):
    """A sample of vectors that takes vectors and documents as one batch."""

    def add(self, batch):
        super().add(*batch)


class Summed(Moments):
    """Moments that take vectors and documents as one batch."""

    def add(self, batch):
        super().add(*batch)


def vectors(size=3, column="emb", width=2, seed=0):
    return Vectors(column, width, seed, size)


def moments(column="emb", seed=0, scale=1):
    return Summed(column, Standard(*(np.array(part, np.float32) for part in ([0.5, 0], [scale, 1], [[0.6, 0.8]]))), seed)


def table(rows, *names):
    """Documents with what stands beside them, as readers give them."""
    return pa.record_batch({name: column([row[name] for row in rows]) for name in names})


SUMMARIES = {
    Frequencies: [
        lambda: frequencies(seed=1),
        lambda: frequencies(capacity=3),
        lambda: frequencies(view="words_2"),
        lambda: frequencies(version="w"),
    ],
    DocumentSample: [lambda: DocumentSample(1, size=3), lambda: DocumentSample(0, size=4)],
    Composition: [],
    Sources: [],
    Decodings: [],
    Bands: [lambda: Bands(1)],
    Labels: [lambda: labels(seed=1), lambda: labels(capacity=3), lambda: labels(view="labels:lang")],
    ValueSample: [lambda: ValueSample("size", 1, 3), lambda: ValueSample("size", 0, 4), lambda: ValueSample("age", 0, 3)],
    VectorSample: [lambda: vectors(4), lambda: vectors(3, seed=1), lambda: vectors(3, column="other"), lambda: vectors(3, width=1)],
    Moments: [lambda: moments(seed=1), lambda: moments(column="other"), lambda: moments(scale=2)],
    Profile: [lambda: profile(seed=1), lambda: profile(views=["words_1"]), lambda: profile(by=["lang"])],
}


def summaries():
    """Every class under longtail.summaries that has the members of a summary."""
    names = [module.name for module in pkgutil.walk_packages(longtail.summaries.__path__, "longtail.summaries.")]
    classes = {found for name in names for _, found in inspect.getmembers(importlib.import_module(name), inspect.isclass)}
    own = {found for found in classes if found.__module__.startswith("longtail.summaries") and not getattr(found, "_is_protocol", False)}
    return {found for found in own if all(hasattr(found, member) for member in MEMBERS)}


def test_no_summary_slips_out_of_the_laws():
    assert summaries() == set(SUMMARIES)
    assert len(SUMMARIES) == 11


@given(arranged(BATCHES))
@settings(max_examples=30)
def test_exact_frequencies_keep_the_laws(case):
    batches, arrangement = case
    counted = [type_batch(documents, order=2) for documents in batches]
    check_summary(frequencies, counted, unlike=SUMMARIES[Frequencies], arrangement=arrangement)


@given(arranged(BATCHES), st.sampled_from([1, 2, 7]))
@settings(max_examples=40)
def test_a_sample_of_types_keeps_the_laws(case, capacity):
    batches, arrangement = case
    counted = [type_batch(documents) for documents in batches]
    unlike = [lambda: frequencies(capacity + 1), lambda: frequencies(None), lambda: frequencies(capacity, seed=1)]
    check_summary(lambda: frequencies(capacity), counted, unlike=unlike, arrangement=arrangement)


@given(arranged(BATCHES))
@settings(max_examples=15)
def test_frequencies_that_spill_keep_the_laws(case):
    batches, arrangement = case
    counted = [type_batch(documents) for documents in batches]
    check_summary(lambda: frequencies(memory_rows=3), counted, arrangement=arrangement)


@given(arranged(BATCHES))
@settings(max_examples=60)
def test_a_sample_of_documents_keeps_the_laws(case):
    batches, arrangement = case
    unlike = SUMMARIES[DocumentSample]
    check_summary(
        lambda: DocumentSample(0, size=3), [texts_of(column(some), 0) for some in batches], unlike=unlike, arrangement=arrangement
    )


@given(arranged(BATCHES), st.sampled_from([0, 3, 1000]))
@settings(max_examples=30)
def test_bands_keep_the_laws_in_memory_and_in_files(case, memory):
    batches, arrangement = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bands, "_BLOCK", 2)
        found = [texts_of(column(some), 0) for some in batches]
        check_summary(lambda: Bands(0, memory), found, unlike=SUMMARIES[Bands], arrangement=arrangement)


@given(arranged(st.lists(st.lists(PROVENANCE, max_size=6), min_size=1, max_size=5)), st.sampled_from([1, 2, 1000]))
@settings(max_examples=25)
def test_composition_and_sources_keep_the_laws(case, kept):
    batches, arrangement = case
    tagged = [table(rows, *PROVENANCE_NAMES) for rows in batches]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "SOURCES_KEPT", kept)
        for make in (Composition, Sources):
            check_summary(make, [*tagged, pa.record_batch({"text": column(["x"])})], arrangement=None)
            check_summary(make, tagged, arrangement=arrangement)


@given(arranged(BATCHES))
@settings(max_examples=15)
def test_profiles_keep_the_laws(case):
    batches, arrangement = case
    unlike = SUMMARIES[Profile]
    check_summary(profile, [pa.record_batch({"text": column(some)}) for some in batches], unlike=unlike, arrangement=arrangement)


@given(arranged(st.lists(st.lists(NAMES, max_size=6), min_size=1, max_size=5)))
@settings(max_examples=60)
def test_names_of_labels_keep_the_laws(case):
    batches, arrangement = case
    check_summary(labels, [marks_of(column(names)) for names in batches], unlike=SUMMARIES[Labels], arrangement=arrangement)


NUMBERS = st.sampled_from([None, "1", "1.0", "-0", "0", "2.5", "1e300", "nan", "inf", "no number"])
BESIDE = st.lists(st.lists(st.tuples(TEXTS, NUMBERS), max_size=6), min_size=1, max_size=5)


@given(arranged(BESIDE), st.sampled_from([1, 3, 1000]))
@settings(max_examples=60)
def test_samples_of_values_keep_the_laws(case, size):
    batches, arrangement = case
    pairs = [tuple(zip(*some, strict=True)) or ((), ()) for some in batches]
    read = [numbers_of(marks_of(column(numbers)), texts_of(column(documents), 0)) for documents, numbers in pairs]
    check_summary(lambda: ValueSample("size", 0, size), read, unlike=[lambda: ValueSample("size", 0, size + 1)], arrangement=arrangement)


PARTS = st.sampled_from([0.0, -0.0, 1.5, -2.0, 1e-3, 3e38, float("nan"), float("inf")])
EMBEDDED = st.lists(st.lists(st.tuples(TEXTS, st.tuples(PARTS, PARTS)), max_size=6), min_size=1, max_size=5)


@given(arranged(EMBEDDED), st.sampled_from([1, 3, 1000]))
@settings(max_examples=60)
def test_samples_of_vectors_and_their_moments_keep_the_laws(case, size):
    batches, arrangement = case
    pairs = [tuple(zip(*some, strict=True)) or ((), ()) for some in batches]
    read = [(np.array(parts, np.float32).reshape(-1, 2), texts_of(column(documents), 0)) for documents, parts in pairs]
    check_summary(lambda: vectors(size), read, unlike=[lambda: vectors(size + 1)], arrangement=arrangement)
    check_summary(moments, read, unlike=SUMMARIES[Moments], arrangement=arrangement)


@given(arranged(st.lists(st.lists(SETTINGS, max_size=6), min_size=1, max_size=5)), st.sampled_from([1, 2, 1000]))
@settings(max_examples=60)
def test_sampling_settings_keep_the_laws(case, kept):
    batches, arrangement = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decodings, "SETTINGS_KEPT", kept)
        stated = [pa.record_batch({"text": column(["x"] * len(some)), "lt_decoding": column(some)}) for some in batches]
        check_summary(Decodings, [*stated, pa.record_batch({"text": column(["x"])})], arrangement=None)
        check_summary(Decodings, stated, arrangement=arrangement)


@given(arranged(st.lists(st.lists(ROWS, max_size=5), min_size=1, max_size=4)))
@settings(max_examples=40)
def test_a_sample_of_documents_with_ids_keeps_the_laws(case):
    batches, arrangement = case
    found = [texts_in(table(rows, "text", "prompt", "lt_id"), 0) for rows in batches]
    check_summary(lambda: DocumentSample(0, size=3), found, arrangement=arrangement)


@given(arranged(st.lists(st.lists(ROWS, max_size=5), min_size=1, max_size=4)))
@settings(max_examples=15)
def test_profiles_with_prompts_and_slices_keep_the_laws(case):
    batches, arrangement = case
    names = ("text", "prompt", "lt_id", "lt_decoding", "by:topic", "by:lang")
    unlike = [profile, lambda: profile(by=["topic"])]
    check_summary(lambda: profile(by=["topic", "lang"]), [table(rows, *names) for rows in batches], unlike=unlike, arrangement=arrangement)


@pytest.mark.parametrize("columns", [["text"], ["text", "lt_origin"], ["text", "prompt", "lt_id", "lt_decoding"]])
@pytest.mark.parametrize("make", [Composition, Sources, Decodings, profile])
def test_a_batch_without_documents_changes_nothing(make, columns):
    with_empty, without = make(), make()
    with_empty.add(pa.record_batch({name: column([]) for name in columns}))
    for summary in (with_empty, without):
        summary.add(pa.record_batch({"text": column(["x"]), "lt_origin": column(["human"])}))
    assert difference(with_empty.to_dict(), without.to_dict()) == ""


def test_the_copies_of_a_document_that_differ_in_outer_white_space_leave_one_text():
    there, back = DocumentSample(0), DocumentSample(0)
    there.add(texts_of(column(["  once", "once\n"]), 0))
    back.add(texts_of(column(["once\n", "  once"]), 0))
    assert there.documents() == back.documents()
