"""From what is asked to what is said: data sets are read, measured, and what was found is put together."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, cast

import msgspec
import numpy as np

from longtail.origin.checks import FEWEST_CLUSTERS
from longtail.origin.estimating.asking import Ask
from longtail.origin.estimating.bounding import Bounds, unlike, vocabulary
from longtail.origin.estimating.corpus import Drawn, Input, check_apart, drawn
from longtail.origin.estimating.costs import Filtered, cost
from longtail.origin.estimating.drawing import LONGEST
from longtail.origin.estimating.periods import Dated, Dates
from longtail.origin.estimating.sides import RATES_BY, Sides, paired_sides, sides
from longtail.origin.estimating.slicing import measurable
from longtail.origin.estimating.weights_file import write_weights
from longtail.origin.measuring import Estimated, measure
from longtail.origin.parting import groups_of
from longtail.origin.quantifiers.occurrence_mle import Published, occurrence
from longtail.origin.result import Contamination, Flagged
from longtail.origin.scorers.card import Fitting, Scorer
from longtail.origin.target import Controls, Target
from longtail.records import SCHEMA_VERSION, Record

REFERENCE = 10_000
"""Most documents of one side of a reference."""


class Weighed(Record, frozen=True):
    """A file of weights, and the documents it holds."""

    path: str
    documents: int


class Estimation(Record, frozen=True):
    """What an estimate says of a corpus.

    Attributes:
        command: How it was asked for.
        inputs: What was read.
        estimate: The shares; None without texts of both origins.
        dates: How they change over dates; None where none were asked for.
        filtering: What filtering by the scores would cost; None where the shares were refused.
        bounds: Lower bounds, where there is no machine text to compare with.
        flagged: Human texts that the scorer flags, by group; empty where no groups were named.
        published: The published estimate from occurrences of words; None where it was not asked for.
        weights: The file of what each document weighs; None where none was written.
    """

    longtail_version: str
    command: str
    seed: int
    inputs: tuple[Input, ...]
    estimate: Contamination | None = None
    dates: Dates | None = None
    filtering: Filtered | None = None
    bounds: Bounds | None = None
    flagged: tuple[Flagged, ...] = ()
    published: Published | None = None
    weights: Weighed | None = None
    schema_version: str = SCHEMA_VERSION

    @property
    def at_least(self) -> float | None:
        """Return the lower end of the interval of the whole, or the lower bound; None where there is none."""
        if self.estimate is not None:
            return self.estimate.whole.machine.low
        return None if self.bounds is None else self.bounds.at_least

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts and lists, as JSON has them."""
        plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return {"schema_version": plain.pop("schema_version")} | plain


def measured(ask: Ask) -> Estimation:
    """Return shares, measured with texts of both origins.

    Raises:
        UsageError, ConfigError, ReadError: As `longtail.estimate` says.
    """
    fitting = ask.fitting()
    data = drawn(ask.data, "data", ask.columns(), ask.how)
    sides_read = _sides(ask)
    controls = _controls(ask)
    for part in (data, *filter(None, controls)):
        check_apart(part, sides_read.drawn)
    when = ask.when()
    dated = None if when is None else Dated.of(data.columns["date"], when)
    slices, notes = _slices(ask, data, dated)
    target = Target(data.texts, data.clusters(), slices, data.scores(), data.input.documents)
    given = _known(controls, target, dated)
    assert sides_read.reference is not None
    found = measure(
        target,
        sides_read.reference,
        ask.settings,
        scorer=fitting,
        reference_scores=sides_read.scores,
        controls=given,
        on_progress=ask.how.on_progress,
    )
    parts = [data, *sides_read.drawn, *filter(None, controls)]
    told = msgspec.structs.replace(found.told, notes=(*found.told.notes, *notes, *_cuts(parts)))
    return _made(
        ask,
        [each.input for each in parts],
        estimate=told,
        dates=_dates(dated, found),
        filtering=cost(found, data.input.documents, whole_curve=ask.curve),
        flagged=_flagged(found, sides_read),
        published=occurrence(sides_read.reference, data.texts, seed=ask.settings.seed) if ask.published else None,
        weights=_weighed(ask, found),
    )


