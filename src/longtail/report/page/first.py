"""The first screen: what is audited, what happened in one sentence, the state of seven things, and what to do first.

It is for somebody who knows no statistics. There is no score over the seven: none of them stands for another.
"""

from collections.abc import Callable
from typing import NamedTuple

import longtail.report.names as names
import longtail.report.page.checks as checks
import longtail.report.page.rows as rows
import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Report, Status
from longtail.report.addressed import filled
from longtail.report.panels import finite
from longtail.report.words import Panel
from longtail.rules.absent import TAG

FOUNDATIONS = ("LT101", "LT201", "LT202")
"""What is mended first, failed or warned of: provenance, then accumulation."""
THINGS = 3
LEVEL = 0.05
"""Change of the use of common items, up or down, that still counts as unchanged in a sentence."""
COMMANDS = {
    "LT101": TAG,
    "LT102": "longtail estimate DATA --weights WEIGHTS.jsonl",
    "LT301": "longtail recover plan --reference HUMAN.jsonl --outputs 'GENERATIONS*.jsonl'",
}
"""What to run for a finding whose own advice names no command."""


class Tile(NamedTuple):
    """One of the seven: its name, what it asks, the gravest outcome of its checks, and where that is told.

    `is_partial` where some of its checks passed and others could not be made.
    """

    name: str
    asks: str
    status: Status
    says: str
    made: str
    link: str
    is_partial: bool = False


class Thing(NamedTuple):
    """One thing to do: the advice, the command, and the check that asks for it."""

    advice: str
    command: str
    code: str
    title: str
    link: str


class Subject(NamedTuple):
    """What a tile is about, and which checks belong to it."""

    name: str
    asks: str
    holds: Callable[[str], bool]


_HAPPENS = {"watch": "thinning out", "early": "disappearing", "narrowing": "disappearing", "late": "disappearing"}
_OF_TAILS = ("LT301", "LT305", "LT308")

SUBJECTS = (
    Subject("Provenance", "Is it known where data come from?", lambda code: code.startswith("LT1")),
    Subject("Mix & regime", "Are human data kept?", lambda code: code.startswith("LT2")),
    Subject("Tails", "Are rare cases still there?", lambda code: code in _OF_TAILS),
    Subject("Diversity", "Do documents differ from one another?", lambda code: code[:3] in ("LT3", "LT7") and code not in _OF_TAILS),
    Subject("Filters", "Copies, moulds, rare cases cut?", lambda code: code.startswith("LT4")),
    Subject("Model", "Does it still handle human text?", lambda code: code[:3] in ("LT5", "LT6")),
    Subject("Process", "Is the loop watched, this check sound?", lambda code: code[:3] in ("LT8", "LT9")),
)


def page(report: Report) -> Panel:
    """Return everything that the first screen reads."""
    return {
        "name": words.subject(report),
        "generation": generation(report),
        "regime": "" if report.regime == "unknown" else report.regime.replace("_", " "),
        "date": report.created_at[:10],
        "plain": plain(report),
        "rests": rests(report),
        "tiles": tiles(report),
        "things": things(report),
    }


def generation(report: Report) -> str:
    """Return which generation of how many was judged; empty where there is no lineage."""
    known = [each.generation for each in report.lineage.generations] if report.lineage else []
    return f"generation {max(known)} of {len(known)}" if known else ""


def plain(report: Report) -> str:
    """Return what became of the common and of the rare in two short sentences; empty where that was not told apart."""
    found = words.panel(report, "strata")
    strata = {str(row.get("stratum")): row for row in words.rows(found, "rows")}
    tail = strata.get("tail", {})
    common, types, mass = finite(strata.get("head", {}).get("mass_ratio")), finite(tail.get("types_ratio")), finite(tail.get("mass_ratio"))
    if found is None or common is None or types is None or report.phase.name in ("inconclusive", "not_measured"):
        return ""
    items, before = names.view(found.get("view", "")).removeprefix("single "), words.baseline(found.get("baseline"))
    return f"{_common(items, common)} {_rare(report.phase.name, items, before, types, mass)}"


