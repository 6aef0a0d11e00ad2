"""What runs tests inside a sandbox of their own, without the code that they test. Stands alone, after `wire`, `cell` and `candidate`.

A name that the tests use and do not define is asked for across the processes: calls go out as plain data, and answers come back
as plain data of plain types, so no comparison that a test makes is ever made by the code that is tested.
"""

import builtins
import json
import os
import sys
import types
import unittest
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, NoReturn

from longtail.gates.verifiers.sandbox.candidate import run
from longtail.gates.verifiers.sandbox.cell import enter, tell
from longtail.gates.verifiers.sandbox.wire import packed, unpacked

Asking = Callable[[dict[str, Any]], dict[str, Any]]


class Raised(Exception):
    """The code that is tested raised what is no exception of Python's own."""


class Remote:
    """An object in another process: it can be called and asked for its attributes and items; nothing is decided by comparing it."""

    def __init__(self, asking: Asking, at: int | None, name: str | None) -> None:
        vars(self).update(_asking=asking, _at=at, _name=name)

    def __getattr__(self, name: str) -> Any:
        """Ask for an attribute."""
        if name.startswith("__"):
            raise AttributeError(name)
        if self._at is None:
            return getattr(_value(self._asking, {"do": "get", "on": None, "name": self._name}), name)
        return _value(self._asking, {"do": "get", "on": self._at, "name": name})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        return self._called(self._name, *args, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        """Ask for an item."""
        return self._called("__getitem__", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Set an item."""
        self._called("__setitem__", key, value)

    def __len__(self) -> int:
        """Ask for its length."""
        return int(self._called("__len__"))

    def __iter__(self) -> Iterator[Any]:
        """Ask for its items one by one."""
        source = self._called("__iter__")
        while True:
            try:
                yield source.__next__()
            except StopIteration:
                return

    def __next__(self) -> Any:
        """Ask for the next item."""
        return self._called("__next__")

    def __contains__(self, value: object) -> bool:
        """Refuse, for the object would decide."""
        _refuse()

    def __bool__(self) -> bool:
        """Refuse."""
        _refuse()

    def __eq__(self, other: object) -> bool:
        """Refuse."""
        _refuse()

    def __ne__(self, other: object) -> bool:
        """Refuse."""
        _refuse()

    def _called(self, called: str | None, /, *args: Any, **kwargs: Any) -> Any:
        named = [[key, packed(value, _sent)] for key, value in kwargs.items()]
        ask = {"do": "call", "on": self._at, "name": called, "args": [packed(each, _sent) for each in args], "kwargs": named}
        return _value(self._asking, ask)


def tests_of(text: str, names: list[str], entry: str | None, asking: Asking) -> Iterator[Callable[[], object]]:
    """Return the tests of a text: the text itself, then `check(entry)`, each function test_… and each case of unittest in it."""
    module = types.ModuleType("tests")
    sys.modules["tests"] = module
    space = vars(module)
    space.update({name: Remote(asking, None, name) for name in names if _free(name)})
    space.update({name: import_module(name) for name in _mentioned(compile(text, "tests", "exec", dont_inherit=True))})
    yield lambda: run(text, module)
    check = space.get("check")
    if isinstance(check, types.FunctionType) and entry:
        yield lambda: check(Remote(asking, None, entry))
    yield from _gathered_tests(dict(space))


def _gathered_tests(space: dict[str, Any]) -> Iterator[Callable[[], object]]:
    for name, each in space.items():
        if name.startswith("test") and isinstance(each, types.FunctionType):
            yield each
        elif isinstance(each, type) and issubclass(each, unittest.TestCase):
            yield from [case.debug for case in unittest.defaultTestLoader.loadTestsFromTestCase(each)]


def judged(tests: Iterator[Callable[[], object]]) -> list[str]:
    """Run tests; return what each raised, empty where it passed. What a text raises at its own top is all that is known of it."""
    results: list[str] = []
    for test in tests:
        try:
            test()
        except BaseException as error:
            results.append(type(error).__name__)
            if len(results) == 1:
                break
        else:
            results.append("")
    return results[1:] or results


def _free(name: str) -> bool:
    """Tell whether tested code may give a name its meaning: none that Python itself gives one, or looks up by itself."""
    return name.isidentifier() and not name.startswith("__") and not hasattr(builtins, name)


def _refuse() -> NoReturn:
    raise TypeError("an object of the tested code cannot be compared; compare plain values")


def _mentioned(code: types.CodeType) -> set[str]:
    """Return the modules of the standard library that a text names, so that none of them is asked of the tested code."""
    inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
    return {name for name in code.co_names if name in sys.stdlib_module_names}.union(*map(_mentioned, inner))


def _sent(value: Any) -> dict[str, Any]:
    if isinstance(value, Remote) and value._at is not None:
        return {"object": [value._at, ""]}
    raise TypeError(f"a {type(value).__name__} of a test cannot be handed to the tested code; hand over plain values")


def _value(asking: Asking, ask: dict[str, Any]) -> Any:
    reply = asking(ask)
    if "value" in reply:
        return unpacked(reply["value"], lambda data: Remote(asking, int(data["object"][0]), None))
    kind = getattr(builtins, str(reply.get("error")), Raised)
    known = isinstance(kind, type) and issubclass(kind, Exception)
    raise (kind if known and kind not in UNUSUAL else Raised)(str(reply.get("says", "")))


UNUSUAL = (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError)
"""Exceptions that cannot be raised with a text alone."""


def main() -> None:
    """Run the tests that are asked for, passing each question on; say what they raised."""
    _, asks, answers = enter()

    def asking(ask: dict[str, Any]) -> dict[str, Any]:
        tell(answers, {"ask": ask})
        reply: dict[str, Any] = json.loads(asks.readline())
        return reply

    for line in asks:
        told = json.loads(line)
        try:
            compile(told["text"], "tests", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError) as error:
            tell(answers, {"fault": f"{type(error).__name__}: {error}"})
            continue
        tell(answers, {"results": judged(tests_of(told["text"], told["names"], told["entry"], asking))})
    os._exit(0)


if __name__ == "__main__":
    main()
