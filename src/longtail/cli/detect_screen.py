"""What `longtail detect` prints: what was looked for and found, and what it means that nothing was."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table
from rich.text import Text

from longtail.report.words import counted, one_line

_NAMED = 5
SILENCE = (
    "Where nothing was found nothing is known: text of other models, text that was edited, and text of people look alike here. "
    "That there is no watermark and no credential is no evidence of a human author."
)


def lines(told: dict[str, Any], data: str) -> Iterator[Text | Table]:
    """Yield what is printed: what was looked for and found, shares under keys, contradictions, files, and what silence means."""
    looked = [counted(told["documents"], "document")] if told["recognisers"] else []
    looked += [counted(len(told["media"]), "file")] if told["media"] else []
    yield Text.assemble(("longtail detect", "bold"), f"  {one_line(data)}   {', '.join(looked)}")
    yield Text()
    if told["recognisers"]:
        yield _table(told)
        yield from _tests(told)
    yield from _shares(told["marked"])
    yield from _files(told["media"])
    for each in told["contradictions"]:
        what = f"{counted(each['documents'], 'document')} said {one_line(each['says'])}, and {each['recogniser']} says {each['found']}"
        yield Text(f"Contradiction: {what} (first: document {each['first']:,}). What was said is kept.")
    yield from _written(told)
    if told["quarantined"]:
        yield Text(f"Quarantined: {told['quarantined']:,} that could not be read or have no text, not looked at.")
    yield Text()
    yield Text(SILENCE)


def _table(told: dict[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(("looked for", "found in", "origin known")):
        table.add_column(head, justify="right" if place else "left", no_wrap=place > 0)
    for each in told["recognisers"]:
        table.add_row(one_line(each["looks_for"]), f"{each['found']:,}", f"{each['strong']:,}")
    return table


def _tests(told: dict[str, Any]) -> Iterator[Text]:
    for each in told["recognisers"]:
        if each["tested"] is not None:
            short = each["documents"] - each["tested"]
            left = f"; {counted(short, 'document')} too short to be tested" if short else ""
            yield Text(f"  {each['recogniser']}: {_least(each['threshold'], told['fdr'])}{left}", "dim")
    order = sorted(told["findings"], key=lambda each: (each["status"] != "fail", "p_value" not in each, each["document"]))
    for each in order[:_NAMED]:
        yield Text(f"  document {each['document']:,}: {one_line(each['words'])}", "dim")
    if len(order) > _NAMED:
        yield Text(f"  and {counted(len(order) - _NAMED, 'finding')} more (-o or --json)", "dim")


def _least(threshold: float | None, fdr: float) -> str:
    if threshold is None:
        return "no p-value is small enough among so many"
    return f"found where p is at most {threshold:.1e}; of such findings a share of {fdr:.2g} is wrong on average at most"


def _shares(marked: list[dict[str, Any]]) -> Iterator[Text]:
    for each in marked:
        if each.get("share") is None:
            yield Text(f"Share under key {each['key_id']}: not measured: {each['reason']}.")
        else:
            interval = f"{each['low']:.1%} to {each['high']:.1%}"
            of = f"{each['scored']:,} scored tokens in {counted(each['documents'], 'document')}"
            yield Text(f"Share under key {each['key_id']}: {each['share']:.1%} ({interval}, {each['level']:.0%} interval) of {of}.")


def _files(media: list[dict[str, Any]]) -> Iterator[Text]:
    for each in media:
        yield Text(f"{one_line(each['path'])}: {one_line(each['words'])}")


def _written(told: dict[str, Any]) -> Iterator[Text]:
    made = told.get("tagged")
    if made:
        filled = ", ".join(f"{count:,} {name}" for name, count in made["written"].items()) or "none"
        yield Text(
            f"{one_line(made['output'])}: {', '.join(f'{count:,} {name}' for name, count in made['origins'].items())}; filled in: {filled}"
        )
        if made["verdicts"] or made["statements"]:
            yield Text(f"  ledger: {counted(made['verdicts'], 'verdict')} and {counted(made['statements'], 'further statement')} recorded")
