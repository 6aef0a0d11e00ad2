"""Pages: what a rule or a metric is, in ten parts, from its facts, its docstring and what is common to all."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from longtail.catalogue import WHAT, Entry
from longtail.metrics import RATIOS, VALUES
from longtail.records import Record
from longtail.rules.catalogue import RULES
from longtail.rules.lt9_required import OF_RULES
from longtail.rules.pipeline import UNWAIVABLE
from longtail.rules.waiving import RATCHETED

PARTS = (WHAT, "Why", "How measured", "Formula", "Minimum", "False positives", "Fix", "Silence", "See it", "Sources")
"""The parts of a page, in their order."""

OVERRIDE = (
    "To accept the finding for a while, write into the file of --pipeline: [[override]] with "
    'code = "{code}", reason = "…", owner = "…" and expires = YYYY-MM-DD. '
    "It is then shown as suppressed, and fails nothing until that day; where {code} is named by --require, no override holds it back."
)
ACCEPTED = "To accept a loss with its number, so that only a greater one fails: --update-baseline FILE."

_FROM_RULE = ("Why", "False positives", "Fix", "See it")
_ENDS = {
    "lower": "a fall is the loss",
    "higher": "a rise is the loss",
    "both": "either way is worth a look",
    "none": "neither way is worse by itself",
}
_READ = {
    "frequencies": "counted over all documents of a data set, in one view",
    "bands": "over the MinHash signatures of all documents",
    "excerpts": "over a sample of distinct documents, which are chosen by the hash of their text",
    "scores": "from the file of --scores, in which one model has scored each document",
    "sample": "over the feature vectors of a sample of documents",
    "comparison": "over all documents of both sides; groups of whole documents are permuted between them",
    "pair": "over equally many distinct documents of either side; groups of whole documents are permuted between them",
    "surroundings": "over the feature vectors of a sample of either side, and the five nearest neighbours of each",
    "apart": "over the feature vectors of a sample of either side; groups of whole documents are permuted between them",
}
"""What metrics are made from, by the name of their first argument."""


class Page(Record, frozen=True):
    """What a rule or a metric is.

    Args:
        name: Code of the rule, or name of the metric.
        kind: "rule" or "metric".
        title: What it is called.
        facts: What its catalogue states besides, such as the unit.
        parts: Text by part, each of `PARTS` in order.
        symptoms: What people search for who have what it finds.
        related: Metrics that a rule reads; rules that read a metric.
    """

    name: str
    kind: str
    title: str
    facts: dict[str, str]
    parts: dict[str, str]
    symptoms: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Return where its page stands on the documentation site."""
        return f"{self.kind}s/{self.name}/"


def all_pages() -> Iterator[Page]:
    """Yield every page: rules by code, then metrics by name."""
    yield from (rule_page(code) for code in codes())
    yield from (metric_page(name) for name in metrics())


def codes() -> list[str]:
    """Return the codes of all rules, in order."""
    return sorted(entry.name for catalogue in (RULES, OF_RULES) for entry in catalogue)


def metrics() -> list[str]:
    """Return the names of all metrics, in order."""
    return sorted({entry.name for catalogue in (VALUES, RATIOS) for entry in catalogue})


def find(name: str) -> Page | None:
    """Return the page of a code or a metric, in any case of letters, or None."""
    if name.upper() in codes():
        return rule_page(name.upper())
    return metric_page(name.lower()) if name.lower() in metrics() else None


def matching(asked: str, pages: Iterable[Page]) -> list[Page]:
    """Return the pages that hold most of the words asked for, at least half of them, those with more of them in what people say first.

    A word is found where another begins with it, case aside.
    """
    words = set(re.findall(r"\w+", asked.casefold()))
    ranked = [(_held(words, _text(page)), _held(words, " ".join((page.title, *page.symptoms))), page) for page in pages]
    most = max((held for held, _, _ in ranked), default=0)
    if not most or 2 * most < len(words):
        return []
    best = [(said, page) for held, said, page in ranked if held == most]
    return [page for _, page in sorted(best, key=lambda pair: -pair[0])]


def _held(words: set[str], text: str) -> int:
    return sum(re.search(rf"\b{re.escape(word)}", text.casefold()) is not None for word in words)


