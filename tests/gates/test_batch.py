import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.gates import Batch
from longtail.ledger.columns import identity


def test_texts_and_records_become_documents_with_the_ids_that_tag_would_give_them():
    batch = Batch.of(["one", {"text": "two", "topic": "t"}, {"prompt": "why", "completion": "because"}])
    assert batch.ids.to_pylist() == [
        identity({"text": "one"}),
        identity({"text": "two"}),
        identity({"prompt": "why", "completion": "because"}),
    ]
    assert batch.texts.to_pylist() == ["one", "two", "because"]
    assert batch.values("topic") == [None, "t", None]


def test_an_id_that_is_stated_is_kept_and_a_dotted_path_is_followed():
    batch = Batch.of([{"text": "a", "lt_id": "mine", "meta": {"source": "web"}}])
    assert batch.ids.to_pylist() == ["mine"]
    assert list(batch.values("meta.source")) == ["web"]


def test_some_documents_keep_their_columns_and_their_places():
    batch = Batch.of([{"text": str(number), "n": number} for number in range(5)]).take([4, 1]).take(np.array([1, 0]))
    assert list(batch.values("n")) == [1, 4]
    assert batch.positions.tolist() == [1, 4]
    assert batch.texts.to_pylist() == ["1", "4"]


@pytest.mark.parametrize(("given", "says"), [(3, "document 0 is a int"), ({"topic": "t"}, "no content"), ({"text": None}, "no content")])
def test_what_is_no_document_is_refused_with_its_place(given, says):
    with pytest.raises(UsageError, match=says):
        Batch.of([given])
