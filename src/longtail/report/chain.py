"""The seven mistakes as one chain: which are made here, in what order, and what mending one comes to. A view of the findings."""

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.spiral as spiral
import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Report
from longtail.report.words import Panel
from longtail.rules.chain import reached
from longtail.rules.stages import MISTAKES

RECOVERY = "longtail recover plan --reference HUMAN.jsonl --outputs 'GENERATIONS*.jsonl'"
_MADE = ("fail", "warn", "suppressed")


class Link(NamedTuple):
    """One of the seven mistakes in this audit.

    Attributes:
        number: Its place in the chain, from 1.
        name: What it is called.
        codes: Of the rules that find it.
        state: fail, warn, suppressed, pass or not_measured: the gravest among its rules.
        told: That in words.
        leads_to: Names of the mistakes made here that it leads to.
        is_foundation: Whether it is made here, and none that is made here leads to it.
        unlocks: Codes of the rules that mending it makes measurable.
    """

    number: int
    name: str
    codes: tuple[str, ...]
    state: str
    told: str
    leads_to: tuple[str, ...]
    is_foundation: bool
    unlocks: tuple[str, ...]

    @property
    def is_made(self) -> bool:
        """Whether the mistake is made here, accepted for a while or not."""
        return self.state in _MADE


def links(report: Report) -> list[Link]:
    """Return the seven mistakes in the order of the chain."""
    known = stages.states(report)
    here = {name: {code for code in codes if known.get(code) in _MADE} for name, codes in MISTAKES.items()}
    after = {name: _led(name, here) for name in MISTAKES}
    unlocks = {each.code: each.unlocks for each in report.findings}
    return [_link(number, name, known, after, unlocks) for number, name in enumerate(MISTAKES, start=1)]


def _link(number: int, name: str, known: dict[str, str], after: dict[str, tuple[str, ...]], unlocks: dict[str, tuple[str, ...]]) -> Link:
    codes = MISTAKES[name]
    state = _gravest(known.get(code, "not_measured") for code in codes)
    return Link(
        number=number,
        name=name,
        codes=codes,
        state=state,
        told="not made here" if state == "pass" else stages.STATES[state],
        leads_to=after[name],
        is_foundation=state in _MADE and not any(name in found for found in after.values()),
        unlocks=tuple(one for code in codes for one in unlocks.get(code, ())),
    )


def _gravest(found: Iterable[str]) -> str:
    """Return the gravest state; a mistake is not made only where all of its rules passed."""
    return min(found, key=(*_MADE, "not_measured", "pass").index)


def _led(name: str, here: dict[str, set[str]]) -> tuple[str, ...]:
    """Return the other mistakes made here that one made here leads to, in their order."""
    ahead = {code for mine in here[name] for code in reached(mine)}
    return tuple(other for other, codes in here.items() if other != name and codes & ahead)


def sentence(link: Link) -> str:
    """Return what mending a mistake that is made here comes to; empty for one that is not."""
    if not link.is_made:
        return ""
    takes = f"mending it takes away what leads to: {', '.join(link.leads_to)}" if link.leads_to else ""
    makes = f"mending it makes measurable: {' '.join(link.unlocks)}" if link.unlocks else ""
    return "; ".join(part for part in ("begin here" if _begins(link) else "", takes, makes) if part)


def _begins(link: Link) -> bool:
    return link.is_foundation and bool(link.leads_to)


def lines(report: Report) -> list[str]:
    """Return the chain and the three groupings of the same findings as lines of plain text."""
    told = ["The seven mistakes, in the order in which one leads to the next"]
    for link in links(report):
        said = "; ".join(part for part in (link.told, sentence(link)) if part)
        told.append(f"  {link.number} {link.name} ({' '.join(link.codes)}): {said}")
    for by, (title, _) in stages.GROUPS.items():
        told.append(title)
        told += [f"  {group['number']} {group['name']}: {group['told']}" for group in stages.grouped(report, by)]
    return [*told, *after_a_failure(report)]


def after_a_failure(report: Report) -> list[str]:
    """Return what to do where a check after training failed, in at most one line."""
    failed = any(group["name"] == "after train" and group["state"] == "fail" for group in stages.grouped(report, "moment"))
    return [f"A check after training failed: do not train on this output before it is mended. Next: {RECOVERY}"] if failed else []


def page(report: Report) -> Panel | None:
    """Return what the section of the page reads; None where no rule was applied."""
    if not stages.states(report):
        return None
    found = links(report)
    return {
        "links": [{"link": link, "sentence": sentence(link), "icon": stages.icon(link.state)} for link in found],
        "chart": drawn(found) if any(link.is_made for link in found) else None,
        "groups": [(title, stages.grouped(report, by)) for by, (title, _) in stages.GROUPS.items()],
        "next": [words.command_last(line) for line in after_a_failure(report)],
    }


def drawn(found: list[Link]) -> Markup:
    """Return the chain as a spiral: each mistake made here joined to the next that it leads to, where to begin ringed."""
    places = {link.name: at for at, link in enumerate(found)}
    knots = [spiral.Knot(link.number, link.state, _told(link), _begins(link)) for link in found]
    joins = [(places[link.name], places[link.leads_to[0]]) for link in found if link.leads_to]
    return spiral.spiral("mistakes", "The seven mistakes, one leading to the next", knots, joins)


def _told(link: Link) -> str:
    leads = f", leads to {link.leads_to[0]}" if link.leads_to else ""
    return f"{link.number} {link.name}: {link.told}{leads}{': begin here' if _begins(link) else ''}"
