"""Markdown for pull requests and job summaries: what came from the data is shown as text, whatever it looks like."""

import re
from collections.abc import Iterable, Sequence

import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Estimate, Finding, Report
from longtail.report.addressed import addressed
from longtail.report.formats.found import ordered, tally

LIMIT = 65_000
"""Most characters: a comment on GitHub holds 65,536."""

_STEPS = (100, 50, 20, 10, 5, 2, 1)
_MARKS = re.compile(r"[\\`*_\[\]<|~&$]")
_JOINED = re.compile(r"(?<=@)|(?<=#)(?=\d)|(?<=GH-)(?=\d)|(?<=:)(?=//|[\w+-]+:)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_JOINER = "\u2060"
"""Has no width and ends a word: a name after it is nobody's, an address leads nowhere."""


def to_markdown(report: Report) -> str:
    """Return the report as GitHub-flavoured Markdown of at most 65,000 characters; what had to be left out is counted.

    The verdict comes first, then a paragraph, the findings, the numbers that decide, and, folded, what was not measured.
    """
    shown = addressed(report)
    pages = ("\n\n".join(_sections(shown, most)) + "\n" for most in _STEPS)
    return next((page for page in pages if _length(page) <= LIMIT), "")


def _length(text: str) -> int:
    """Return how many characters a browser counts."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _sections(report: Report, most: int) -> Iterable[str]:
    phase = report.phase.name.replace("_", " ").upper()
    name = words.subject(report)
    yield f"### longtail: {phase} · {plain(tally(report), 400)}"
    told = plain(report.summary, 2000) or f"{words.PHASES[report.phase.name].headline}."
    yield f"**{plain(name, 240)}**: {told}{words.enough(report)} {plain(report.guarantee.text, 600)}".rstrip()
    yield from _findings(ordered(report), most)
    yield from _numbers(report, most)
    yield from _absences(report, most)
    yield from _held(report, most)
    if report.passed:
        yield f"Passed: {plain(' '.join(report.passed), 600)}"


def plain(text: str, limit: int) -> str:
    """Return text as one line of Markdown that shows it letter by letter: no markup, link, mention or reference comes of it."""
    return _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", _JOINED.sub(_JOINER, words.one_line(text, limit)))


def code(text: str, limit: int) -> str:
    """Return text as a code span that may stand in the cell of a table; nothing for an empty text."""
    flat = words.one_line(text, limit)
    fence = "`" * (1 + max(map(len, re.findall("`+", flat)), default=0))
    gap = " " if "`" in flat else ""
    return f"{fence}{gap}{flat}{gap}{fence}".replace("|", r"\|") if flat else ""


def _findings(found: Sequence[Finding], most: int) -> Iterable[str]:
    if found:
        rows = [(plain(each.code, 20), each.status, _what(each), _next(each)) for each in found[:most]]
        yield _table(("rule", "status", "what was found", "next"), rows, len(found))


def _what(found: Finding) -> str:
    place = f"<br>in {plain(found.where, 120)}" if found.where else ""
    return f"**{plain(found.title, 120)}**: {plain(found.because, 600)}{place}"


def _next(found: Finding) -> str:
    said, command = words.command_last(found.remedy)
    return " ".join(filter(None, [plain(said, 400), code(command, 400)]))


def _numbers(report: Report, most: int) -> Iterable[str]:
    decided = [each for each in report.estimates if each.decision]
    newest = max((each.generation for each in decided if each.generation is not None), default=None)
    decided = [each for each in decided if each.generation in (newest, None)]
    decided.sort(key=lambda each: words.GRAVITY.index(words.DECISIONS[each.decision or "inconclusive"]))
    if decided:
        yield _table(("what was measured", "value", "interval", "documents", "decision"), map(_number, decided[:most]), len(decided))


def _number(each: Estimate) -> tuple[str, ...]:
    value = words.number(each.value, words.scale_of(each))
    interval = f"{words.interval(each)} at {100 * each.level:.4g}%"
    needed = f", needs {words.count(words.needed(each))}" if words.needed(each) else ""
    return plain(words.metric(each), 160), value, interval, words.count(each.n), f"{each.decision}{needed}"


def _absences(report: Report, most: int) -> Iterable[str]:
    found = words.absences(report)
    if found:
        rows = [(plain(" ".join(codes), 200), plain(reason, 600), code(enable, 400)) for codes, reason, enable in found[:most]]
        yield _folded(f"not measured: {len(report.not_measured)}", _table(("rules", "why", "what would enable it"), rows, len(found)))


def _held(report: Report, most: int) -> Iterable[str]:
    held = stages.held_back(report)
    if held:
        rows = [
            (plain(str(each["code"]), 20), plain(str(each.get("because", "")), 600), plain(str(each["why"]), 400)) for each in held[:most]
        ]
        yield _folded(f"accepted for now: {len(held)}", _table(("rule", "what was found", "why it fails nothing"), rows, len(held)))


def _folded(head: str, body: str) -> str:
    return f"<details><summary>{head}</summary>\n\n{body}\n\n</details>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], total: int) -> str:
    """Return rows of Markdown under a head, and how many of `total` were left out."""
    listed = list(rows)
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *listed)]
    return "\n".join(lines) + (f"\n\n{total - len(listed):,} more in the JSON and HTML reports" if total > len(listed) else "")
