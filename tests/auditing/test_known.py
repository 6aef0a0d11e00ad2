"""What a ledger knows of the documents of a data set, against a loop over them."""

from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from longtail.auditing.known import EXAMPLES, known_of

ORIGINS = st.sampled_from([None, "human", "synthetic", "unknown"])
DOCUMENTS = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 40).map("{:02}".format)), ORIGINS), max_size=60)
LEDGER = st.dictionaries(st.integers(0, 40).map("{:02}".format), st.sampled_from(["human", "synthetic", "unknown"]))


def batch(rows):
    ids, origins = ([row[at] for row in rows] for at in (0, 1))
    return pa.record_batch({"lt_id": pa.array(ids, pa.string()), "lt_origin": pa.array(origins, pa.string())})


@given(DOCUMENTS, LEDGER, st.integers(1, 7))
def test_pairs_and_examples_are_those_of_a_loop_however_the_documents_are_cut(documents, ledger, size):
    def look_up(ids):
        assert ids == sorted(set(ids))
        yield batch([(each, ledger[each]) for each in ids if each in ledger])

    found = known_of((batch(documents[at : at + size]) for at in range(0, len(documents), size)), look_up)
    pairs = Counter((ledger[each], origin or "untagged") for each, origin in documents if each in ledger)
    differing = {each for each, origin in documents if ledger.get(each) not in (None, "unknown", origin)}
    assert found.pairs == pairs
    assert found.examples == tuple(sorted(differing)[:EXAMPLES])


def test_documents_without_ids_are_not_looked_up():
    assert known_of([pa.record_batch({"text": ["a"]})], lambda ids: 1 / 0).pairs == {}
