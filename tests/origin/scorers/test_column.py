import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.scorers.column import Column


def test_a_column_is_returned_for_its_own_documents_only():
    column = Column("detector", [0.5, None, 2])
    found = column.scores(["a", "b", "c"])[:, 0]
    assert found[[0, 2]].tolist() == [0.5, 2.0]
    assert np.isnan(found[1])
    assert column.card.name == "detector"
    with pytest.raises(UsageError, match="3 scores for 2 documents"):
        column.scores(["a", "b"])


def test_words_in_a_column_of_scores_are_refused():
    with pytest.raises(UsageError, match="column 'detector'"):
        Column("detector", ["high", "low"])
