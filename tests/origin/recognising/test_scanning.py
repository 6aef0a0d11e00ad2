"""One pass of recognisers: every kind of input, and which p-values stand."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import binom, false_discovery_control

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.ledger.columns import identity
from longtail.origin.recognising.called import Called
from longtail.origin.recognising.evidence import Recognised, Text
from longtail.origin.recognising.scanning import scan
from longtail.origin.recognising.watermark import Watermark
from longtail.records import Evidence, Origin
from tests.origin.recognising.conftest import key_of, written

A_Z = Recognised(recogniser="z", words="a z", origin=Origin.SYNTHETIC, evidence=Evidence.INHERITED)
LETTER = Called(lambda texts: [A_Z if "z" in text else None for text in texts], "z", "the letter z")


def by_value():
    """A recogniser that finds the p-value that a text is."""
    return Called(
        lambda texts: [Recognised(recogniser="p", words="p", p_value=float(text)) if text != "short" else None for text in texts],
        "p",
        "p-values",
        tests=True,
    )


def test_findings_that_stand_are_those_of_benjamini_and_hochberg():
    p = np.concatenate([np.random.default_rng(0).random(200), np.random.default_rng(1).random(20) * 1e-3])
    for fdr in (0.01, 0.05, 0.3):
        found = scan([{"text": repr(value)} for value in p.tolist()], [by_value()], fdr)
        wanted = np.flatnonzero(false_discovery_control(p) <= fdr) + 1
        assert [one.document for one in found.seen] == wanted.tolist()
        (looked,) = found.looked
        assert (looked.tested, looked.found) == (220, len(wanted))
        assert looked.threshold == p[wanted - 1].max()


def test_what_cannot_be_tested_takes_no_part():
    alone = scan([{"text": "0.004"}], [by_value()], 0.01)
    padded = scan([{"text": "0.004"}, *[{"text": "short"}] * 50], [by_value()], 0.01)
    assert [one.document for one in alone.seen] == [one.document for one in padded.seen] == [1]
    assert padded.looked[0].tested == 1 and padded.documents == 51


def test_where_nothing_stands_there_is_no_threshold():
    found = scan([{"text": "0.5"}], [by_value()])
    assert found.seen == [] and found.looked[0].threshold is None


def test_a_wrong_key_finds_nothing_in_marked_text_and_the_right_one_nearly_all(key, other, marked, plain):
    texts = [{"text": text} for text in marked + plain]
    right, wrong = (scan(texts, [Watermark([each])]) for each in (key, other))
    found = {one.document for one in right.seen}
    assert len(found & {*range(1, 31)}) >= 29 and len(found - {*range(1, 31)}) <= 2
    assert wrong.seen == []


ROWS = [
    {"text": "a maze", "lt_origin": "human", "lt_id": "own"},
    {"text": "plain"},
    {"text": "  "},
    {"messages": [{"role": "user", "content": "zoo?"}, {"role": "assistant", "content": "no"}]},
    {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "buzz"}]},
]


def put(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_a_document_is_named_by_the_id_it_states_or_that_of_its_whole_content(tmp_path):
    found = scan(put(tmp_path / "a.jsonl", ROWS), [LETTER])
    assert [(one.document, one.lt_id, one.said) for one in found.seen] == [(1, "own", "human"), (4, identity(ROWS[4]), None)]
    assert (found.documents, found.quarantine.count) == (4, 1)


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet", "txt"])
def test_every_format_gives_the_same_ids(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.table({"text": ["a maze", "plain"], "other": [1, 2]}), path)
    else:
        path.write_text({"jsonl": '{"text": "a maze"}\n{"text": "plain"}\n', "csv": "text\na maze\nplain\n", "txt": "a maze"}[suffix])
    (one,) = scan(str(path), [LETTER]).seen
    assert (one.document, one.lt_id) == (1, identity({"text": "a maze"}))


def test_texts_in_memory_and_arrow_tables_are_read_too():
    for data in (["a maze of twisty passages", "all alike, it seems"], pa.table({"text": ["a maze", "plain"]})):
        assert [one.document for one in scan(data, [LETTER]).seen] == [1]


def test_nothing_to_look_for_or_at_is_said(tmp_path):
    with pytest.raises(UsageError, match="nothing to look for"):
        scan(["a b", "c d"], [])
    with pytest.raises(ConfigError, match="two recognisers are named 'z'"):
        scan(["a b", "c d"], [LETTER, LETTER])
    with pytest.raises(ConfigError, match="fdr is 1"):
        scan(["a b", "c d"], [LETTER], 1)
    with pytest.raises(ReadError, match="all 2 were set aside .*empty document"):
        scan(put(tmp_path / "empty.jsonl", [{"text": ""}, {"text": " "}]), [LETTER])


def test_two_hundred_tokens_are_enough_and_unmarked_text_is_as_rare_as_the_p_value_says(key):
    marked, plain = written(key, 40, words=200, seed=8), written(None, 120, words=200, seed=9)
    found = scan([{"text": text} for text in marked + plain], [Watermark([key])])
    assert sum(one.document <= 40 for one in found.seen) >= 38
    texts = [Text(text) for text in plain]
    tests = [each for number in range(100, 150) for each in Watermark([key_of(number)]).recognise(texts)]
    p = np.array([each.p_value for each in tests])
    for level in (0.01, 0.05):
        sizes = {n: max(tail for tail in binom.sf(np.arange(-1, n), n, 0.25) if tail <= level) for n in {each.n_scored for each in tests}}
        expected = np.mean([sizes[each.n_scored] for each in tests])
        assert abs(np.mean(p <= level) - expected) < 5 * np.sqrt(expected / len(p))


@pytest.mark.slow
def test_a_text_of_ten_million_tokens_is_tested_as_any_other(key):
    words = np.array([f"w{number}" for number in range(50_000)])
    text = " ".join(words[(50_000 * np.random.default_rng(0).random(10_000_000) ** 3).astype(int)])
    (found,) = Watermark([key]).recognise([Text(text)])
    assert found.n_scored > 5_000_000 and found.p_value > 1e-4
    (found,) = Watermark([key]).recognise([Text(f"{text} {' '.join(written(key, 20, words=2000, seed=3))}")])
    assert found.p_value < 1e-10
