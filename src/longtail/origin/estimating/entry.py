"""`estimate`: how much of a corpus of unknown origin is machine-made, from data sets to one record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from longtail.origin.dates.dating import CUTOFF
from longtail.origin.estimating.answering import Estimation, bounded, measured
from longtail.origin.estimating.asking import Ask
from longtail.origin.estimating.corpus import DOCUMENTS, How
from longtail.origin.estimating.sides import HUMAN_COLUMN, MACHINE_COLUMN, named_sides
from longtail.origin.settings import REPLICATES, Settings
from longtail.records import OnProgress


def estimate(
    data: Any,
    human: Any = None,
    synthetic: Any = None,
    *,
    pairs: Any = None,
    human_column: str = HUMAN_COLUMN,
    synthetic_column: str | Sequence[str] = MACHINE_COLUMN,
    control_human: Any = None,
    control_synthetic: Any = None,
    group_column: str | None = None,
    cluster_column: str | None = None,
    score_column: str | None = None,
    text_column: str | None = None,
    table: str | None = None,
    by: str | Sequence[str] = (),
    date_column: str | None = None,
    date_kind: str = "published",
    period: str | None = None,
    cutoff: str | date = CUTOFF,
    scorer: Any = "words",
    method: str = "mixture",
    closed: bool = False,
    level: float = 0.95,
    replicates: int = REPLICATES,
    documents: int = DOCUMENTS,
    weights: str | None = None,
    curve: bool = False,
    published: bool = False,
    rates_by: str | None = None,
    seed: int = 0,
    command: str = "",
    on_progress: OnProgress | None = None,
) -> Estimation:
    """Return how much of a corpus of unknown origin is machine-made, with an interval, or why that cannot be said.

    With human and machine texts: shares. With human texts alone: the share that is unlike them, at least. With dates alone: the
    share that words which came up after a cut-off show, at least.

    Args:
        data: Documents of unknown origin: a path, glob or folder, several paths, an Arrow table, or an iterable of strings or records.
        human: Texts that people wrote, of the same domain, likewise.
        synthetic: Texts that a model wrote, likewise; of several models by name.
        pairs: In place of both, data with a human and a machine text in each row.
        human_column: Column of the human texts of pairs.
        synthetic_column: Column of the machine texts of pairs; several are several machine origins.
        control_human: Texts of the data's own domain that are certainly human.
        control_synthetic: Texts of the data's own domain that are certainly machine-made.
        group_column: Column of the reference that says which documents were made from one another.
        cluster_column: Column of the data that says which documents depend on each other, such as an author or a host.
        score_column: Column of scores of a detector of one's own, in the data and in both references; higher = more like a machine.
        text_column: The column with the text, where it is not recognised.
        table: The table of an SQLite file.
        by: Columns whose values are slices.
        date_column: Column of dates.
        date_kind: What the dates say: published, archived, authored or crawled.
        period: Length of the periods: year, quarter or month; by default the longest that leaves enough of them.
        cutoff: Documents of before this day serve as controls.
        scorer: What gives texts their scores: a name, a scorer, or a function from texts to scores.
        method: What turns scores into shares.
        closed: Whether there is no machine text in the data but of the kinds given.
        level: Of the intervals.
        replicates: Of the bootstrap.
        documents: Documents measured, drawn by a hash of their text.
        weights: File for what each document weighs, .parquet or .jsonl; not written where the share is refused.
        curve: Tell the cost of filtering at all thresholds.
        rates_by: Column of the human texts, such as their language: how often the scorer flags those of each value.
        published: Also make the published estimate from occurrences of words in sentences (Liang et al. 2024).
        seed: Of all draws.
        command: How it was asked for.
        on_progress: Called at each stage.

    Raises:
        UsageError: Nothing is given to measure with, or what is given does not go together.
        ConfigError, UnknownName: A setting is out of range or unknown.
        ReadError: Data cannot be read, hold no documents, or lack a column.
    """
    columns = _named(synthetic_column)
    name = scorer if isinstance(scorer, str) else getattr(scorer, "__name__", type(scorer).__name__)
    ask = Ask(
        data=data,
        human=human,
        synthetic=named_sides(synthetic),
        pairs=pairs,
        human_column=human_column,
        synthetic_column=columns,
        control_human=control_human,
        control_synthetic=control_synthetic,
        group_column=group_column,
        cluster_column=cluster_column,
        score_column=score_column,
        by=tuple(each for each in _named(by) if each != date_column),
        date_column=date_column,
        date_kind=date_kind,
        period=period,
        cutoff=cutoff,
        scorer=scorer,
        weights=weights,
        curve=curve,
        published=published,
        rates_by=rates_by,
        settings=Settings(scorer=name, method=method, level=level, replicates=replicates, closed=closed, seed=seed),
        how=How(text_column, table, documents, seed, on_progress),
    )
    ask.check()
    made = measured(ask) if ask.is_referenced else bounded(ask)
    return msgspec.structs.replace(made, command=command)


def _named(columns: str | Sequence[str]) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else tuple(dict.fromkeys(columns))
