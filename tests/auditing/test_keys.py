"""Which scores make another audit: all that they say of documents, whatever the file is called."""

import dataclasses

import numpy as np
import pytest

from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.readers.scores import Losses, Scores
from longtail.summaries.profile import Profile

SCORES = Scores(
    path="scores.jsonl", ids=np.array([3, 8], np.uint64), names=("a", "b"), nll=np.array([4.0, 5.0]), tokens=np.array([2, 3]),
    correct=None, train=None, quarantined=0, quarantine=(),
)  # fmt: skip
LEARNED = Losses(np.array([1.0, 2.0]), np.array([2, 3]))


def key(**changed):
    scores = dataclasses.replace(SCORES, **changed)
    return Inputs(Profile(("words_1",)), None, None, None, scores=scores).key(Options())


@pytest.mark.parametrize(
    "changed",
    [
        {"nll": np.array([4.0, 5.5])},
        {"tokens": np.array([2, 4])},
        {"correct": np.array([1.0, 0.0])},
        {"correct": np.array([1.0, np.nan])},
        {"train": LEARNED},
    ],
    ids=["losses", "tokens", "answers", "one answer", "learned from"],
)
def test_what_scores_say_is_part_of_the_key(changed):
    assert key(**changed) != key()


def test_answers_and_learned_documents_are_told_apart():
    answers = {"correct": np.array([1.0, 0.0])}
    assert len({key(**answers), key(train=LEARNED), key(**answers, train=LEARNED), key(train=Losses(LEARNED.nll + 1, LEARNED.tokens))}) == 4


def test_the_name_of_the_file_is_no_part_of_it():
    assert key(path="elsewhere.csv") == key()
