"""Experiments, scenarios and the claims register as text for the terminal and as JSON."""

import json
from collections.abc import Iterable, Iterator

import msgspec
from rich.console import Console
from rich.text import Text

from longtail.lab.claims import Register, Row
from longtail.lab.expectation import Measured
from longtail.lab.experiment import Experiment, Outcome
from longtail.lab.scenarios.catalogue import Told
from longtail.records import SCHEMA_VERSION

WIDTH, HANGING = 80, 6
STYLES = {"holds": "green", "fails": "red", "undecided": "yellow"}


def folded(lines: Iterable[Text]) -> Iterator[Text]:
    """Yield lines no wider than 80 columns, what goes on indented."""
    console = Console(width=WIDTH)
    for line in lines:
        if line.cell_len <= WIDTH:
            yield line
            continue
        for at, part in enumerate(line.wrap(console, WIDTH - HANGING)):
            part.rstrip()
            yield Text(" " * HANGING) + part if at else part


def experiment_lines(experiment: Experiment, outcome: Outcome) -> Iterator[Text]:
    """Yield what an experiment came to: its claim, where it was tested, and a line for each expectation."""
    told = experiment.told
    yield Text.assemble((experiment.name, "bold"), f": {told.title} ({', '.join(told.answers)})")
    yield Text(f"  Claim: {told.claim}")
    if outcome.measured:
        yield Text(f"  Tested on: {told.condition}")
    yield from (measured_line(each) for each in outcome.measured)
    yield Text.assemble("  Status: ", (outcome.status, status_style(outcome.status)), f"  ({outcome.seconds:.1f} s)" * bool(outcome.runs))


def measured_line(each: Measured) -> Text:
    """Return an expectation with its number, its interval and the verdict."""
    whole = each.replicates + each.left_out
    shown = _number(each.value) if each.met is msgspec.UNSET else f"{each.met} of {whole} seeds, {_number(each.value)}"
    told = f"{shown} ({_number(each.low)} to {_number(each.high)}; asked: {each.asked})" if each.value is not None else each.asked
    left_out = f"; {each.left_out} of {whole} replicates have no such number" if each.left_out else ""
    return Text.assemble("  ", (f"{each.verdict:9}", STYLES[each.verdict]), f" {each.says}: {told}{left_out}")


def experiment_json(outcomes: list[tuple[Experiment, Outcome]]) -> str:
    """Return experiments and their outcomes as JSON that ends in a newline."""
    found = [
        {
            "name": outcome.name,
            "title": experiment.told.title,
            "answers": list(experiment.told.answers),
            "claim": experiment.told.claim,
            "condition": experiment.told.condition,
            "sources": list(experiment.told.sources),
            "status": outcome.status,
            "measured": msgspec.to_builtins(outcome.measured),
            "settings": {name: msgspec.to_builtins(run.settings) for name, run in outcome.runs.items()},
        }
        for experiment, outcome in outcomes
    ]
    return json.dumps({"schema_version": SCHEMA_VERSION, "experiments": found}, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def register_json(register: Register) -> str:
    """Return a register as JSON that ends in a newline."""
    return json.dumps(msgspec.to_builtins(register), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def register_lines(register: Register) -> Iterator[Text]:
    """Yield each claim with its status, those that do not reproduce first, then a count."""
    for row in sorted(register.claims, key=lambda row: not row.failing):
        yield from _claim(row)
    counts: dict[str, int] = {}
    for row in register.claims:
        begin = next(
            (name for name in ("does not reproduce", "undecided", "not yet", "holds only if", "exploratory") if name in row.status), None
        )
        counts[begin or row.status] = counts.get(begin or row.status, 0) + 1
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    yield Text(f"{len(register.claims)} claims: {told}. Run: {register.run}.")


def scenario_json(told: Told) -> str:
    """Return a scenario as JSON that ends in a newline."""
    plain = msgspec.to_builtins(told, enc_hook=str)
    return json.dumps({"schema_version": SCHEMA_VERSION} | plain, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def scenario_lines(told: Told) -> Iterator[Text]:
    """Yield the phase and the status of each generation, then what was expected."""
    yield Text.assemble((told.name, "bold"), f": {told.title}")
    for row in told.rows:
        labels = f" ({', '.join(row.labels)})" if row.labels else ""
        codes = f", failing {', '.join(row.failing)}" if row.failing else ""
        types = row.kept.get("tail_types_retained@words_1")
        kept = f"; rare types left: {types[0]:.0%} ({types[1]:.0%} to {types[2]:.0%})" if types else ""
        machine = row.kept.get("machine")
        made = f"; machine-made: {machine[0]:.0%} ({machine[1]:.0%} to {machine[2]:.0%}, estimate)" if machine else ""
        yield Text(f"  generation {row.generation}: {row.phase}{labels}, {row.status}{codes}{kept}{made}")
    yield from (measured_line(each) for each in told.checks)


def status_style(status: str) -> str:
    """Return the colour of a status."""
    if status.startswith("holds"):
        return "green"
    return "red" if status.startswith("does not") else "yellow"


def _claim(row: Row) -> Iterator[Text]:
    yield Text.assemble((f"{row.id:5}", "bold"), row.says)
    tested = ", ".join(row.experiments) or row.why or ""
    date = f", {row.date}" if row.date else ""
    yield Text.assemble("     ", (row.status, status_style(row.status)), f" [{tested}{date}]")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
