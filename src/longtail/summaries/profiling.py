"""From data to a profile: which views, which columns, one pass to fit bins and regions where a view needs them, one pass to count."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longtail.errors import ConfigError, UsageError
from longtail.readers import Named, Reading, Vector, read, table_columns
from longtail.records import OnProgress, Progress
from longtail.summaries.frame import Frame, fit
from longtail.summaries.profile import DEFAULT_VIEWS, Profile
from longtail.summaries.threads import count
from longtail.views.names import FEATURES, TABLE, View, is_framed, views_of
from longtail.views.validity import Validity

MEDIA = ("picture", "sound")
LABEL = "label"
"""Column that a folder of pictures or sound has: the folder that a file lies in."""

MOST_PAIRED = 20
"""Category columns of a table up to which pairs of them are counted without being asked for."""


@dataclass(frozen=True)
class Counting:
    """How data sets are read and counted, the same for all of an audit.

    Attributes:
        views: Names of views.
        seed: Seed of all hashes.
        exact: Keep exact counts for all views.
        text_column: Column that holds the text, where it is not recognised.
        table: Table of an SQLite file.
        by: Columns whose values are slices.
        role: Whose turns of a conversation are read; the assistant's where None.
        features: Vectors of the documents: a `.npy` file, an array, or what makes them; see `readers.read`.
        validity: What counts as valid; other documents are counted and left out.
        workers: Threads that count documents; what is counted does not depend on them.
        types: Types kept of a view that has more, where they are not all kept; see `Profile`.
    """

    views: tuple[str, ...] = DEFAULT_VIEWS
    seed: int = 0
    exact: bool = False
    text_column: str | None = None
    table: str | None = None
    by: tuple[str, ...] = ()
    role: str | None = None
    features: Any = None
    validity: Validity | None = None
    workers: int = 1
    types: int | None = None

    def __post_init__(self) -> None:
        """Refuse to count with no thread."""
        if self.workers < 1:
            raise UsageError(f"workers is {self.workers}; take 1 or more")

    def reading(self, data: Any) -> Reading:
        """Open a data set with all columns that the views need.

        Raises:
            ReadError: It cannot be read.
        """
        views = views_of(self.views)
        kind = read(data, self.text_column, self.table, rows=True).kind
        slices = (Named(name, needed=False) if name == LABEL and kind in MEDIA else name for name in self.by)
        wanted = [*slices, *self._columns(views, kind)]
        return read(
            data,
            self.text_column,
            self.table,
            by=wanted,
            rows=not any(view.is_text for view in views),
            features=self.features,
            role=self.role,
        )

    def _columns(self, views: tuple[View, ...], kind: str) -> Iterator[str]:
        is_given = self.features is not None or kind == "vector"
        for view in views:
            if view.kind in ("category", "number"):
                yield Named(view.column, "--view")
            elif view.kind == "regions" and not (view.column == FEATURES and is_given):
                yield Vector(view.column, "--view")


def profile(
    data: Any,
    *,
    views: Sequence[str] | None = None,
    seed: int = 0,
    exact: bool = False,
    text_column: str | None = None,
    table: str | None = None,
    by: Sequence[str] = (),
    role: str | None = None,
    features: Any = None,
    validity: Validity | None = None,
    types: int | None = None,
    like: Profile | Frame | None = None,
    workers: int = 1,
    on_progress: OnProgress | None = None,
) -> Profile:
    """Return the profile of a data set in one streaming pass.

    Args:
        data: A path, glob, directory or "-", several of them (one data set), an Arrow table, a numpy array, or an iterable of
            str or dict.
        views: What to count, see `longtail.views.names`; "table" stands for every column of a table. None counts words of text,
            and regions of vectors.
        seed: Seed of all hashes.
        exact: Keep exact counts for all views, spilled to disk where memory does not hold them.
        text_column: Column that holds the text, where it is not recognised.
        table: Table of an SQLite file.
        by: Columns whose values are slices, as names or dotted paths; `label` is the folder of a picture or of a sound.
        role: Whose turns of a conversation are read; the assistant's where None.
        features: Vectors of the documents, in their order: a `.npy` file, an array, a function from texts (or paths of media) to
            an array, or "module:function"; they are counted as `regions:features`.
        validity: What counts as valid, see `longtail.gates.validity.validity_of`; other documents are counted and left out.
        types: Types kept of longer n-grams, code, free categories and pairs where there are more, by smallest hash: 2**18 by default.
            Fewer are faster and less precise; 2**14 give a number of types with a standard error of .8 %.
        like: A profile, or its frame, whose bins and regions views of numbers and of vectors are counted in. None fits them on half A
            of the data itself, in a pass of its own.
        workers: Threads that count documents, the same profile for any number. Data are read, and what is handed in (an iterable, a
            function of features or of validity, `on_progress`) is called, in the calling thread alone.
        on_progress: Called after every batch.

    Raises:
        ReadError: The data cannot be read, or no document has a column that was asked for.
        UnknownName, ConfigError: A view that does not exist, or that no frame was fitted for; too few types, or `types` beside `exact`.
        UsageError: bins or regions have to be fitted on data that can be read only once, or `workers` is below 1.
    """
    counting = Counting(tuple(views or ()), seed, exact, text_column, table, tuple(by), role, features, validity, workers, types)
    return counted(data, settled(data, counting, is_asked=views is not None), like, on_progress)


def settled(data: Any, counting: Counting, *, is_asked: bool) -> Counting:
    """Return how to count with its views and slices named, as far as the data decide on them.

    Args:
        data: A data set of the audit; the reference where there is one.
        counting: How to count.
        is_asked: Whether views were asked for.
    """
    if is_asked:
        return replace(counting, views=tuple(_spelled(data, counting)))
    kind = read(data, counting.text_column, counting.table, rows=True, features=counting.features).kind
    regions = (f"regions:{FEATURES}",) if counting.features is not None or kind == "vector" else ()
    if kind == "vector":
        return replace(counting, views=regions)
    if kind in MEDIA:
        return replace(counting, views=regions, by=counting.by or (LABEL,))
    return replace(counting, views=(*DEFAULT_VIEWS, *regions))


def _spelled(data: Any, counting: Counting) -> Iterator[str]:
    """Yield the views asked for, with every column of the table in place of "table"."""
    yield from (name for name in counting.views if name != TABLE)
    if TABLE in counting.views:
        found = table_columns(data, counting.table)
        yield from (f"category:{column}" for column in found.categories)
        yield from (f"number:{column}" for column in found.numbers)
        yield from (f"regions:{column}" for column in found.vectors)
        if 2 <= len(found.categories) <= MOST_PAIRED:
            yield "pairs"


def counted(data: Any, counting: Counting, like: Profile | Frame | None = None, on_progress: OnProgress | None = None) -> Profile:
    """Return the profile of a data set whose views are settled; see `profile`."""
    made = Profile(
        counting.views,
        counting.seed,
        exact=counting.exact,
        by=counting.by,
        frame=_frame(data, counting, like, on_progress),
        validity=counting.validity,
        types=counting.types,
    )
    reading = counting.reading(data)
    count(_told(reading, "profile", on_progress), made, counting.workers)
    made.settle()
    made.describe(reading)
    return made


def _frame(data: Any, counting: Counting, like: Profile | Frame | None, on_progress: OnProgress | None) -> Frame:
    if like is not None:
        return like.frame if isinstance(like, Profile) else like
    if not is_framed(counting.views):
        return Frame()
    if _is_read_once(data):
        raise UsageError(
            "bins and regions are fitted in a pass of their own, and these data can be read only once; save them to a file, or count them "
            "in the bins and regions of another profile (like=, --like)"
        )
    return fit(_told(counting.reading(data), "fit bins and regions", on_progress), views_of(counting.views), counting.seed)


def _told(reading: Reading, stage: str, on_progress: OnProgress | None) -> Iterator[Any]:
    for batch in reading.batches():
        yield batch
        if on_progress is not None:
            on_progress(Progress(stage=f"{stage} {reading.path}", done=reading.documents))


def _is_read_once(data: Any) -> bool:
    return is_stdin(data) or isinstance(data, Iterator)


def is_stdin(data: Any) -> bool:
    """Tell whether data are what comes in on standard input."""
    named = data[0] if isinstance(data, list | tuple) and len(data) == 1 else data
    return isinstance(named, str | os.PathLike) and os.fspath(named) == "-"


def merge(profiles: Iterable[Profile]) -> Profile:
    """Return one profile of several parts of a data set; the parts stay as they are.

    Raises:
        ConfigError: There are none.
    """
    whole: Profile | None = None
    for part in profiles:
        if whole is None:
            whole = Profile.from_dict(part.to_dict())
        else:
            whole.merge(part)
    if whole is None:
        raise ConfigError("no profile to merge; name at least one .ltp file")
    return whole
