"""Mathematical answers, judged by math-verify with a second opinion."""

from pathlib import Path
from typing import Any

from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.settings import number
from longtail.gates.verdicts import KEPT, Judgement, Verdicts
from longtail.gates.verifiers.door import need
from longtail.gates.verifiers.helpers import Helper, Served
from longtail.gates.verifiers.lines import Fallen
from longtail.gates.verifiers.missing import missing

DECISIONS = {"equal": "keep", "different": "reject", "unsure": "review"}


@GATES.add("math_verify", judges="documents", source="Math-Verify (Hugging Face), 0.9.0")
class MathVerify:
    r"""Reject documents whose mathematical answer does not equal the expected one.

    The expected answer goes first, for math-verify's comparison is not symmetric. Both may be LaTeX; mark the answer with
    \boxed{}, $ or ####. math-verify 0.9.0 calls some different answers equal, because it rounds to 15 digits and 6 decimals
    (1/2004! and 1/2006!, 10^-20 and 10^-21) or reads a part of a formula only (3x-y+13=0 and 3x+4y+14=0 without $, both read as
    0). So whatever it calls equal is compared once more, exactly; where that says different the document is rejected, and where
    that cannot tell, it is for review. What it wrongly calls different stays rejected: rule-based checkers are known to miss
    right answers, so audit this gate on yours.

    It runs in a helper process that is killed when time is up, for the comparison of some expressions never ends.

    Args:
        expected: Column of the expected answer.
        answer: Column of the answer; the text of the document by default.
        timeout_s: Seconds for one document.

    Raises:
        ConfigError: A setting is out of range.
        MissingExtra: math-verify is not installed.
    """

    def __init__(self, *, expected: str = "expected", answer: str = "", timeout_s: float = 5.0) -> None:
        need("math_verify", "the gate math_verify")
        self._columns = expected, answer
        self._timeout_s = number("math_verify", "timeout_s", timeout_s, above=True)
        self._helper = Helper.of(Served(str(Path(__file__).with_name("mathematics.py")), "judging", {}), self._timeout_s)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge each document."""
        expected, answer = self._columns
        answers = batch.values(answer) if answer else batch.texts.to_pylist()
        return Verdicts.of([self._judge(*row) for row in zip(answers, batch.values(expected), strict=True)])

    def _judge(self, answer: Any, expected: Any) -> Judgement:
        if answer is None:
            return Judgement("reject", "no answer")
        if expected is None:
            return missing(self._columns[0])
        try:
            reply = self._helper.ask({"expected": str(expected), "answer": str(answer)})
        except Fallen as fallen:
            reply = {"error": f"it {fallen}"}
        if "value" not in reply:
            return Judgement("reject", f"math-verify came to no verdict: {reply.get('error')}")
        said, why = reply["value"]
        if said == "equal":
            return KEPT._replace(score=1.0)
        return Judgement(DECISIONS[said], why, 0.0 if said == "different" else None)
