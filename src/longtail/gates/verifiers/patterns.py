"""Texts that must hold some patterns and must not hold others, in a process that is interrupted where a pattern runs away."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.settings import number
from longtail.gates.verdicts import KEPT, Judgement, Verdicts
from longtail.gates.verifiers.helpers import Helper, Served
from longtail.gates.verifiers.lines import Fallen


@GATES.add("regex", judges="documents", source="own definition; syntax of Python's module re")
class Regex:
    """Reject documents in which a pattern that must occur does not, or one that must not occur does.

    Patterns are searched for, so anchor them to match a whole text. They run in a helper process, for some patterns take time
    that grows exponentially with the text: a document on which that happens is rejected, and the run goes on. The helper costs
    about 50 µs for each document.

    Args:
        must: Regular expressions that must all occur.
        must_not: Regular expressions of which none may occur.
        column: Column to search; the text by default.
        ignore_case: Whether A is a.
        timeout_s: Seconds for one document.

    Raises:
        ConfigError: A pattern is no regular expression, there is none, or a setting is out of range.
    """

    def __init__(
        self, *, must: Sequence[str] = (), must_not: Sequence[str] = (), column: str = "", ignore_case: bool = False, timeout_s: float = 1.0
    ) -> None:
        flags = re.IGNORECASE if ignore_case else 0
        self._must, self._must_not = (_patterns(name, given, flags) for name, given in (("must", must), ("must_not", must_not)))
        if not self._must and not self._must_not:
            raise ConfigError("regex: there is no pattern; give must or must_not")
        self._timeout_s = number("regex", "timeout_s", timeout_s, above=True)
        settings = {"must": self._must, "must_not": self._must_not, "flags": int(flags)}
        self._helper = searcher("searching", settings, self._timeout_s)
        self._column = column

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge each document."""
        texts = batch.values(self._column) if self._column else batch.texts.to_pylist()
        return Verdicts.of([self._judge(text) for text in texts])

    def _judge(self, text: Any) -> Judgement:
        if not isinstance(text, str):
            return Judgement("reject", f"no text in column {self._column!r}" if self._column else "no text")
        try:
            reply = self._helper.ask(text)
        except Fallen as fallen:
            reply = {"error": f"the search {fallen}"}
        if reply.get("error") == "out of time":
            return Judgement("reject", f"no pattern was decided within {self._timeout_s:g} s; write one that does not backtrack")
        if "value" not in reply:
            return Judgement("reject", f"not searched: {reply.get('error')}")
        wrong = reply["value"]
        if wrong is None:
            return KEPT
        return Judgement("reject", f"{wrong[1]!r} {'does not occur' if wrong[0] == 'must' else 'occurs'}")


def searcher(name: str, settings: dict[str, Any], timeout_s: float) -> Helper:
    """Return a helper process that searches texts."""
    return Helper.of(Served(str(Path(__file__).with_name("searching.py")), name, settings), timeout_s, bare=True)


def compiled(gate: str, name: str, pattern: object, flags: int = 0) -> None:
    """Refuse what is no regular expression.

    Raises:
        ConfigError: It is none.
    """
    try:
        if not isinstance(pattern, str):
            raise TypeError("write it as a text")
        re.compile(pattern, flags)
    except (re.error, TypeError, OverflowError, RecursionError) as error:
        raise ConfigError(f"{gate}: {name} holds {pattern!r}, which is no regular expression: {error}") from None


def _patterns(name: str, given: Sequence[str], flags: int) -> list[str]:
    found = [given] if isinstance(given, str) else list(given)
    for each in found:
        compiled("regex", name, each, flags)
    return found
