"""Names of views: what of a document counts as types.

`words_1` to `words_4` and `code_1` to `code_3` are n-grams of the text, `formats` what it is (prose, a list, code …), `turns` the
messages of a conversation; `category:COLUMN`,
`pairs` (of all category columns) and `number:COLUMN` read a table; `regions:COLUMN` feature vectors. `near_duplicates` compares
the wording of whole documents and has no types. Views of numbers and vectors need a frame that a reference fixed.
"""

from collections.abc import Iterable
from typing import NamedTuple

from longtail.errors import ConfigError, UnknownName

TEXT = ("words", "code", "formats", "near_duplicates")
FRAMED = ("number", "regions")
"""Kinds whose bins or regions a reference fixes."""

OF_COLUMN = ("category", "number", "regions")
FEATURES = "features"
"""Column of the vectors that are given beside the documents, or that are the documents."""

TABLE = "table"
"""Stands for a view of every column of a table."""

DOCUMENTS, PROMPTS, LENGTHS, FORMATS, VALIDITY, LABELS = "documents", "prompts", "lengths", "formats", "validity", "labels:"
"""Names of what is counted beside the views; the last begins the name of a column of slices."""

_LONGEST = {"words": 4, "code": 3}
_ORDER = ("words", "regions", "pairs", "category", "number", "code", "turns")


class View(NamedTuple):
    """A view by its parts: `order` of its n-grams, `column` that it reads."""

    name: str
    kind: str
    order: int = 0
    column: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it reads the text of a document."""
        return self.kind in TEXT


PLAIN = {
    **{f"{kind}_{order}": View(f"{kind}_{order}", kind, order) for kind, most in _LONGEST.items() for order in range(1, most + 1)},
    **{name: View(name, name) for name in ("turns", "pairs", "formats", "near_duplicates")},
}
KNOWN = (*PLAIN, *(f"{kind}:COLUMN" for kind in OF_COLUMN), TABLE)


def view_of(name: str) -> View:
    """Return the view of a name.

    Raises:
        UnknownName: There is none.
        ConfigError: It needs the name of a column.
    """
    if name in PLAIN:
        return PLAIN[name]
    kind, colon, column = name.partition(":")
    if kind not in OF_COLUMN:
        raise UnknownName("view", name, KNOWN)
    if not colon or not column:
        raise ConfigError(f"view {name!r} names no column; write {kind}:COLUMN")
    return View(name, kind, 0, column)


def views_of(names: Iterable[str]) -> tuple[View, ...]:
    """Return the views of several names, each once, in the order of their names.

    Raises:
        UnknownName, ConfigError: See `view_of`; or pairs are asked for of fewer than two category columns.
    """
    views = tuple(view_of(name) for name in sorted(set(names)))
    if any(view.kind == "pairs" for view in views) and sum(view.kind == "category" for view in views) < 2:
        raise ConfigError("view 'pairs' needs two category columns or more; add --view category:A,category:B")
    return views


def is_content(name: str) -> bool:
    """Tell whether counts of this name are what documents hold, not what stands beside them."""
    return name in PLAIN or name.partition(":")[0] in OF_COLUMN


def principal(names: Iterable[str]) -> str | None:
    """Return the view that speaks for a data set where one must: words before regions, regions before columns; None without any."""
    found = sorted(map(view_of, names), key=lambda view: (_ORDER.index(view.kind) if view.kind in _ORDER else len(_ORDER), view.name))
    return found[0].name if found and found[0].kind in _ORDER else None


def is_framed(names: Iterable[str]) -> bool:
    """Tell whether any of these views needs a frame."""
    return any(view_of(name).kind in FRAMED for name in names)
