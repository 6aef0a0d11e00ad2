"""Code that must pass hidden tests, in a sandbox."""

import json
import sys
from typing import Any

import xxhash

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.settings import number, whole
from longtail.gates.verdicts import KEPT, Judgement, Verdicts
from longtail.gates.verifiers.extracting import fenced
from longtail.gates.verifiers.lines import Fallen
from longtail.gates.verifiers.missing import missing
from longtail.gates.verifiers.sandbox import problems
from longtail.gates.verifiers.sandbox.backends import DOES_NOT_STOP, interpreter
from longtail.gates.verifiers.sandbox.cells import Limits, chosen

SOURCE = "HumanEval, arXiv:2107.03374 (code judged by tests); own definition (the verdict from plain data, outside the sandbox)"
EMPTY = "pass\n"


@GATES.add("python_tests", judges="documents", source=SOURCE)
class PythonTests:
    r"""Reject code that does not pass tests that it has not seen; the score is the share of them that it passes.

    Tests are, in a column, a list of records with `call`, `args`, `kwargs` and `expected`; or with `stdin` and `stdout`; or texts
    of Python with assertions, functions test_…, cases of unittest or a function `check(candidate)`. Each list may be given as
    JSON. Of a text with a fenced block of Python, the last such block is the code.

    What is expected never enters the process that runs the code. Of the first two shapes it stays in this process, which asks
    for values and compares them. Texts of Python run in a sandbox of their own, where names that they do not define are asked
    for by call, and answers are rebuilt from plain data. So what the code prints, raises, patches, overrides or writes to a
    file decides nothing, and a forged answer is only an answer. A document whose tests the empty program passes, or its
    reference does not, is for review: its tests tell nothing.

    Limits that hold whatever the isolation: seconds by the clock and of the processor, address space of each process (so at
    most `memory_mb` times `processes`), processes, size of a file and of an answer, open files, no core dump. When time is up,
    all that the code has started is killed. `longtail.gates.verifiers.sandbox` says what each isolation does not stop: plain
    limits of a process are a harness for tests, not a border.

    A test must define or import what it uses; a name that it leaves open is asked of the code, or only `entry` where that is
    given. Objects of the code's own may be called and asked for attributes and items; a test that compares them fails.

    Args:
        tests: Column of the tests.
        code: Column of the code; the text by default.
        entry: Column with the name that `check` is called with.
        reference: Column of code that is known to pass; where a document has it, its tests are tried on it.
        needed: Share of the tests to pass.
        timeout_s: Seconds for one document, or for each program where tests have `stdin`.
        memory_mb: Megabytes of address space.
        processes: Processes and threads at a time.
        output_mb: Megabytes of one answer or file.
        isolation: "bubblewrap", "namespaces" or "plain", refused where it does not work; "auto" takes the strongest that does.
        interpreter: Python to run; this one by default.
        packages: Whether code may import what is installed beside the interpreter.

    Raises:
        ConfigError: A setting is out of range, or no isolation of that kind works on this machine.
    """

    def __init__(
        self,
        *,
        tests: str = "tests",
        code: str = "",
        entry: str = "entry_point",
        reference: str = "reference",
        needed: float = 1.0,
        timeout_s: float = 10.0,
        memory_mb: int = 512,
        processes: int = 8,
        output_mb: int = 4,
        isolation: str = "auto",
        interpreter: str = "",
        packages: bool = False,
    ) -> None:
        self._columns = tests, code, entry, reference
        self._needed = number("python_tests", "needed", needed, 0, 1, above=True)
        limits = Limits(
            number("python_tests", "timeout_s", timeout_s, 0, 3600, above=True),
            whole("python_tests", "memory_mb", memory_mb, 64),
            whole("python_tests", "processes", processes, 1),
            whole("python_tests", "output_mb", output_mb, 1),
        )
        self._ground = _ground(isolation, interpreter, packages, limits)
        self._sound: dict[str, str] = {}

    @property
    def isolation(self) -> str:
        """Return the isolation in force."""
        return self._ground.isolation

    @property
    def does_not_stop(self) -> tuple[str, ...]:
        """Return what the isolation in force does not stop."""
        return DOES_NOT_STOP[self._ground.isolation]

    @property
    def says(self) -> tuple[str, ...]:
        """Return what a person must know of the isolation in force."""
        return (f"code runs under {self.isolation} isolation, which does not stop: {'; '.join(self.does_not_stop)}",)

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge each document."""
        tests, code, entry, reference = self._columns
        texts = batch.values(code) if code else batch.texts.to_pylist()
        rows = zip(texts, batch.values(tests), batch.values(entry), batch.values(reference), strict=True)
        return Verdicts.of([self._judge(*row) for row in rows])

    def _judge(self, text: Any, given: Any, entry: Any, reference: Any) -> Judgement:
        if not isinstance(text, str):
            return Judgement("reject", "no code")
        if given is None:
            return missing(self._columns[0])
        try:
            tests = problems.problem_of(given, _text(entry))
            self._try(tests, _text(reference))
            found = problems.score(_code(text), tests, self._ground)
        except problems.Unusable as unusable:
            return Judgement("review", f"not judged: {unusable}")
        except Fallen as fallen:
            return Judgement("review", f"not judged: the sandbox {fallen}")
        if found.reward >= self._needed:
            return KEPT._replace(score=found.reward)
        return Judgement("reject", f"passes {found.passed} of {found.of} tests; {found.why}", found.reward)

    def _try(self, tests: problems.Problem, reference: str | None) -> None:
        """Refuse tests that tell nothing; each is tried once."""
        content = json.dumps([*tests, reference], sort_keys=True, default=str).encode()
        name = xxhash.xxh3_128_hexdigest(content)
        if name not in self._sound:
            self._sound[name] = self._tried(tests, reference)
        if self._sound[name]:
            raise problems.Unusable(self._sound[name])

    def _tried(self, tests: problems.Problem, reference: str | None) -> str:
        empty = problems.score(EMPTY, tests, self._ground)
        if empty.passed:
            return f"the empty program passes {empty.passed} of {empty.of} tests"
        if reference is None:
            return ""
        right = problems.score(_code(reference), tests, self._ground)
        return "" if right.passed == right.of else f"the reference passes {right.passed} of {right.of} tests; {right.why}"


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _code(text: str) -> str:
    block = fenced(text, "python", "python3", "py")
    return text if block is None else block


def _ground(isolation: str, path: str, packages: bool, limits: Limits) -> problems.Ground:
    if sys.platform != "linux":
        raise ConfigError(f"python_tests needs Linux to confine code, and this is {sys.platform}; run it there, or use the gate command")
    python = interpreter(path or sys.executable, packages)
    return problems.Ground(chosen(isolation, python), python, limits)