def _common(items: str, ratio: float) -> str:
    if abs(ratio - 1) <= LEVEL:
        return f"Common {items} are unchanged."
    return f"Common {items} take up {'more' if ratio > 1 else 'less'} room than before."


def _rare(phase: str, items: str, before: str, types: float, mass: float | None) -> str:
    left = round(100 * types)
    if left >= 100:
        less = ", but less often" if mass is not None and mass < 1 - LEVEL else ""
        return f"As many different rare {items} are in use as in {before}{less}."
    if phase not in _HAPPENS:
        return f"Of every 100 rare ones that {before} used, {left} are left."
    return f"Rare ones are {_HAPPENS[phase]}: of every 100 that {before} used, {left} are left."


def rests(report: Report) -> list[str]:
    """Return what the verdict rests on, in words: documents, what decided, how often such an alarm is false, what was not looked at."""
    documents = sum(source.documents for source in words.of_role(report, "candidate"))
    phase, alarm = report.phase, words.PHASES[report.phase.name].status in ("warn", "fail")
    told = [f"{words.counted(documents, 'document')} were read"] if documents else []
    if phase.decided_by:
        told.append(f"decided by {', '.join(dict.fromkeys(words.named(each) for each in phase.decided_by))}")
    if alarm and report.guarantee.alpha_here:
        told.append(f"were nothing lost, at most 1 in {1 / report.guarantee.alpha_here:.0f} such audits would say so")
    if phase.missing and phase.name != "not_measured":
        told.append(f"not looked at: {', '.join(checks.missing(each) for each in phase.missing)}")
    return told


def tiles(report: Report) -> list[Tile]:
    """Return the state of the seven subjects, each by the gravest outcome of its own checks."""
    known = stages.states(report)
    return [_tile(subject, {code: state for code, state in known.items() if subject.holds(code)}) for subject in SUBJECTS]


def _tile(subject: Subject, known: dict[str, str]) -> Tile:
    made = [code for code, state in known.items() if state != "not_measured"]
    counted = f"{len(made)} of {words.counted(len(known), 'check')}" if known else "no check applies"
    for state, status, says in (("fail", "fail", "fail"), ("warn", "warn", "warn"), ("suppressed", "warn", "accepted for now")):
        codes = sorted(code for code in known if known[code] == state)
        if codes:
            return Tile(subject.name, subject.asks, words.GRAVITY[0] if status == "fail" else "warn", says, counted, codes[0])
    if made:
        partial = len(made) < len(known)
        return Tile(subject.name, subject.asks, "pass", "pass in part" if partial else "pass", counted, sorted(made)[0], partial)
    return Tile(subject.name, subject.asks, "not_measured", "not measured", counted, min(known, default="not-measured"))


def things(report: Report) -> list[Thing]:
    """Return what to do first, at most three: provenance and accumulation, then failures, then warnings, then what is worth measuring."""
    found = rows.findings(report)
    found.sort(key=lambda row: FOUNDATIONS.index(row["code"]) if row["code"] in FOUNDATIONS else len(FOUNDATIONS))
    asked = [_mend(row, report) for row in found if any(row["remedy"])]
    unlocked = {code for row in found for code in row["unlocks"]}
    asked += [
        _measure(*absence) for absence in words.absences(report) if absence[2] and not unlocked & set(absence[0]) and _is_wanted(absence[0])
    ]
    first: dict[str, Thing] = {}
    for each in asked:
        first.setdefault(each.advice, each)
    return list(first.values())[:THINGS]


def _is_wanted(codes: list[str]) -> bool:
    """Tell whether a check is worth making by itself; those of validity only guard others."""
    return not all(code.startswith("LT9") for code in codes)


def _mend(row: Panel, report: Report) -> Thing:
    advice, command = row["remedy"]
    known = filled(COMMANDS.get(row["code"], f"longtail explain {row['code']}"), report)
    return Thing(_sentence(advice or row["title"]), command or known, row["code"], row["title"], row["anchor"])


def _measure(codes: list[str], reason: str, enable: str) -> Thing:
    title = checks.TITLES.get(codes[0], codes[0])
    return Thing(_sentence(f"check this too: {title} ({reason})"), enable, codes[0], "not measured", codes[0])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(":. ")
