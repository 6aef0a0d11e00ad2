"""Names of labels and counts of sampling settings against brute force."""

import json
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import IncompatibleSummaries
from longtail.summaries import decodings as module
from longtail.summaries.decodings import RAW_LIMIT, Decodings, setting_of
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.labels import NAME_LIMIT, Labels
from longtail.views.batch import marks_of
from longtail.views.keys import types_of
from longtail.views.labels import labels

from .made import texts

NAMES = st.lists(st.one_of(st.none(), st.sampled_from("abcdefghij"), st.sampled_from([" a", "b\n", "e\u0301", "\u00e9"])), max_size=60)


def marks(values):
    return marks_of(pa.array(values, pa.string()))


def named(values, capacity=4096, shards=1):
    parts = [Labels("labels:topic", 0, capacity) for _ in range(shards)]
    for at, part in enumerate(parts):
        part.add(marks(values[at::shards]))
    for part in parts[1:]:
        parts[0].merge(part)
    return parts[0]


def sampled(stated):
    return pa.record_batch({"text": pa.array(["x"] * len(stated), pa.string()), "lt_decoding": pa.array(stated, pa.string())})


@given(NAMES, st.integers(1, 12), st.integers(1, 3))
@settings(max_examples=100)
def test_the_labels_named_are_those_whose_counts_are_kept(values, capacity, shards):
    found = texts([f"d{at}" for at in range(len(values))])
    frequencies = Frequencies("labels:topic", "v", 0, capacity)
    frequencies.add(labels(marks(values), found, 0))
    made = named(values, capacity, shards)
    assert list(made.names) == sorted(set(types_of(frequencies.run().keys).tolist()))
    assert made.theta == frequencies.theta
    written = {"\u00e9" if value.strip() == "e\u0301" else value.strip() for value in values if value is not None}
    assert set(made.names.values()) <= written
    assert len(made.names) == min(capacity, len(written))


def test_a_name_is_that_of_its_type():
    made = named(["a", "b"])
    for kind, name in made.names.items():
        assert types_of(labels(marks([name]), texts(["d"]), 0).first).tolist() == [kind]


def test_a_long_name_is_cut_and_still_one_label():
    long = "é" * 2 * NAME_LIMIT
    assert sorted(named([long, long + "x", long]).names.values()) == ["é" * NAME_LIMIT] * 2


def test_labels_of_unlike_columns_do_not_merge():
    with pytest.raises(IncompatibleSummaries, match=r"labels differ in view \(labels:topic and labels:lang\)"):
        named(["a"]).merge(Labels("labels:lang", 0))


@pytest.mark.parametrize(
    ("stated", "setting"),
    [
        ('{"top_p": 0.9, "temperature": 1.0}', '{"temperature":1,"top_p":0.9}'),
        ('{"temperature": 1, "top_p": 9e-1, "prompt_id": 17}', '{"temperature":1,"top_p":0.9}'),
        ('{"top_k": 50, "min_p": 0.05, "max_tokens": 512.0, "repetition_penalty": 1.1}',
         '{"max_tokens":512,"min_p":0.05,"repetition_penalty":1.1,"top_k":50}'),
        ('{"temperature": null, "top_k": 0}', '{"top_k":0}'),
        ('{"temperature": "low"}', '{"temperature":"low"}'),
        ('{"max_tokens": 1e300}', '{"max_tokens":1e+300}'),
        ('{"max_tokens": 123456789012345678901234567890}', '{"max_tokens":123456789012345678901234567890}'),
        ("{}", None),
        ('{"prompt_id": 17}', None),
        ("", None),
        ("  ", None),
        (" greedy ", "greedy"),
        ('"greedy"', '"greedy"'),
        ("[1]", "[1]"),
        ("{broken" + "x" * 300, ("{broken" + "x" * 300)[:RAW_LIMIT]),
        ("[" * 100_000, "[" * RAW_LIMIT),
    ],
)  # fmt: skip
def test_a_setting_has_one_form(stated, setting):
    assert setting_of(stated) == setting
    assert setting is None or setting_of(setting) == setting


@given(st.lists(st.sampled_from([None, '{"top_p":1}', '{"top_p":1.0}', '{"top_k":5}', "greedy", "{}", ""]), max_size=30))
def test_settings_are_counted_and_documents_that_state_none_apart(stated):
    made = Decodings()
    made.add(sampled(stated))
    expected = Counter(
        "greedy" if value == "greedy" else json.dumps(json.loads(value), separators=(",", ":")).replace("1.0", "1")
        for value in stated
        if value not in (None, "{}", "")
    )
    assert made.counts == expected
    assert made.stated() == tuple(sorted(expected))
    assert made.untagged == len(stated) - sum(expected.values())


def test_documents_without_the_column_state_nothing():
    made = Decodings()
    made.add(pa.record_batch({"text": ["a", "b"]}))
    assert (made.counts, made.stated(), made.untagged) == ({}, (), 2)


@pytest.mark.parametrize("shards", [1, 4])
def test_of_many_settings_the_same_are_kept_with_all_their_documents_however_they_were_sharded(monkeypatch, shards):
    monkeypatch.setattr(module, "SETTINGS_KEPT", 10)
    stated = [json.dumps({"top_k": at % 40}) for at in range(200)]
    parts = [Decodings() for _ in range(shards)]
    for at, part in enumerate(parts):
        for row in stated[at::shards]:
            part.add(sampled([row]))
    for part in parts[1:]:
        parts[0].merge(part)
    whole = Decodings()
    whole.add(sampled(stated))
    assert parts[0].to_dict() == whole.to_dict()
    assert list(whole.counts.values()) == [5] * 10
