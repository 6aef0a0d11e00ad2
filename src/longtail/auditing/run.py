"""The audit: profiles in, report out."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from longtail.auditing.composition import loop_panels
from longtail.auditing.differential import differential
from longtail.auditing.evidence import changed, evidence_of
from longtail.auditing.filters import through_filter
from longtail.auditing.gaps import write_gaps
from longtail.auditing.history import History, opened
from longtail.auditing.inputs import Inputs, Sources, gather, settle
from longtail.auditing.judge import judge
from longtail.auditing.ledgers import beside, marked
from longtail.auditing.lineage import Generations, measure_lineage
from longtail.auditing.lineage_inputs import Lineage, gather_lineage, key_of, records_of
from longtail.auditing.measure import Measurements, measure, of_generation, uncompared
from longtail.auditing.options import Options
from longtail.auditing.origins import Asked, origins
from longtail.auditing.panels import panels_of
from longtail.auditing.phase import phase_of, signs_of
from longtail.auditing.pictures import pictures_of
from longtail.auditing.pipeline import Around, around
from longtail.auditing.process import process_panels
from longtail.auditing.ratchet import Ratchet, ratchet_of, ratcheted
from longtail.auditing.retrieval import estimates_of, retrieval_panel, stored
from longtail.auditing.rollouts import judge_run, read_run, run_estimates, run_key, run_panel, tested
from longtail.auditing.suppressions import suppress, suppressed_panel
from longtail.auditing.unread import without_data
from longtail.auditing.wording import Spent, guarantee_of, in_its_words, summary_of
from longtail.errors import ConfigError, LongtailError, UnknownName, UsageError
from longtail.ledger.store import Ledger
from longtail.metrics.regime import regime_of
from longtail.origin.estimating.corpus import How
from longtail.records import Estimate, InputRecord, OnProgress, Progress, Report
from longtail.stats.spending import left, level, spent


def audit(
    data: Any = None,
    reference: Any = None,
    baseline: Any = None,
    *,
    against: Any = None,
    control: Any = None,
    trained_on: Any = None,
    scores: Any = None,
    baseline_scores: Any = None,
    benchmark: Any = None,
    lineage: Sequence[Any] | None = None,
    history: str | os.PathLike[str] | None = None,
    export: str | os.PathLike[str] | None = None,
    manifests: Sequence[Any] | None = None,
    pipeline: Any = None,
    ledger: Any = None,
    before: Any = None,
    rollouts: str | os.PathLike[str] | None = None,
    budget: float | None = None,
    success: float = 0.5,
    reward_weights: Mapping[str, float] | None = None,
    synthetic: Any = None,
    group_column: str | None = None,
    closed: bool = False,
    date_column: str | None = None,
    rag: Any = None,
    queries: Any = None,
    accepted: str | os.PathLike[str] | Ratchet | None = None,
    workers: int = 1,
    now: datetime | None = None,
    command: str = "longtail.audit",
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Report:
    """Profile a data set or a lineage, compare it with a human reference and say what happened to its tail.

    Args:
        data: The candidate: a path, glob, directory, profile (`.ltp`) or `Profile`, an Arrow table, an iterable of str
            or dict; several paths are one data set. None where a lineage is given; without either, manifests, a pipeline, a ledger
            or rollouts are judged alone, and every rule on documents is not measured.
        reference: Human documents that no model of the lineage was trained on; it chooses and measures the tail.
        baseline: Output of generation 1; loss is then judged against it and the reference only chooses the tail.
        against: Output of the generation before; informs, and decides nothing.
        control: Output of a model trained alike on real data only; loss is then judged against it. For a lineage a
            sequence: one for each generation after the first, or one for all.
        trained_on: A training set of the lineage, to check that the reference is held out.
        scores: Log-probabilities of held-out human text under the candidate's model: a file with lt_id, nll, tokens, or
            arrays by these names. For a lineage a sequence of them, one for each generation.
        baseline_scores: The same under the baseline's model.
        benchmark: Items of a benchmark: how many of them hold none of the reference's rare words.
        lineage: Outputs of generation 1, 2, … in order, in place of `data`; the last one is judged, against the first.
        history: File in which the audits of a series share alpha.
        export: File for what is under-represented, as JSON Lines; see `auditing.gaps`.
        manifests: What the training sets of the lineage were made of: records, or files as `longtail mix` writes them.
        pipeline: What is said of the loop: a record, or a TOML file; see `auditing.pipeline`.
        ledger: A ledger, or its folder: what it says of the documents, its manifests and its lineage; the state that the
            audit saw is given a name there.
        before: What a filter was given, of which `data` is what it kept.
        rollouts: Folder or file that a training run left behind: the end of the run is held against its begin.
        budget: Divergence of the trained policy from its reference model that is allowed, in nats per token.
        success: Reward from which a rollout is a success.
        reward_weights: What each part of a reward counts, by name, where a trainer's files hold no weights (TRL's); 1 where not named.
        synthetic: Machine texts, of several models by name: the share of such text in the data is then estimated beside `reference`.
        group_column: Column of reference and synthetic that says which documents were made from one another.
        closed: Whether the data hold no machine text but of these kinds.
        date_column: Column of dates; without synthetic texts, words that came up after the cut-off give a lower bound.
        rag: A store that answers are written to, as a path: which of them come back; see `auditing.retrieval`.
        queries: The log of what was asked of it and answered from it.
        accepted: File of accepted numbers: findings that are no worse are shown as accepted and fail nothing; a `Ratchet` may also
            write today's numbers to it. See `auditing.ratchet`.
        workers: Threads that count the documents of each data set; the report does not depend on them. See `longtail.profile`.
        now: The moment of the audit; by default the clock's. Rules on what is overdue read it.
        command: What the report calls the command that made it.
        on_progress: Called as documents are read.
        **options: Fields of `Options`: alpha, margin, tau, views, by, horizon, require, seed, text_column, table, role, features
            (a function, too), exact, redact.

    Returns:
        The report; `to_dict()` is the contract's JSON.

    Raises:
        ReadError: Data cannot be read.
        ConfigError, UnknownName: An option is out of range or unknown.
        UsageError: The arguments do not go together.
        IncompatibleSummaries: Profiles were made with unlike settings, or samples under unlike prompts or decoding.
    """
    features = options.get("features")
    if callable(features):
        options = options | {"features": f"{features.__module__}:{features.__qualname__}"}
    chosen = _options(options)
    is_alone = _is_alone((data, lineage, before, export), (manifests, pipeline, ledger, rollouts, rag))
    _check(data, lineage, is_alone=is_alone, has_series=history is not None, horizon=chosen.horizon)
    if export is not None and reference is baseline is lineage is None:
        raise UsageError(f"nothing to compare with, so no gaps can be written to {os.fspath(export)!r}; add --reference HUMAN.jsonl")
    ratchet, run = ratchet_of(accepted), read_run(rollouts, budget, success, reward_weights)
    sources = Sources(data, reference, baseline, against, control, trained_on, scores, baseline_scores, features, benchmark, workers)
    with opened(history, chosen.alpha, chosen.horizon) as series, _opened(ledger) as kept:
        known = around(manifests, pipeline, now, series, has_history=history is not None)
        known = beside(kept, data, lineage, chosen.text_column, known)
        known = stored(rag, queries, known)
        if is_alone:
            return without_data(chosen, replace(known, rollouts=judge_run(run, chosen.alpha)), command)
        started = time.perf_counter()
        found, chosen = _gathered(sources, lineage, chosen, on_progress, is_asked="views" in options)
        known = through_filter(before, found[-1].candidate, chosen, known, on_progress, workers)
        asked = Asked(synthetic, group_column, closed, date_column)
        how = How(chosen.text_column, chosen.table, seed=chosen.seed, on_progress=on_progress)
        known = origins(data, reference, asked, found[-1].candidate.composition, known, how)
        read = time.perf_counter()
        key = key_of(found, chosen, run_key(run))
        here = _spent(series, key, chosen, is_kept=history is not None)
        known = replace(known, rollouts=judge_run(run, here.level))
        report = _report(found, lineage is not None, chosen, here, known, command, on_progress)
        if report.guarantee.alpha_here is not None:
            series.record(key, report.phase.name)
        series.look(known.now or datetime.now(UTC))
        report = ratcheted(report, ratchet, key)
        report.panels.update(marked(kept, key, {"phase": report.phase.name, "audit": key}))
    if export is not None and not changed(found[-1], known.pipeline):
        data_again = baseline if reference is None else reference
        gaps = write_gaps(Path(export), found[-1], report.estimates, data_again, chosen, on_progress)
        report.panels["gaps"] = {"rows": len(gaps.rows), "unwritten": gaps.unwritten}
    timing = {"read_seconds": read - started, "compare_seconds": time.perf_counter() - read}
    return msgspec.structs.replace(report, timing=timing)


def _opened(ledger: Any) -> AbstractContextManager[Ledger | None]:
    """Return a ledger to be closed at the end, unless it was handed in open; nothing where none was named."""
    if ledger is None or isinstance(ledger, Ledger):
        return nullcontext(ledger)
    return Ledger.open(ledger)


def _is_alone(of_data: tuple[Any, ...], around: tuple[Any, ...]) -> bool:
    """Return whether what is around data was given, and neither data nor what needs them."""
    return all(given is None for given in of_data) and any(given is not None for given in around)


def _check(data: Any, lineage: Sequence[Any] | None, *, is_alone: bool, has_series: bool, horizon: int | None) -> None:
    """Refuse, before any work, arguments that do not go together."""
    if (data is None) == (lineage is None) and not is_alone:
        raise UsageError("audit needs either data or a lineage; give one of them")
    if horizon is not None and not has_series:
        raise UsageError(f"horizon {horizon} was given without a history; a plan of audits needs --history FILE")


def _gathered(
    sources: Sources, lineage: Sequence[Any] | None, options: Options, on_progress: OnProgress | None, *, is_asked: bool
) -> tuple[tuple[Inputs, ...], Options]:
    """Return the inputs of the audit, of a lineage those of each generation after the first, and the options with their views."""
    if lineage is None:
        options = settle(sources, options, is_asked=is_asked)
        found: tuple[Inputs, ...] = (gather(sources, options, on_progress),)
    else:
        generations = Lineage.of(lineage, sources)
        options = settle(generations.rest, options, is_asked=is_asked)
        found = gather_lineage(generations, options, on_progress)
    if on_progress is not None:
        on_progress(Progress(stage="compare", done=found[-1].candidate.documents))
    return found, options


def _spent(series: History, key: str, options: Options, *, is_kept: bool) -> Spent:
    """Return the part of alpha that this audit may use."""
    if not is_kept:
        return Spent(options.alpha, 1, options.alpha, 0.0, is_kept=False)
    number = series.number_for(key)
    reached = max(number, len(series.audits))
    terms = (options.alpha, number, options.horizon)
    return Spent(
        level(*terms), number, spent(options.alpha, reached, options.horizon), left(options.alpha, reached, options.horizon), is_kept=True
    )


def _report(
    inputs: tuple[Inputs, ...],
    is_lineage: bool,
    options: Options,
    here: Spent,
    known: Around,
    command: str,
    on_progress: OnProgress | None,
) -> Report:
    last, generations = inputs[-1], None
    refused = changed(last, known.pipeline)
    if refused:
        last = last.alone()
        seen: tuple[Measurements, ...] = (uncompared(last, options, here.level),)
    elif is_lineage:
        generations = measure_lineage(inputs, options, here.level, on_progress)
        seen = generations.measured
    else:
        seen = (measure(last, options, here.level),)
    measured = seen[-1]
    number = len(inputs) + 1 if is_lineage else None
    record = generations.record if generations else None
    evidence = evidence_of(inputs[-1], last, measured, options, known, refused, number)
    found, unmeasured, passed = judge(evidence, number)
    findings, held = suppress(found, evidence)
    regime = regime_of(known.manifests)
    phase = phase_of(measured, options.margins["late"], options.alpha)
    signs = signs_of(measured, options.margins["late"], options.alpha)
    gap = next((value for value in measured.values if value.metric == "train_gap"), None)
    drawn = panels_of(last, measured, options)
    drawn |= pictures_of((*inputs[:-1], last)[-len(seen) :], seen, options, drawn.get("vanished"))
    explanations = in_its_words(differential(signs, gap, measured.shift), measured)
    return Report(
        longtail_version=version("longtail"),
        created_at=(known.now or datetime.now(UTC)).isoformat(timespec="seconds"),
        command=command,
        seed=last.candidate.seed,
        inputs=_records(inputs, is_lineage, known),
        phase=phase,
        guarantee=guarantee_of(
            options, measured, here, is_assumed=last.reference is not None and last.trained_on is None, has_run=tested(known.rollouts)
        ),
        estimates=(*_estimates(measured, generations), *_of_filter(known), *run_estimates(known.rollouts), *estimates_of(known)),
        findings=findings,
        not_measured=unmeasured,
        passed=passed,
        summary=f"Nothing was compared: {refused}." if refused else summary_of(phase, measured, explanations, record),
        panels=drawn
        | loop_panels(evidence, regime, found)
        | process_panels(known)
        | retrieval_panel(known)
        | suppressed_panel(held)
        | run_panel(known.rollouts),
        settings=options.stated() | ({"pipeline": msgspec.to_builtins(known.pipeline)} if known.pipeline else {}),
        regime=regime.name,
        lineage=record,
        differential=explanations,
    )


def _records(inputs: tuple[Inputs, ...], is_lineage: bool, known: Around) -> tuple[InputRecord, ...]:
    """Return the report's `inputs`: the data sets by role, then the training run."""
    found = records_of(inputs) if is_lineage else inputs[-1].records()
    return (*found, known.rollouts.run.as_input()) if known.rollouts else found


def _estimates(measured: Measurements, generations: Generations | None) -> tuple[Estimate, ...]:
    """Return the estimates of the judged generation, then those of the earlier ones."""
    if generations is None:
        return measured.estimates()
    marked = of_generation(measured.estimates(), len(generations.inputs) + 1)
    return (*(outcome for outcome in marked if isinstance(outcome, Estimate)), *generations.earlier())


def _of_filter(known: Around) -> tuple[Estimate, ...]:
    """Return the estimate of what a filter took, where there is one."""
    return (known.filtered.ratio,) if known.filtered and isinstance(known.filtered.ratio, Estimate) else ()


def _options(given: dict[str, Any]) -> Options:
    known = Options.__struct_fields__
    for name in given:
        if name not in known:
            raise UnknownName("option", name, known)
    try:
        return msgspec.convert(given, Options)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, LongtailError):
            raise error.__cause__ from None
        raise ConfigError(f"option of the wrong type: {error}") from error
