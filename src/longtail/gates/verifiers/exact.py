"""Answers that must be the expected one, letter by letter or number by number."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.verdicts import KEPT, Judgement, Verdicts
from longtail.gates.verifiers.extracting import final
from longtail.gates.verifiers.helpers import Helper
from longtail.gates.verifiers.lines import Fallen
from longtail.gates.verifiers.missing import missing
from longtail.gates.verifiers.patterns import compiled, searcher

GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
RATIO = re.compile(r"([+-]?\d+)\s*/\s*(\d+)")
PATIENCE_S = 1.0
"""Seconds that a pattern has for one document; one that runs away finds no answer in it."""
DIGITS = 400
"""Digits and decimal exponent beyond which a text is no number, so that no answer costs time or memory."""


@GATES.add("exact_match", judges="documents", source="exact match of SQuAD, arXiv:1606.05250; answers marked as in GSM8K and MATH")
class ExactMatch:
    r"""Reject documents whose answer is not the expected one.

    Numbers are compared as numbers, exactly: 1,000 is 1000.0 and 0.5 is 1/2, but 0.33 is not 1/3. Everything else is compared as
    text after what is set to be ignored.

    Args:
        expected: Column of the expected answer, or of a list of answers of which any will do.
        answer: Column of the answer; the text of the document by default.
        extract: "final" takes the last \boxed{...}, else what follows the last ####, and rejects a text without either; "none"
            compares all of it; "auto" takes a final answer where one is marked, and all of it elsewhere.
        pattern: Regular expression whose first group, or whole match, is the answer; its last match counts. It replaces `extract`.
        ignore_case: Whether A is a.
        ignore_space: Whether white space at both ends, and how much of it stands inside, is ignored.
        ignore_punctuation: Whether punctuation is ignored.
        numbers: Whether numbers are compared as numbers.

    Raises:
        ConfigError: A setting is out of range, or the pattern is no regular expression.
    """

    def __init__(
        self,
        *,
        expected: str = "expected",
        answer: str = "",
        extract: str = "auto",
        pattern: str = "",
        ignore_case: bool = True,
        ignore_space: bool = True,
        ignore_punctuation: bool = False,
        numbers: bool = True,
    ) -> None:
        if extract not in ("auto", "final", "none"):
            raise ConfigError(f"exact_match: extract is {extract!r}; take auto, final or none")
        self._columns = expected, answer
        compiled("exact_match", "pattern", pattern)
        self._extract = extract
        self._searcher = searcher("capturing", {"pattern": pattern}, PATIENCE_S) if pattern else None
        self._ignored = ignore_case, ignore_space, ignore_punctuation
        self._numbers = numbers

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge each document."""
        expected, answer = self._columns
        answers = batch.values(answer) if answer else batch.texts.to_pylist()
        return Verdicts.of([self._judge(*row) for row in zip(answers, batch.values(expected), strict=True)])

    def _judge(self, answer: Any, expected: Any) -> Judgement:
        if answer is None:
            return Judgement("reject", "no answer")
        allowed = expected if isinstance(expected, list | tuple) else [expected]
        if not any(each is not None for each in allowed):
            return missing(self._columns[0])
        found = self._found(answer) if isinstance(answer, str) else answer
        if found is None:
            return Judgement("reject", "no final answer is marked")
        if any(self._same(found, each) for each in allowed if each is not None):
            return KEPT._replace(score=1.0)
        return Judgement("reject", "the answer is not the expected one", 0.0)

    def _found(self, text: str) -> str | None:
        if self._searcher is not None:
            return _captured(self._searcher, text)
        marked = None if self._extract == "none" else final(text)
        return text if marked is None and self._extract != "final" else marked

    def _same(self, answer: Any, expected: Any) -> bool:
        if isinstance(answer, bool) or isinstance(expected, bool):
            return str(answer).lower() == str(expected).lower()
        if self._numbers and (wanted := number_of(expected)) is not None:
            return number_of(answer) == wanted
        return self._plain(str(answer)) == self._plain(str(expected))

    def _plain(self, text: str) -> str:
        case, space, punctuation = self._ignored
        text = unicodedata.normalize("NFC", text)
        if punctuation:
            text = "".join(each for each in text if not unicodedata.category(each).startswith("P"))
        if space:
            text = " ".join(text.split())
        return text.casefold() if case else text


def number_of(value: Any) -> Fraction | None:
    """Return the exact number that a value or text is, such as 1/2, $1,000.50 or 2.5e-3, or None where it is none."""
    text = str(value).strip().removeprefix("$").removesuffix(".").strip()
    if len(text) > DIGITS:
        return None
    if GROUPED.fullmatch(text):
        text = text.replace(",", "")
    ratio = RATIO.fullmatch(text)
    if ratio:
        return Fraction(int(ratio[1]), int(ratio[2])) if int(ratio[2]) else None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return Fraction(found) if found.is_finite() and abs(found.adjusted()) <= DIGITS else None


def _captured(searcher: Helper, text: str) -> str | None:
    try:
        value = searcher.ask(text).get("value")
    except Fallen:
        return None
    return value if isinstance(value, str) else None
