import numpy as np
import pytest

from longtail.errors import ConfigError, MissingExtra
from longtail.gates import Batch, Verdicts, guarded

TEXTS = [f"document {number}" for number in range(37)]


def test_only_the_documents_that_a_gate_raises_on_are_rejected_and_the_reason_is_told():
    def gate(batch):
        if {"document 5", "document 36"} & set(batch.texts.to_pylist()):
            raise ValueError("cannot read  this\none")
        return Verdicts.keep(len(batch))

    verdicts = guarded(gate, Batch.of(TEXTS))
    assert np.flatnonzero(verdicts.decisions).tolist() == [5, 36]
    assert verdicts.reasons[5] == "the gate failed: ValueError: cannot read this one"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda batch: Verdicts.keep(len(batch) + 1), "verdicts for 1 documents"),
        (lambda batch: Verdicts.where(np.ones(len(batch), bool), "r", scores=np.full(len(batch), np.inf)), "infinite"),
        (lambda batch: None, "TypeError|AttributeError"),
    ],
)
def test_a_gate_that_answers_nonsense_rejects_and_never_lets_pass(made, says):
    import re

    verdicts = guarded(made, Batch.of(["x"]))
    assert verdicts.decisions.tolist() == [2]
    assert re.search(says, verdicts.reasons[0])


@pytest.mark.parametrize("error", [ConfigError("no such column"), MissingExtra("a gate", "verify")])
def test_what_is_wrong_with_the_gate_itself_stops_the_run(error):
    def gate(batch):
        raise error

    with pytest.raises(type(error)):
        guarded(gate, Batch.of(TEXTS))


def test_nothing_to_judge_is_no_call():
    assert len(guarded(lambda batch: 1 / 0, Batch.of([]))) == 0
