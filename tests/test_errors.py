"""The tree that the module draws is the tree there is."""

import copy
import inspect
import re
from multiprocessing.reduction import ForkingPickler

import pytest

from longtail import errors
from longtail.errors import IncompatibleSummaries, LongtailError, MissingExtra, ReadError, SameHalf, UnknownName

LINE = re.compile(r"^ {4}((?:│ {3}| {4})*)(?:[├└]── )(\w+)(?: +\((\w+)\))? +\S", re.MULTILINE)


def drawn():
    """Each class of the drawing with its parent and the built-in error it also is."""
    path, found = ["LongtailError"], {}
    for indent, name, builtin in LINE.findall(errors.__doc__):
        depth = len(indent) // 4 + 1
        path[depth:] = [name]
        found[name] = (path[depth - 1], builtin or None)
    return found


def defined():
    """Each class of the module in the same form."""
    found = {}
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if kind is not LongtailError and issubclass(kind, LongtailError):
            bases = [base.__name__ for base in kind.__bases__]
            found[name] = (bases[0], bases[1] if len(bases) > 1 else None)
    return found


def test_the_drawn_tree_is_the_tree_of_the_classes():
    assert drawn() == defined()
    assert len(drawn()) >= 10


def test_every_error_is_also_the_built_in_error_that_callers_expect():
    assert issubclass(SameHalf, ValueError)
    assert issubclass(ReadError, OSError)
    assert issubclass(UnknownName, LookupError)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (UnknownName("view", "word_1", ["words_1", "words_2"]), "unknown view 'word_1': did you mean 'words_1'?"),
        (UnknownName("view", "xyz", ["words_2", "words_1"]), "unknown view 'xyz': known: words_1, words_2."),
        (ReadError("a.jsonl", "broken", line=3, fix="mend it"), "a.jsonl:3: broken; mend it"),
        (ReadError("a.jsonl", "broken"), "a.jsonl: broken"),
        (MissingExtra("sampling", "torch"), "sampling needs an optional part; run: pip install 'longtail[torch]'"),
    ],
)
def test_a_message_says_what_happened_and_what_to_do(error, says):
    assert str(error) == says


def test_unlike_settings_are_both_shown():
    message = str(IncompatibleSummaries("profiles", ("a", 0), ("a", 1)))
    assert "('a', 0)" in message
    assert "('a', 1)" in message
    assert "profile both again with the same options" in message


MADE = {
    UnknownName: UnknownName("view", "word_1", ["words_1"]),
    ReadError: ReadError("a.jsonl", "broken", line=3, fix="mend it"),
    IncompatibleSummaries: IncompatibleSummaries("profiles", {"a": 0, "b": 1}, {"a": 1, "b": 1}),
    MissingExtra: MissingExtra("sampling", "torch"),
}
"""One of each class whose message is composed from other arguments; the others take the message."""


def one_of_each():
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, LongtailError)]
    return [MADE.get(kind) or kind("what happened") for kind in kinds]


def told(error):
    builtin = {name: getattr(error, name, None) for name in ("msg", "errno", "filename", "path", "line")}
    return type(error), str(error), error.args, vars(error), builtin


@pytest.mark.parametrize("error", one_of_each(), ids=lambda error: type(error).__name__)
def test_every_error_comes_out_of_a_worker_process_as_it_went_in(error):
    for protocol in range(6):
        assert told(ForkingPickler.loads(ForkingPickler.dumps(error, protocol))) == told(error)
    assert told(copy.copy(error)) == told(error)


def test_a_note_on_an_error_comes_along():
    error = UnknownName("view", "w", ["words_1"])
    error.add_note("in settings.toml")
    assert ForkingPickler.loads(ForkingPickler.dumps(error)).__notes__ == ["in settings.toml"]
