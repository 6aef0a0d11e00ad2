"""A plan for recovery in a terminal: what to do in order and what each step restores, then what is gone, then what to look for."""

from collections.abc import Iterator

from rich.padding import Padding
from rich.text import Text

from longtail.diagnosis.recovery.records import Bounded, Ceiling, Cost, Late, Option, Plan, Wanted
from longtail.report.words import counted, one_line, percent

Line = Text | Padding

_POLICIES = {"drop": "bad generations out of the pool", "keep": "bad generations in the pool", "replace": "newest outputs only"}
_COLOURS = {"to do": "red", "already so": "green", "not known": "cyan"}
_BAR = 30
_ITEMS = 8


def lines(plan: Plan) -> Iterator[Line]:
    """Yield what is printed of a plan."""
    yield Text.assemble(("longtail recover plan", "bold"), f"  {_headline(plan)}")
    yield Text()
    yield Text.assemble("0  stop replacing real data: ", (plan.stop.status, f"bold {_COLOURS[plan.stop.status]}"))
    yield _in(one_line(plan.stop.because))
    if plan.stop.status != "already so":
        yield _in(f"set: {plan.stop.line}", "bold")
    if plan.order_reason:
        yield Text(f"The order was changed, because: {one_line(plan.order_reason)}", "yellow")
    for option in plan.options:
        yield Text()
        yield from _option(option, plan.baseline)
    yield Text()
    yield from _pool(plan)
    yield from _gone(plan)
    yield from _shopping(plan)
    yield from _early(plan)
    yield Text()
    yield Text(f"Aim: {percent(plan.target)}. {_capital(plan.target_because)}.", "dim")
    for told in (*plan.notes, *(f"taken for granted: {each}" for each in plan.assumes)):
        yield Text(f"- {one_line(told)}", "dim")


def _headline(plan: Plan) -> str:
    return f"the current version shows {_bounded(plan.now)} of the rare items that {one_line(plan.baseline)} does"


def _bounded(found: Bounded) -> str:
    return f"{percent(found.value)} [{percent(found.low)}, {percent(found.high)}]"


def _option(option: Option, baseline: str) -> Iterator[Line]:
    yield Text.assemble(f"{option.order}  ", (option.title, "bold"))
    if option.best is None:
        yield _in(f"not possible: {one_line(option.because)}", "cyan")
    else:
        yield from _restores(option, option.best, baseline)
        yield _in(f"why: {one_line(option.because)}")
    for need in option.needs:
        yield _in(f"needs: {need}")
    yield _in(_cost(option.cost))
    if option.best is not None:
        yield _in(f"$ {one_line(option.command)}", "bold")


def _restores(option: Option, best: Ceiling, baseline: str) -> Iterator[Line]:
    filled = round(_BAR * min(1.0, best.types.value))
    bar = "█" * filled + "░" * (_BAR - filled)
    rows = "real rows alone" if best.share == 1 else f"{percent(best.share)} real rows, {_POLICIES[best.policy]}"
    when = f"after {counted(best.generation or 0, 'generation')}, {rows}"
    yield _in(f"{bar}  {_bounded(best.types)} of the rare items that {one_line(baseline)} shows")
    yield _in(f"{when} (n = {best.types.n:,} documents of each)")
    if best.mass is not None:
        yield _in(f"of their use: {_bounded(best.mass)}")
    for ceiling in option.courses:
        if ceiling.generation is None and (ceiling.share, ceiling.policy) == (best.share, best.policy):
            yield _in(f"in the long run: {_bounded(ceiling.types)}")
    if option.at_best is not None:
        held = f"{_bounded(option.at_best)} of all {option.at_best.n:,} rare items of the reference stand in what this draws on"
        yield _in(f"{held}; the others cannot come back by it (another whole than above)")
    yield _in(f"odds that {best.types.n:,} documents then show the aim: {percent(best.odds)}")


def _cost(cost: Cost) -> str:
    if cost.total is None:
        return f"cost: {cost.formula}; not stated: {', '.join(cost.missing)} (--cost FILE)"
    told = f"cost: {cost.formula} = {cost.stated} = {cost.total:,.6g}"
    most = max(cost.sensitivity, key=lambda each: abs(each.more - each.less), default=None)
    return told if most is None else f"{told}; at 50 to 150% of {most.name}, which moves it most: {most.less:,.6g} to {most.more:,.6g}"


def _pool(plan: Plan) -> Iterator[Line]:
    if plan.pool is not None:
        yield Text.assemble(("The pool: ", "bold"), plan.pool.statement)
    if plan.shares is not None:
        told = plan.shares
        keep = _needs(told.keep, told.keep_because)
        rescue = _needs(told.rescue, told.rescue_because)
        item = f"an item that {percent(told.tail_share)} of documents hold"
        back = f"to bring it back within the generations looked at {rescue}"
        yield Text.assemble(("Keep and rescue: ", "bold"), f"to keep {item} {keep}; {back}")


def _needs(share: float | None, because: str) -> str:
    return f"cannot be had ({because})" if share is None else f"needs {percent(share)} real rows"


def _gone(plan: Plan) -> Iterator[Line]:
    found = plan.unrecoverable
    yield Text.assemble(("Gone for good: ", "bold"), found.statement)
    shown = [f"{one_line(item.type, 40)} ({item.reference_documents})" for item in found.items[:_ITEMS]]
    if shown:
        more = f" and {found.total - len(shown):,} more (--json lists them)" if found.total > len(shown) else ""
        yield _in(", ".join(shown) + more)


def _shopping(plan: Plan) -> Iterator[Line]:
    if not plan.shopping:
        yield Text.assemble(("To look for: ", "bold"), "nothing; the reservoir has all that was counted")
        return
    kind = "slices" if plan.shopping[0].view != plan.unrecoverable.view else "rare items"
    told = f"{plan.shopping_total:,} {kind} that the reservoir lacks; rows for a training set of the planned size"
    yield Text.assemble(("To look for: ", "bold"), told)
    for wanted in plan.shopping[:_ITEMS]:
        yield _in(_wanted(wanted))


def _wanted(wanted: Wanted) -> str:
    lacks = "none" if wanted.is_missing else f"too few ({wanted.reservoir_documents:,})"
    return f"{one_line(wanted.name, 40)}: {wanted.rows:,} rows [{wanted.low:,}, {wanted.high:,}]; the reservoir has {lacks}"


def _early(plan: Plan) -> Iterator[Line]:
    found = plan.asymmetry
    yield Text.assemble(("Early and late: ", "bold"), one_line(found.because))
    for each in (found.early, found.late):
        if each is not None:
            yield _in(_late(each))


def _late(each: Late) -> str:
    runs = "no number of training runs looked at" if each.generations is None else counted(each.generations, "training run")
    return f"from {one_line(each.version)} on: {runs} to the aim, {each.rows_to_source:,.0f} rows to look for"


def _in(text: str, style: str = "") -> Padding:
    return Padding(Text(text, style), (0, 0, 0, 3))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