def _text(page: Page) -> str:
    return " ".join((page.name, page.title, page.parts[WHAT], page.parts["Why"], *page.symptoms))


def rule_page(code: str) -> Page:
    """Return the page of a rule."""
    entry: Entry[Any] = OF_RULES[code] if code in OF_RULES else RULES[code]
    said, facts = entry.parts, dict(entry.facts)
    symptoms = tuple(each.strip(" .") for each in said["Symptoms"].split(";"))
    made = {
        "Why": _said_of(said["Why"], symptoms),
        "Silence": f"{said['Silence']}\n\n{_waiver(code)}",
        "Sources": facts.pop("source"),
    }
    parts = {part: _begun(part, made.get(part) or said[part]) for part in PARTS}
    title = facts.pop("title")
    return Page(name=code, kind="rule", title=title, facts=facts, parts=parts, symptoms=symptoms, related=_named_in(facts["metric"]))


def _said_of(why: str, symptoms: tuple[str, ...]) -> str:
    return f"{why}\n\nWhat people say: {'; '.join(symptoms)}."


def _waiver(code: str) -> str:
    if code in UNWAIVABLE:
        return f"No override holds it back: {UNWAIVABLE[code]}."
    return f"{OVERRIDE.format(code=code)} {ACCEPTED if code in RATCHETED else ''}".strip()


def _named_in(text: str) -> tuple[str, ...]:
    known = metrics()
    return tuple(word for word in re.findall(r"\w+", text) if word in known)


def readers(metric: str) -> tuple[str, ...]:
    """Return the codes of the rules that read a metric."""
    return tuple(entry.name for entry in RULES if metric in _named_in(entry.facts["metric"]))


def metric_page(name: str) -> Page:
    """Return the page of a metric: of one data set, of a candidate against a baseline, or of both."""
    entries = [catalogue[name] for catalogue in (VALUES, RATIOS) if name in catalogue]
    first, read = entries[0], readers(name)
    kin = rule_page(read[0] if read else first.parts["Akin"])
    made = _of_kin(first.parts, kin) | _of_entries(entries) | {"Silence": first.parts.get("Silence") or _silenced(read)}
    return Page(
        name=name,
        kind="metric",
        title=first.summary.rstrip("."),
        facts={"unit": _both([entry.facts["unit"] for entry in entries]), "worse": first.facts["worse"]},
        parts={part: _begun(part, made[part]) for part in PARTS},
        symptoms=kin.symptoms,
        related=read or (kin.name,),
    )


def _of_kin(said: dict[str, str], kin: Page) -> dict[str, str]:
    """Return the parts that a metric may leave to the rule that it is akin to."""
    made = {part: said.get(part) or f"As for {kin.name} ({kin.title}): {kin.parts[part]}" for part in _FROM_RULE}
    return made | ({"Why": _said_of(said["Why"], kin.symptoms)} if "Why" in said else {})


def _of_entries(entries: list[Entry[Any]]) -> dict[str, str]:
    """Return the parts that are told of one data set and against a baseline."""
    told = {part: _both([entry.parts[part] for entry in entries]) for part in (WHAT, "Formula", "Minimum")}
    measured, sources = (_both([tell(entry) for entry in entries]) for tell in (_made_from, _source))
    return told | {"How measured": measured, "Sources": sources}


def _both(told: list[str]) -> str:
    """Return what is told of a metric of one data set and of the same against a baseline, as one text."""
    return told[0] if len(set(told)) == 1 else f"{told[0]}\n\nAgainst a baseline: {told[1]}"


def _made_from(entry: Entry[Any]) -> str:
    said = entry.parts.get("How measured") or _READ[entry.needs[0]]
    return f"{said.rstrip('.')}. Unit: {entry.facts['unit']}; {_ENDS[entry.facts['worse']]}."


def _source(entry: Entry[Any]) -> str:
    return entry.facts["source"]


def _silenced(read: tuple[str, ...]) -> str:
    if not read:
        return "no rule reads it: it is shown, and fails nothing."
    return f"{' and '.join(read)} {'reads' if len(read) == 1 else 'read'} it; what silences the rule silences it."


def _begun(part: str, text: str) -> str:
    """Return a part with a capital letter, a formula as it is."""
    return text if part == "Formula" else text[:1].upper() + text[1:]
