"""Recovery on the screen: what was written, what has to be found, and whether the tail came back."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from longtail.diagnosis.recovery.records import Plan
from longtail.diagnosis.restoring.applying import Applied
from longtail.diagnosis.restoring.records import Check, Needed, Regained
from longtail.records import Estimate
from longtail.report.names import METRICS
from longtail.report.words import count, counted, number, one_line, percent

_VERDICTS = {
    "pass": ("Recovery is shown", "green"),
    "not_shown": ("Recovery is not shown", "yellow"),
    "worse": ("The tail lost more", "red"),
    "not_measured": ("Recovery was not measured", "yellow"),
}
_SHORT = {
    "tail_types_retained": "rare items left",
    "tail_mass_retained": "use of rare items",
    "hill_1": "variety, all items",
    "hill_2": "variety, common items",
}


def applied_lines(applied: Applied, output: str | None, further: Sequence[str]) -> Iterator[str]:
    """Yield what is said of a training set, one line each.

    Args:
        applied: What was done.
        output: Its file; None for a plan.
        further: What `longtail mix` says of it, after its first line.
    """
    manifest = applied.mixed.manifest
    human = manifest.origins.get("human", 0)
    done = "" if applied.mixed.written else " (dry run, nothing written)"
    parts = f"{counted(human, 'human row')}, {manifest.rows - human:,} of model output"
    yield f"{one_line(output or 'plan')}: {applied.kind}, {counted(manifest.rows, 'row')}: {parts}{done}"
    for generation, rows in applied.left_out.items():
        yield f"  left out: generation {generation}, {counted(rows, 'row')}: {one_line(applied.because)}"
    if applied.repeated:
        yield f"  repeated: {applied.repeated:,} human rows stand in it once more, since there are {applied.real:,}, as asked with --repeat"
    yield from further
    share = applied.share or (human / manifest.rows if manifest.rows else 0.0)
    yield "step 0, from now on: keep real rows in every training set. In the pipeline file, under [pipeline]:"
    yield f"  min_real = {share:.4g}"
    yield "then: train on it, write outputs, and see whether it worked:"
    yield "  longtail recover check --before OLD --after NEW --reference REF"


def shopping_lines(plan: Plan, written: int, output: str) -> Iterator[str]:
    """Yield what is said of a shopping list."""
    rows = sum(each.rows for each in plan.shopping)
    missing = sum(each.is_missing for each in plan.shopping)
    yield f"{one_line(output)}: {written:,} to look for, {rows:,} rows if no row serves two; of {missing:,} the reservoir has none"
    if plan.shopping_total > written:
        yield f"  the plan lists {written:,} of {plan.shopping_total:,}"
    yield "then: collect them, tag them, and add them: longtail reservoir add RESERVOIR DATA"


def check_blocks(found: Check) -> Iterator[RenderableType]:
    """Yield what is printed of a check, top to bottom: the verdict, the tail, how far back it is, the rest, what it would take."""
    headline, colour = _VERDICTS[found.status]
    yield Text.assemble(("longtail recover check", "bold"), "  ", _sizes(found))
    yield Text()
    yield Text.assemble((headline, f"bold {colour}"), f": {found.because}.")
    if found.improvements:
        yield Text()
        yield _improvements(found)
    yield from _back(found)
    yield from _rest(found)
    if found.needed is not None:
        yield from _needed(found.needed)
    yield Text()
    for each in found.not_measured:
        enable = f" ({each.enable})" if each.enable else ""
        yield Text(f"Not measured: {METRICS.get(each.metric, each.metric or 'the tail')}: {each.reason}{enable}.", "dim")
    if found.improvements:
        yield Text(f"Bounds of after / before hold together, each side with error rate {found.alpha:g}.", "dim")


def _sizes(found: Check) -> str:
    names = {"before": "before", "after": "after", "reference": "in the reference", "baseline": "of generation 1"}
    return ", ".join(f"{documents:,} {names[role]}" for role, documents in found.documents.items()) + " (documents)"


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left", no_wrap=place > 0)
    return table


def _bounds(each: Estimate) -> str:
    return f"{number(each.value, each.unit)} [{number(each.low, each.unit)}, {number(each.high, each.unit)}]"


def _name(metric: str) -> str:
    return _SHORT.get(metric) or METRICS.get(metric, metric)


def _improvements(found: Check) -> Table:
    table = _table("", "after / before")
    for each in found.improvements:
        table.add_row(_name(each.metric), _bounds(each))
    return table


def _back(found: Check) -> Iterator[Text]:
    if found.standing:
        yield Text()
        yield Text("Over generation 1:")
    for metric in dict.fromkeys(each.metric for each in found.standing):
        before, after = (_side(found, metric, at) for at in (0, 1))
        yield Text(f"  {_name(metric)}: before {before}, after {after}")
        yield from _regained(found, metric)


def _side(found: Check, metric: str, at: int) -> str:
    return next((_bounds(each) for each in found.standing if (each.metric, each.generation) == (metric, at)), "not measured")


def _regained(found: Check, metric: str) -> Iterator[Text]:
    for each in found.regained:
        if each.metric == metric and isinstance(each, Regained):
            yield Text(f"    of the loss, {percent(each.value)} came back [{percent(each.low)}, {percent(each.high)}]")
        elif each.metric == metric:
            yield Text(f"    how far back: {getattr(each, 'reason', '')}", "dim")


def _rest(found: Check) -> Iterator[Text]:
    if found.rest:
        yield Text()
        yield Text("The rest, after / before:")
    for each in found.rest:
        word = {"shrunk": "worse", "watch": "a little worse", "ok": "kept"}.get(each.decision or "", "not enough data to tell")
        yield Text(f"  {_name(each.metric)}: {word}, {_bounds(each)}")


def _needed(needed: Needed) -> Iterator[Text]:
    yield Text()
    observed = [f"{_name(metric)} {count(each)}" for metric, each in needed.observed.items() if each is not None]
    chance = f"{100 * needed.power:.0f} of 100"
    if observed:
        what = "If the gain is what was observed, documents before and after, each, that show it in"
        yield Text(f"{what} {chance} checks: {', '.join(observed)}.")
    if needed.by_gain:
        table = ", ".join(f"{gain} {count(each)}" for gain, each in needed.by_gain.items())
        yield Text(f"To show a true after / before of so much in both, documents each: {table}.")
    elif needed.reason:
        yield Text(f"Documents for gains of other sizes: {needed.reason}.", "dim")
