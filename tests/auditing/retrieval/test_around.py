"""A store beside an audit: read where it is named, and nothing where it is not."""

import json

import pytest

from longtail.auditing.pipeline import Around
from longtail.auditing.retrieval import retrieval_of
from longtail.auditing.retrieval.around import estimates_of, retrieval_panel, stored
from longtail.errors import ReadError, UsageError
from longtail.readers.stores import read_log, read_store
from longtail.records import Estimate


@pytest.fixture
def files(tmp_path):
    rows = [{"id": f"d{at}", "text": f"Document {at} is on thing{at}.", "lt_origin": ("human", "synthetic")[at % 2]} for at in range(8)]
    log = [{"question": f"q{at}", "retrieved": [f"d{at % 8}"]} for at in range(30)]
    for name, lines in (("store", rows), ("log", log)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return tmp_path / "store.jsonl", tmp_path / "log.jsonl"


def test_without_a_store_what_is_known_stays_and_there_are_no_numbers_and_no_section():
    known = Around(last_audit="x")
    assert stored(None, None, known) is known
    assert (estimates_of(known), retrieval_panel(known)) == ((), {})


def test_a_store_is_the_same_read_here_or_measured_before(files):
    store, log = files
    known = stored(store, log, Around(last_audit="x"))
    measured = retrieval_of(read_store(store), read_log(log))
    assert known.last_audit == "x"
    assert known.retrieval == measured.record == stored(measured, None, Around()).retrieval
    assert stored(store, None, Around()).retrieval != known.retrieval


def test_the_numbers_are_those_that_could_be_measured_and_the_section_holds_all(files):
    known = stored(*files, Around())
    found = estimates_of(known)
    assert found and all(isinstance(each, Estimate) for each in found)
    assert {each.metric for each in found} >= {"pool_contamination", "exposure_contamination"}
    assert len(found) < len(known.retrieval.outcomes)
    assert retrieval_panel(known)["retrieval"]["items"] == 8


def test_a_log_without_a_store_and_a_store_that_is_not_there_are_refused(files, tmp_path):
    with pytest.raises(UsageError, match=r"log.jsonl' was named and no store; .* --rag STORE"):
        stored(None, files[1], Around())
    with pytest.raises(ReadError):
        stored(tmp_path / "none.jsonl", None, Around())
