"""What runs foreign code inside a sandbox and does with it what it is asked. Stands alone, after `wire` and `cell`.

Nothing that is expected is ever known here: it is asked for a value, and what it answers is compared elsewhere.
"""

import json
import os
import sys
import types
from collections.abc import Callable
from typing import Any

from longtail.gates.verifiers.sandbox.cell import enter, tell
from longtail.gates.verifiers.sandbox.wire import packed, unpacked

SHOWN = 200


class Candidate:
    """Foreign code that has been run, and the objects of its own that somebody has asked for."""

    def __init__(self) -> None:
        self.module = types.ModuleType("candidate")
        self.kept: list[Any] = []
        sys.modules["candidate"] = self.module

    def load(self, code: str) -> list[str]:
        """Run the code; return the names that it has defined."""
        run(code, self.module)
        return [name for name in vars(self.module) if type(name) is str and not name.startswith("__")]

    def get(self, on: int | None, name: str) -> Any:
        """Return an attribute of an object that was asked for, or what a name stands for."""
        return vars(self.module)[name] if on is None else getattr(self.kept[on], name)

    def call(self, on: int | None, name: str | None, args: list[Any], kwargs: list[Any]) -> Any:
        """Call a function, an object or its method with values built for this call alone."""
        target = self.kept[on] if name is None and on is not None else self.get(on, name or "")
        named = {key: unpacked(value, self.fetch) for key, value in kwargs}
        return target(*(unpacked(each, self.fetch) for each in args), **named)

    def program(self, code: str, stdin: str) -> str:
        """Run the code as a program; return what it wrote."""
        for descriptor, content in ((0, stdin.encode()), (1, b"")):
            file = os.memfd_create("stream")
            os.write(file, content)
            os.lseek(file, 0, os.SEEK_SET)
            os.dup2(file, descriptor)
        sys.stdin, sys.stdout = os.fdopen(0, "r", closefd=False), os.fdopen(1, "w", closefd=False)
        self.module.__name__ = "__main__"
        sys.modules["__main__"] = self.module
        try:
            run(code, self.module)
        except SystemExit as end:
            if end.code not in (None, 0):
                raise
        sys.stdout.flush()
        os.lseek(1, 0, os.SEEK_SET)
        return b"".join(iter(lambda: os.read(1, 1 << 16), b"")).decode(errors="replace")

    def keep(self, value: Any) -> dict[str, Any]:
        """Keep an object that is no plain data, and return a number for it."""
        self.kept.append(value)
        return {"object": [len(self.kept) - 1, type(value).__name__[:SHOWN]]}

    def fetch(self, data: dict[str, Any]) -> Any:
        """Return the object that a number stands for."""
        return self.kept[data["object"][0]]

    def answer(self, ask: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked; what is raised is an answer too."""
        try:
            known: dict[str, Callable[..., Any]] = {"load": self.load, "get": self.get, "call": self.call, "program": self.program}
            do = known[ask.pop("do")]
            return {"value": packed(do(**ask), self.keep)}
        except BaseException as error:
            return {"error": type(error).__name__[:SHOWN], "says": _said(error)}


def run(code: str, module: types.ModuleType) -> None:
    """Run the text of a module in a module."""
    types.FunctionType(compile(code, module.__name__, "exec", dont_inherit=True), vars(module))()


def _said(error: BaseException) -> str:
    try:
        return str(error)[:SHOWN]
    except BaseException:
        return ""


def main() -> None:
    """Answer until nothing more is asked."""
    _, asks, answers = enter()
    candidate = Candidate()
    for line in asks:
        tell(answers, candidate.answer(json.loads(line)))
    os._exit(0)


if __name__ == "__main__":
    main()
