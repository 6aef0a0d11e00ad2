"""`watch`: one call from dated documents to what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.diagnosis.voice.intake import Posts, posts_of
from longtail.diagnosis.voice.judging import judged
from longtail.diagnosis.voice.kept import account_of, kept
from longtail.diagnosis.voice.measures import COMPRESSION, Series, Voice, compressed, over, points
from longtail.diagnosis.voice.parts import parts_of
from longtail.diagnosis.voice.phrases import phrases_of
from longtail.diagnosis.voice.pieces import pieces_of
from longtail.diagnosis.voice.records import PeriodVoice, Point, Watch
from longtail.diagnosis.voice.spans import LEAST, Spans, baseline_of, spans_of
from longtail.diagnosis.voice.turned import turn_of
from longtail.diagnosis.voice.turning import ALPHA
from longtail.diagnosis.voice.windows import Windows, windows_of, words_taken
from longtail.diagnosis.voice.wording import CONTROLLED, not_controlled, notes
from longtail.errors import UsageError
from longtail.metrics.surface.excerpts import Excerpts
from longtail.origin.dates.dating import CUTOFF, Unit
from longtail.origin.estimating.corpus import DOCUMENTS, How
from longtail.records import Estimate, NotMeasured, OnProgress, Progress

I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Laid:
    """The documents that are measured, in their periods.

    Attributes:
        posts: All that was read.
        places: Which of them are measured, shape (documents,).
        spans: The periods; their `owner` is of the measured ones.
        windows: Equally many words of each.
        clusters: Cluster of each, shape (documents,).
        short: Dated documents that are too short.
    """

    posts: Posts
    places: I64
    spans: Spans
    windows: Windows
    clusters: I64
    short: int

    @property
    def counts(self) -> I64:
        """Return the measured documents of each period, shape (periods,)."""
        return np.bincount(self.spans.owner, minlength=len(self.spans))

    def inside(self, periods: Mask) -> Mask:
        """Return which documents are in some of the periods, shape (documents,)."""
        return np.asarray(periods[self.spans.owner])


def watch(
    data: str | Sequence[str],
    *,
    date_column: str | None = None,
    date_from: str | None = None,
    baseline: str | None = None,
    period: Unit | None = None,
    by: Sequence[str] = (),
    cluster_column: str | None = None,
    cutoff: date = CUTOFF,
    text_column: str | None = None,
    table: str | None = None,
    documents: int = DOCUMENTS,
    phrases: int = 5,
    redact: bool = False,
    alpha: float = ALPHA,
    seed: int = 0,
    command: str = "",
    on_progress: OnProgress | None = None,
) -> Watch:
    """Tell when the voice of dated documents turned, if it did.

    Args:
        data: Files or folders.
        date_column: Column of dates, or the entry of front matter.
        date_from: "frontmatter" for Markdown files.
        baseline: A year, quarter, month or day; None for the earliest periods.
        period: Length of a period; None for quarters, where they are of use.
        by: Columns within whose values the change is measured too.
        cluster_column: What documents are alike in, such as an author or a campaign.
        cutoff: Where no document is of this day or later, nothing is said of machines.
        text_column: Column of the text, where it is not recognised.
        table: Table of an SQLite file.
        documents: Documents measured, drawn by a hash of their text.
        phrases: Phrases told of each kind.
        redact: Hide all texts.
        alpha: Level of the tests and of the set of dates.
        seed: Seed of all draws.
        command: How it was asked for.
        on_progress: Called while reading and measuring.

    Raises:
        ConfigError: No date was named or found, or the baseline is none.
        UsageError: Too few documents have a date.
        ReadError: The data cannot be read.
    """
    names = [data] if isinstance(data, str) else list(data)
    how = How(text_column=text_column, table=table, documents=documents, seed=seed, on_progress=on_progress)
    laid = _laid(posts_of(names, date_column, date_from, by, cluster_column, how), period, seed)
    chosen = baseline_of(laid.spans, laid.counts, baseline)
    voice, drawn = Voice.of(laid.windows, laid.clusters), int(laid.counts.min()) - 1
    _step(on_progress, "measuring")
    series = over(voice, laid.spans.owner, len(laid.spans), drawn, chosen)
    turn = turn_of(series["index"], laid.spans, alpha=alpha, seed=seed)
    before, after = _sides(laid.spans, chosen, turn.period)
    since = int(laid.inside(after).sum())
    account = account_of(turn.shape, after, laid.spans.years)
    outcomes = [kept(name, each, before, after, account, since) for name, each in series.items()]
    outcomes[0], verdict = judged(outcomes[0], turn, laid.posts.input.documents)
    _step(on_progress, "comparing")
    early, late = laid.inside(before if turn.period is None else ~after), laid.inside(after)
    days = laid.posts.days[laid.places]
    columns = {name: [values[at] for at in laid.places.tolist()] for name, values in laid.posts.columns.items()}
    told = (_named(laid.spans, before if turn.period is None else ~after), _named(laid.spans, after))
    return Watch(
        **_said(laid, command, seed),
        date_column=date_column or "front matter",
        drawn=drawn,
        periods=_periods(laid, series, chosen, compressed(laid.windows, laid.spans.owner, len(laid.spans), drawn, seed)),
        turn=turn,
        estimates=tuple(each for each in outcomes if isinstance(each, Estimate)),
        not_measured=tuple(each for each in outcomes if isinstance(each, NotMeasured)),
        phrases=phrases_of(laid.windows, days, early, late, told, shown=phrases, redact=redact),
        pieces=pieces_of(laid.windows, days, early, late, redact=redact),
        parts=parts_of(voice, columns, early, late),
        judged=verdict,
        controlled=CONTROLLED,
        not_controlled=not_controlled(by, cluster_column),
        notes=notes(laid.spans, turn, cutoff, laid.posts.days),
        settings={"baseline": baseline, "period": period, "by": list(by), "cluster_column": cluster_column, "cutoff": cutoff.isoformat(),
                  "documents": documents, "alpha": alpha, "redact": redact, "least": LEAST},
    )  # fmt: skip


def _step(on_progress: OnProgress | None, stage: str) -> None:
    if on_progress is not None:
        on_progress(Progress(stage=stage, done=0))


def _laid(posts: Posts, unit: Unit | None, seed: int) -> Laid:
    """Return the documents to measure.

    Raises:
        UsageError: They do not fill two periods.
    """
    every = Excerpts(posts.texts, np.zeros(len(posts.texts), np.uint16))
    lengths, dated = every.corpus.lengths, ~np.isnat(posts.days)
    first = spans_of(posts.days, unit)
    words = words_taken(lengths, first.owner, len(first))
    places = np.flatnonzero(dated & (lengths >= words))
    spans = spans_of(posts.days[places], unit or first.unit)
    if len(spans) < 2:
        raise UsageError(
            f"{posts.input.path}: {len(places):,} documents have a date and at least {words} words; two periods of {LEAST} are needed to"
            " compare anything; name more data, or shorter periods with --period"
        )
    windows = windows_of(Excerpts(tuple(posts.texts[at] for at in places.tolist()), np.zeros(len(places), np.uint16)), words, seed)
    return Laid(posts, places, spans, windows, _clusters(posts, places), int(dated.sum()) - len(places))


def _clusters(posts: Posts, places: I64) -> I64:
    """Return the cluster of each document: copies of one text are one."""
    keys: Sequence[object] = posts.texts if posts.clusters is None else posts.clusters
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(keys[at], len(numbers)) for at in places.tolist()], np.int64)


def _sides(spans: Spans, baseline: Mask, turn: str | None) -> tuple[Mask, Mask]:
    """Return the baseline periods before the turn, and those after it; without a turn the last ones, as many as the baseline has."""
    order = np.arange(len(spans))
    if turn is None:
        after = (order >= len(spans) - max(1, int(baseline.sum()))) & ~baseline
        return baseline, after
    after = order >= spans.names.index(turn)
    before = baseline & ~after
    return (before if before.any() else ~after), after


def _named(spans: Spans, side: Mask) -> str:
    names = [name for name, is_in in zip(spans.names, side.tolist(), strict=True) if is_in]
    return names[0] if len(names) == 1 else f"{names[0].split(' to ')[0]} to {names[-1].split(' to ')[-1]}"


def _periods(laid: Laid, series: dict[str, Series], baseline: Mask, pressed: list[Point]) -> tuple[PeriodVoice, ...]:
    index = series["index"].logs
    made = {name: points(each, float(np.nanmean(index[baseline])) if name == "index" else 0.0) for name, each in series.items()}
    every = laid.posts.days[~np.isnat(laid.posts.days)]
    starts = np.array([laid.spans.first_day(at) for at in range(len(laid.spans))], "datetime64[D]")
    held = np.bincount(np.maximum(np.searchsorted(starts, every, side="right") - 1, 0), minlength=len(laid.spans))
    return tuple(
        PeriodVoice(
            name=name,
            first=laid.spans.first_day(at),
            documents=int(held[at]),
            used=int(laid.counts[at]),
            is_baseline=bool(baseline[at]),
            index=made["index"][at],
            measures={each: made[each][at] for each in made if each != "index"} | {COMPRESSION: pressed[at]},
        )
        for at, name in enumerate(laid.spans.names)
    )


def _said(laid: Laid, command: str, seed: int) -> dict[str, Any]:
    from longtail import __version__

    found = laid.posts.input
    return {
        "longtail_version": __version__,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "seed": seed,
        "path": found.path,
        "sha256": found.sha256,
        "documents": found.documents,
        "quarantined": found.quarantined,
        "undated": int(np.isnat(laid.posts.days).sum()),
        "short": laid.short,
        "words": laid.windows.words,
        "unit": laid.spans.unit,
    }
