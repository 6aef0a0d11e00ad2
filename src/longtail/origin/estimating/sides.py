"""The reference of an estimate from data sets: human text on one side, what models wrote on the other, and what belongs together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from longtail.errors import UsageError
from longtail.origin.estimating.corpus import Drawn, How, Input, drawn
from longtail.origin.reference import Floats, Reference
from longtail.readers import Named

SYNTHETIC = "synthetic"
HUMAN_COLUMN, MACHINE_COLUMN = "human", "model"
_GROUP, RATES_BY = "group", "rates by"


@dataclass(frozen=True)
class Sides:
    """A reference that was read.

    Attributes:
        reference: Texts of known origin; None where only one side is there.
        scores: Their scores that were made elsewhere, shape (documents, 1).
        human: What was read of human text.
        inputs: What was read.
        drawn: The same with what was drawn.
    """

    reference: Reference | None
    scores: Floats | None
    human: Drawn
    drawn: tuple[Drawn, ...]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Return what was read."""
        return tuple(each.input for each in self.drawn)


def named_sides(synthetic: Any) -> dict[str, Any]:
    """Return the data of each machine origin by name; data without a name are of the origin "synthetic"."""
    if synthetic is None:
        return {}
    return dict(synthetic) if isinstance(synthetic, Mapping) else {SYNTHETIC: synthetic}


def sides(
    human: Any, synthetic: Mapping[str, Any], how: How, *, group: str | None = None, score: str | None = None, rates_by: str | None = None
) -> Sides:
    """Return the reference of human texts and of texts of each machine origin.

    Args:
        human: Data set of texts that people wrote.
        synthetic: Data sets of texts that models wrote, by the name of the origin.
        how: How they are read.
        group: Column that says what belongs together, such as a pair or a prompt.
        score: Column of scores.
        rates_by: Column of the human texts that says which group each is of.

    Raises:
        ReadError: A data set cannot be read, holds no documents, or lacks a column.
        UsageError: The texts are paired and no group says how, or a score is no number.
    """
    wanted = columns(group, score)
    people = drawn(human, "human", wanted | named_groups(rates_by), how, together=_GROUP)
    models = {name: drawn(data, "synthetic", wanted, how, origin=name, together=_GROUP) for name, data in synthetic.items()}
    every = (people, *models.values())
    if not models:
        return Sides(None, None, people, every)
    groups = None if group is None else [_groups(each) for each in every]
    reference = Reference.of(people.texts, {name: each.texts for name, each in models.items()}, groups)
    return Sides(reference, _scores(every), people, every)


def columns(group: str | None, score: str | None) -> dict[str, Named]:
    """Return the columns of a reference that are read beside its text, by what they are for."""
    asked = {_GROUP: (group, "--group-column"), "score": (score, "--score-column")}
    return {name: Named(column, option) for name, (column, option) in asked.items() if column is not None}


def named_groups(rates_by: str | None) -> dict[str, Named]:
    """Return the column of groups of human texts, as it is read."""
    return {} if rates_by is None else {RATES_BY: Named(rates_by, "--rates-by")}


def paired_sides(
    pairs: Any,
    how: How,
    *,
    human: str = HUMAN_COLUMN,
    synthetic: Sequence[str] = (MACHINE_COLUMN,),
    group: str | None = None,
    rates_by: str | None = None,
) -> Sides:
    """Return the reference of a data set that holds both sides in each row, which is a group unless a column says what is one.

    Args:
        pairs: The data set.
        how: How it is read.
        human: Column of the texts that people wrote.
        synthetic: Columns of texts that models wrote; each is a machine origin of its name.
        group: Column that says what belongs together.
        rates_by: Column that says which group each human text is of.

    Raises:
        ReadError: The data set cannot be read, holds no documents, or lacks a column.
        UsageError: A column is empty throughout.
    """
    machine = {f"text {name}": Named(name, "--synthetic-column") for name in synthetic}
    rows = drawn(pairs, "pairs", machine | columns(group, None) | named_groups(rates_by), how, together=_GROUP, text_column=human)
    groups = _groups(rows) if group is not None else tuple((at,) for at in range(len(rows)))
    texts: dict[str, list[str]] = {}
    held: list[Sequence[object]] = [groups]
    for name in synthetic:
        found = [(text, mine) for text, mine in zip(rows.columns[f"text {name}"], groups, strict=True) if text is not None]
        if not found:
            raise UsageError(f"{rows.input.path}: the column {name!r} holds no text; name columns of texts with --synthetic-column NAME")
        texts[name] = [text for text, _ in found]
        held.append([mine for _, mine in found])
    return Sides(Reference.of(rows.texts, texts, held), None, rows, (rows,))


def _groups(part: Drawn) -> tuple[object, ...]:
    """Return the group of each document; one without is in a group with copies of its text alone."""
    return tuple((text,) if value is None else value for text, value in zip(part.texts, part.columns[_GROUP], strict=True))


def _scores(parts: Sequence[Drawn]) -> Floats | None:
    found = [each.scores() for each in parts]
    return None if found[0] is None else np.concatenate([cast(Floats, each) for each in found])
