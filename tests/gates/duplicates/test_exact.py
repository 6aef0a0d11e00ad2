"""Exact duplicates against a dictionary of texts."""

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ConfigError
from longtail.gates import GATES, REJECT, Batch, Gate
from longtail.gates.duplicates.exact import ExactDuplicates
from longtail.gates.duplicates.near import NearDuplicates
from longtail.summaries.normal import normal
from tests.gates.duplicates.planted import judged

WORDS = st.lists(st.sampled_from(["a", "A", " a", "a\n", "é", "e\u0301", "É", "b  b", "b b", "ß", "ss", "1"]), min_size=1, max_size=30)


def firsts(texts, form):
    """Number of the first text of the same form, for each that is not the first; None for the others."""
    seen = {}
    found = [seen.setdefault(form(text), at) for at, text in enumerate(texts)]
    return [first if first != at else None for at, first in enumerate(found)]


@given(WORDS, st.booleans(), st.integers(1, 9))
def test_what_a_dictionary_finds(texts, normalised, size):
    form = normal if normalised else lambda text: unicodedata.normalize("NFC", text).strip()
    expected = firsts(texts, form)
    removed, scores, matched, facts = judged(ExactDuplicates(normalised=normalised), texts, size)
    assert removed.tolist() == [first is not None for first in expected]
    assert matched == [None if first is None else f"d{first}" for first in expected]
    assert (scores[removed] == 1).all()
    assert facts["removed"] == removed.sum()
    assert facts["clusters"] == len({first for first in expected if first is not None})


def test_a_human_document_is_the_one_kept():
    records = [
        {"lt_id": name, "text": "the same", "lt_origin": origin} for name, origin in (("a", "synthetic"), ("b", "human"), ("c", "human"))
    ]
    removed, _, matched, _ = judged(ExactDuplicates(), records)
    assert removed.tolist() == [True, False, True]
    assert matched == ["b", None, "b"]
    assert Gate(ExactDuplicates()).judge(records).decisions.tolist() == [2, 0, 0], "human documents are spared"


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_against_loses_nothing_and_gives_the_partners(tmp_path, form):
    path = tmp_path / f"reference.{form}"
    if form == "parquet":
        pq.write_table(pa.table({"lt_id": ["r0", "r1", "r2"], "text": ["one", "one", None]}), path)
    else:
        path.write_text('{"lt_id": "r0", "text": "one"}\n{"lt_id": "r1", "text": "one"}\n{"text": null}\nno JSON\n')
    records = [{"lt_id": "a", "text": "two", "lt_origin": "human"}, {"lt_id": "b", "text": "one", "lt_origin": "human"}]
    removed, _, matched, facts = judged(ExactDuplicates(against=str(path)), records)
    assert removed.tolist() == [False, True]
    assert matched == [None, "r0"]
    assert facts["compared with"] == 2
    assert facts["documents"] == 2


def test_a_document_of_the_reference_that_states_no_id_has_that_of_its_content(tmp_path):
    (tmp_path / "reference.jsonl").write_text('{"text": "one", "year": 1}\n')
    verdicts = ExactDuplicates(against=[str(tmp_path / "reference.jsonl")])(Batch.of(["one"]))
    assert verdicts.matched[0] == Batch.of(["one"]).ids[0].as_py()
    assert verdicts.reasons == ["exact duplicate of a document in against"]


def test_no_text_is_no_pass_and_no_duplicate():
    verdicts = ExactDuplicates()(Batch(pa.array(list("abc")), pa.array([None, " ", "\n"])))
    assert verdicts.decisions.tolist() == [REJECT] * 3
    assert set(verdicts.reasons) == {"no text"}
    assert verdicts.matched == [None] * 3


def test_nothing_is_nothing():
    assert len(ExactDuplicates()(Batch.of([]))) == 0
    assert ExactDuplicates().over(list).facts["removed"] == 0


def test_ids_in_a_temporary_file_are_the_same(monkeypatch):
    texts = [f"text {at % 700}" for at in range(1000)]
    within = judged(ExactDuplicates(), texts)
    monkeypatch.setattr("longtail.gates.duplicates.exact._LIMIT", 2000)
    beyond = judged(ExactDuplicates(), texts)
    assert (within[0] == beyond[0]).all()
    assert within[2:] == beyond[2:]
    assert np.flatnonzero(within[0]).tolist() == list(range(700, 1000))


def test_settings_out_of_range_are_refused():
    with pytest.raises(ConfigError, match="normalised is 'yes'"):
        ExactDuplicates(normalised="yes")
    with pytest.raises(ConfigError, match="would remove 99"):
        ExactDuplicates()(Batch.of(["same"] * 100))
    assert GATES["exact_duplicates"].member is ExactDuplicates


@pytest.mark.parametrize(
    "records",
    [
        [{"prompt": prompt, "completion": "Yes."} for prompt in ("Is it so?", "Is it done?", "Is it so?")],
        [{"instruction": "Sum up.", "input": given, "output": "It rains."} for given in ("One.", "Two.", "One.")],
        [{"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": "Yes."}]} for asked in ("a?", "b?", "a?")],
        [{"text": "Yes.", "prompt": prompt} for prompt in ("a?", "b?", "a?")],
    ],
)
def test_the_same_answer_to_another_prompt_is_no_copy(records):
    assert ExactDuplicates()(Batch.of(records)).decisions.tolist() == [0, 0, 2]
    assert NearDuplicates()(Batch.of(records)).decisions.tolist() == [0, 0, 2]