def bounded(ask: Ask) -> Estimation:
    """Return lower bounds, without texts of both origins.

    Raises:
        UsageError, ConfigError, ReadError: As `longtail.estimate` says.
    """
    inputs: list[Input] = []
    words = apart = None
    when = ask.when()
    if when is not None:
        words, read = vocabulary(ask.data, when, ask.how, cluster=ask.cluster_column, source=next(iter(ask.by), None))
        inputs.append(read)
    if ask.human is not None:
        fitting = cast("Fitting | Scorer", ask.fitting())
        data = drawn(ask.data, "data", {name: column for name, column in ask.columns().items() if name == "cluster"}, ask.how)
        human = sides(ask.human, {}, ask.how._replace(documents=REFERENCE, table=None)).human
        check_apart(data, [human])
        apart = unlike(data.texts, data.clusters(), human.texts, fitting, ask.settings)
        inputs = [data.input, human.input]
    return _made(ask, inputs, bounds=Bounds(unlike=apart, vocabulary=words))


def _made(ask: Ask, inputs: Sequence[Input], **parts: Any) -> Estimation:
    return Estimation(longtail_version=version("longtail"), command="", seed=ask.settings.seed, inputs=tuple(inputs), **parts)


def _flagged(found: Estimated, read: Sides) -> tuple[Flagged, ...]:
    by = read.human.columns.get(RATES_BY)
    if by is None:
        return ()
    ratios, labels = found.instrument.log_ratios, found.instrument.reference.labels
    return groups_of(ratios, labels, (*by, *[None] * (len(labels) - len(by))), found.told.rates, found.told.settings.level)


def _sides(ask: Ask) -> Sides:
    how = ask.how._replace(documents=REFERENCE, table=None)
    if ask.pairs is not None:
        return paired_sides(
            ask.pairs, how, human=ask.human_column, synthetic=ask.synthetic_column, group=ask.group_column, rates_by=ask.rates_by
        )
    return sides(ask.human, ask.synthetic, how, group=ask.group_column, score=ask.score_column, rates_by=ask.rates_by)


def _controls(ask: Ask) -> tuple[Drawn | None, Drawn | None]:
    wanted = {name: column for name, column in ask.columns().items() if name == "score"}
    human = None if ask.control_human is None else drawn(ask.control_human, "control_human", wanted, ask.how._replace(table=None))
    machine = (
        None if ask.control_synthetic is None else drawn(ask.control_synthetic, "control_synthetic", wanted, ask.how._replace(table=None))
    )
    return human, machine


def _slices(ask: Ask, data: Drawn, dated: Dated | None) -> tuple[dict[str, Sequence[str | None]], list[str]]:
    """Return the slices of a corpus by column, and notes on values that are not measured alone."""
    slices: dict[str, Sequence[str | None]] = {}
    notes = []
    for column in ask.by:
        slices[column], note = measurable(column, data.columns[f"by {column}"])
        notes += [note] if note else []
    if dated is not None:
        slices[dated.when.column] = dated.slices()
    return slices, notes


def _known(controls: tuple[Drawn | None, Drawn | None], target: Target, dated: Dated | None) -> Controls:
    """Return the controls that were given; where no human one was, the documents of a corpus whose date makes them one."""
    human, machine = (None if each is None else Target(each.texts, None, {}, each.scores()) for each in controls)
    if human is None and dated is not None and dated.controls().sum() >= FEWEST_CLUSTERS:
        human = _before(target, dated)
    return Controls(human, machine)


def _weighed(ask: Ask, found: Estimated) -> Weighed | None:
    if ask.weights is None or found.told.whole.machine.share is None:
        return None
    return Weighed(path=ask.weights, documents=write_weights(ask.weights, ask.data, found, ask.how, ask.score_column))


def _before(target: Target, dated: Dated) -> Target:
    """Return the documents of a corpus whose date makes them controls."""
    rows = np.flatnonzero(dated.controls())
    clusters = None if target.clusters is None else [target.clusters[at] for at in rows.tolist()]
    return Target(tuple(target.texts[at] for at in rows.tolist()), clusters, {}, None if target.scores is None else target.scores[rows])


def _dates(dated: Dated | None, found: Estimated) -> Dates | None:
    return None if dated is None else dated.told(found.told.slices, found.replicates)


def _cuts(parts: Sequence[Drawn]) -> list[str]:
    """Return notes on references of which a part was drawn, and on documents that were not read to their end."""
    notes = [
        f"{each.input.path}: {len(each):,} of {each.input.documents:,} documents were drawn, by a hash of their text or group"
        for each in parts[1:]
        if len(each) < each.input.documents
    ]
    long = sum(len(text) == LONGEST for each in parts for text in each.texts)
    return notes + ([f"of {long:,} documents the first {LONGEST:,} characters were read"] if long else [])
