"""Hidden tests and what foreign code scores on them; every verdict is computed here, from plain data."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from longtail.gates.verifiers.lines import Fallen
from longtail.gates.verifiers.sandbox.backends import Interpreter, Isolation
from longtail.gates.verifiers.sandbox.cells import Cell, Limits
from longtail.gates.verifiers.sandbox.wire import packed, unpacked

TOLERANCE = 1e-9
"""Relative difference below which two numbers that are no integers count as equal."""
MOST_NAMES = 1000
MOST_QUESTIONS = 100_000


class Unusable(Exception):
    """Tests that say nothing: of no known shape, or passed by what must not pass them."""


class Score(NamedTuple):
    """What code scored.

    Attributes:
        passed: Tests that it passed.
        of: Tests that there are.
        why: What went wrong first, without what the tests expect; empty where all passed.
    """

    passed: int
    of: int
    why: str = ""

    @property
    def reward(self) -> float:
        """Return the share of tests that it passed, from 0 to 1."""
        return self.passed / self.of if 0 <= self.passed <= self.of and self.of else 0.0


class Ground(NamedTuple):
    """Where code is tried: how it is kept apart, what runs it, and what it may use."""

    isolation: Isolation
    python: Interpreter
    limits: Limits


class Problem(NamedTuple):
    """Tests of one shape.

    Attributes:
        shape: "calls", "programs" or "texts".
        cases: Records with `call`, `args`, `kwargs` and `expected`, or with `stdin` and `stdout`, or texts of Python.
        entry: Name of the function that `check` is called with, where a text defines that.
    """

    shape: str
    cases: tuple[Any, ...]
    entry: str | None = None


def problem_of(given: Any, entry: str | None = None) -> Problem:
    """Return tests as they stand in a column: a list of records, a list of texts, one text of Python, or any of these as JSON.

    Raises:
        Unusable: They are of no known shape.
    """
    if isinstance(given, str) and given.lstrip()[:1] in ("[", "{"):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            raise Unusable("the tests begin like JSON and are none") from None
    if isinstance(given, str | Mapping):
        given = [given]
    if not isinstance(given, Sequence) or not given:
        raise Unusable("there are no tests")
    return Problem(_shape(given), tuple(given), entry)


def score(code: str, tests: Problem, ground: Ground) -> Score:
    """Return what code scores on tests, each in sandboxes of its own.

    Raises:
        Fallen: No sandbox starts.
        Unusable: A text of tests is no Python.
    """
    return {"calls": _calls, "programs": _programs, "texts": _texts}[tests.shape](code, tests, ground)


def same(found: Any, expected: Any) -> bool:
    """Tell whether an answer is what is expected; a tuple passes for a list, and `True` is no number."""
    if isinstance(expected, list | tuple):
        alike = isinstance(found, list | tuple) and len(found) == len(expected)
        return alike and all(map(same, found, expected))
    if isinstance(expected, dict):
        return isinstance(found, dict) and _same_records(found, expected)
    if _number(expected):
        return _number(found) and _same_numbers(found, expected)
    return type(found) is type(expected) and bool(found == expected)


def _shape(cases: Sequence[Any]) -> str:
    shapes = {_shape_of(each) for each in cases}
    if len(shapes) == 1 and "" not in shapes:
        return shapes.pop()
    raise Unusable("each test must be a text, have call and expected, or have stdin and stdout")


def _shape_of(case: Any) -> str:
    if isinstance(case, str):
        return "texts"
    if not isinstance(case, Mapping):
        return ""
    if isinstance(case.get("call"), str) and "expected" in case:
        return "calls"
    return "programs" if all(isinstance(case.get(name), str) for name in ("stdin", "stdout")) else ""


def _calls(code: str, tests: Problem, ground: Ground) -> Score:
    passed, why = 0, ""
    with Cell(ground.isolation, ground.python, "candidate", ground.limits) as cell:
        try:
            why = _failed(cell.ask({"do": "load", "code": code}), "the code")
            for at, case in enumerate(tests.cases if not why else ()):
                fault = _call(cell, case)
                passed += not fault
                why = why or (f"test {at + 1} of {len(tests.cases)}: {fault}" if fault else "")
        except Fallen as fallen:
            why = why or f"the code {fallen}"
    return Score(passed, len(tests.cases), why)


def _call(cell: Cell, case: Mapping[str, Any]) -> str:
    args, kwargs = list(case.get("args") or ()), dict(case.get("kwargs") or {})
    reply = cell.ask(
        {
            "do": "call",
            "on": None,
            "name": case["call"],
            "args": [packed(each, _refused) for each in args],
            "kwargs": [[key, packed(value, _refused)] for key, value in kwargs.items()],
        }
    )
    fault = _failed(reply, "the call")
    if fault:
        return fault
    try:
        return "" if same(unpacked(reply["value"], _refused), case["expected"]) else "the answer differs"
    except (ValueError, TypeError, LookupError, RecursionError, OverflowError, AttributeError):
        return "the answer is no plain data"


def _programs(code: str, tests: Problem, ground: Ground) -> Score:
    passed, why = 0, ""
    for at, case in enumerate(tests.cases):
        try:
            with Cell(ground.isolation, ground.python, "candidate", ground.limits) as cell:
                reply = cell.ask({"do": "program", "code": code, "stdin": case["stdin"]})
        except Fallen as fallen:
            reply = {"error": f"it {fallen}"}
        right = isinstance(reply.get("value"), str) and _lines(reply["value"]) == _lines(case["stdout"])
        passed += right
        why = why or ("" if right else f"test {at + 1} of {len(tests.cases)}: {_failed(reply, 'the program') or 'the output differs'}")
    return Score(passed, len(tests.cases), why)


def _texts(code: str, tests: Problem, ground: Ground) -> Score:
    results: list[str] = []
    why = ""
    with Cell(ground.isolation, ground.python, "candidate", ground.limits) as cell:
        try:
            loaded = cell.ask({"do": "load", "code": code})
            why = _failed(loaded, "the code")
        except Fallen as fallen:
            why = f"the code {fallen}"
        for text in tests.cases if not why else ():
            results += _judged(cell, text, _names(loaded, tests.entry), tests.entry, ground)
    failed = next((at for at, each in enumerate(results) if each), None)
    if failed is not None:
        why = f"test {failed + 1} of {len(results)}: {results[failed]}"
    return Score(results.count(""), max(len(results), len(tests.cases)), why)


def _judged(cell: Cell, text: str, names: list[str], entry: str | None, ground: Ground) -> list[str]:
    """Return what each test of a text raised, empty where it passed; the questions of the tests are passed on to the code."""
    with Cell(ground.isolation, ground.python, "judge", ground.limits) as judge:
        message: dict[str, Any] = {"text": text, "names": names, "entry": entry}
        for _ in range(MOST_QUESTIONS):
            try:
                told = judge.ask(message)
            except Fallen as fallen:
                return [f"the test {fallen}"]
            if "fault" in told:
                raise Unusable(f"a test cannot be read: {told['fault']}")
            if "ask" not in told:
                return [str(each) for each in told.get("results") or ["the test answered nothing"]]
            try:
                message = cell.ask(told["ask"])
            except Fallen as fallen:
                return [f"the code {fallen}"]
    return ["the test asks too much"]


def _names(loaded: Mapping[str, Any], entry: str | None) -> list[str]:
    if entry:
        return [entry]
    names = loaded.get("value")
    return [each for each in names if isinstance(each, str) and not each.startswith("__")][:MOST_NAMES] if isinstance(names, list) else []


def _failed(reply: Mapping[str, Any], what: str) -> str:
    if "value" in reply:
        return ""
    kind = "".join(each for each in str(reply.get("error", "")) if each.isidentifier())
    return f"{what} raised {kind[:60]}" if kind else f"{what} answered nothing"


def _refused(value: Any) -> Any:
    raise TypeError("no plain data")


def _number(value: Any) -> bool:
    return isinstance(value, int | float | complex) and not isinstance(value, bool)


def _same_numbers(found: Any, expected: Any) -> bool:
    if isinstance(found, int) and isinstance(expected, int):
        return found == expected
    if isinstance(found, complex) or isinstance(expected, complex):
        return bool(abs(found - expected) <= TOLERANCE * max(1.0, abs(expected)))
    if math.isnan(expected):
        return math.isnan(found)
    return math.isclose(found, expected, rel_tol=TOLERANCE)


def _same_records(found: dict[Any, Any], expected: dict[Any, Any]) -> bool:
    """Compare records; where all expected keys are texts, as in JSON, an answer's keys are compared as texts."""
    if all(isinstance(key, str) for key in expected):
        found = {str(key): value for key, value in found.items()}
    return found.keys() == expected.keys() and all(same(found[key], value) for key, value in expected.items())


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]
