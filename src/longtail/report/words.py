"""Plain words and number formats that the terminal and the page share."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from longtail.records import Estimate, InputRecord, Report, Role, Status
from longtail.report.names import METRICS, view
from longtail.rules import RULES

Panel = dict[str, Any]

BASELINES = {
    "reference": "the reference",
    "generation_1": "generation 1",
    "previous": "the generation before",
    "control": "the control",
    "begin": "the begin of the run",
}
STRATA = {"head": "Common (head)", "torso": "In between (torso)", "tail": "Rare (tail)", "beyond": "Not in the reference"}
LABELS = {
    "tail-first": "rare things went first",
    "masked": "averages hide the loss",
    "partial": "only some groups are affected",
    "fidelity-loss": "real text is handled worse",
}
STATUSES: dict[Status, str] = {"pass": "pass", "warn": "warn", "fail": "fail", "not_measured": "not measured"}
DECISIONS: dict[str, Status] = {"ok": "pass", "watch": "warn", "shrunk": "fail", "inconclusive": "not_measured"}
GRAVITY: tuple[Status, ...] = ("fail", "warn", "not_measured", "pass")


class PhaseWords(NamedTuple):
    """What a phase is called on the first screen."""

    status: Status
    headline: str
    explanation: str


PHASES = {
    "healthy": PhaseWords(
        "pass",
        "The rare part is still there",
        "Rare items are used about as much, and about as many of them are left, as in the data it was compared with.",
    ),
    "watch": PhaseWords(
        "warn",
        "The rare part is thinning",
        "The loss is more than chance would explain and still small. It tends to add up when models learn from model output.",
    ),
    "early": PhaseWords(
        "fail",
        "Rare things are disappearing",
        "Common cases look much as before, so averages and spot checks can miss this.",
    ),
    "concentrating": PhaseWords(
        "fail",
        "A few favourites are taking over",
        "The commonest items take a larger share than they did. Rare items may still be there, but they get less room.",
    ),
    "narrowing": PhaseWords(
        "fail",
        "Rare things are disappearing and favourites take over",
        "Both ends moved: fewer rare items are left and the commonest ones take a larger share.",
    ),
    "late": PhaseWords(
        "fail",
        "The output has moved far from where it started",
        "Not only rare items: what is left resembles the original data less, and varies much less or in odd ways.",
    ),
    "drift": PhaseWords(
        "warn",
        "The content has shifted; its variety is still there",
        "The data differs from what it was compared with, without the loss of rare items that collapse brings.",
    ),
    "inconclusive": PhaseWords(
        "not_measured",
        "Too little data to tell",
        "A loss could be neither shown nor ruled out with the documents given.",
    ),
    "not_measured": PhaseWords(
        "not_measured",
        "Loss was not measured",
        "There was nothing to compare with, so only the data set itself was checked.",
    ),
}

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_COMMAND = re.compile(r"(?:^|(?<=: ))(longtail [a-z]+ .*)$")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Return `text` with control characters and broken surrogates replaced, so that it can be shown."""
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n"))


def shown(text: str) -> str:
    """Return `text` cleaned and without marks that turn the direction of what stands after them."""
    return _BIDI.sub("", clean(text))


def one_line(text: str, limit: int = 0) -> str:
    """Return `text` on one line, without direction marks, cut to `limit` characters if one is given."""
    flat = " ".join(shown(text).split())
    return flat if not limit or len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def count(number: float | None) -> str:
    """Return a count with thousands separated, or a dash where there is none."""
    return "–" if number is None else f"{number:,.0f}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a count with its noun: `1 document`, `4,000 documents`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def percent(share: float | None) -> str:
    """Return a share or ratio as a percentage with one decimal, more for tiny ones."""
    if share is None:
        return "–"
    return f"{100 * share:.2g}%" if 0 < abs(share) < 0.001 else f"{100 * share:,.1f}%"


def number(value: float | None, unit: str = "") -> str:
    """Return a value as a reader expects it: a percentage for ratios and shares, else three digits."""
    if value is None:
        return "–"
    if unit in ("ratio", "share"):
        return percent(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def interval(estimate: Estimate) -> str:
    """Return `[low, high]` of an estimate in the format of its value."""
    scale = scale_of(estimate)
    return f"[{number(estimate.low, scale)}, {number(estimate.high, scale)}]"


def scale_of(estimate: Estimate) -> str:
    """Return the unit that decides how an estimate is printed."""
    return "ratio" if estimate.kind == "ratio" else estimate.unit


def metric(estimate: Estimate, *, with_view: bool = True) -> str:
    """Return what an estimate measures, in plain words, with its unit and the view it was measured in."""
    name = METRICS.get(estimate.metric, estimate.metric.replace("_", " "))
    beside = [view(estimate.view)] if with_view and estimate.view else []
    beside += [unit(estimate)] if unit(estimate) else []
    if estimate.slice:
        name += f"{', ' if estimate.metric == 'exceedance' else ' of '}{one_line(estimate.slice, 40)}"
    return one_line(f"{name} ({', '.join(beside)})" if beside else name, 200)


def named(name: str, view_name: str = "") -> str:
    """Return what `metric` or `metric@view` measures, in plain words, with its view where one is given."""
    plain, _, within = name.partition("@")
    within = within or view_name
    known = METRICS.get(plain, one_line(plain.replace("_", " "), 60))
    return f"{known} ({view(one_line(within, 40))})" if within else known


def labels(names: Iterable[str]) -> str:
    """Return what qualifies a phase, in plain words with the label itself: `rare things went first (tail-first)`."""
    return "; ".join(f"{LABELS[name]} ({name})" if name in LABELS else one_line(name, 60) for name in names)


def chance(p: float) -> str:
    """Return a p-value with two digits."""
    return f"{p:.2g}"


def allowance(report: Report) -> list[tuple[str, str]]:
    """Return how much of the false alarms that were allowed is for this audit, spent and left; what is unknown is left out."""
    given = report.guarantee
    parts = [("in all", given.alpha), ("in this one", given.alpha_here), ("spent", given.alpha_spent), ("left", given.alpha_left)]
    return [(name, f"{100 * share:.3g}%") for name, share in parts if share is not None]


def needed(estimate: Estimate) -> int | None:
    """Return how many documents would decide; None where the decision is made, for nothing is lacking there."""
    return estimate.documents_needed if estimate.decision == "inconclusive" else None


def enough(report: Report) -> str:
    """Return the sentence on how many documents would decide; nothing where the summary has said it or it is unknown."""
    wanted = count(report.phase.documents_needed)
    return "" if not report.phase.documents_needed or wanted in report.summary else f" About {wanted} documents would be enough."


def title(codes: Sequence[str]) -> str:
    """Return the title of a rule that stands alone; nothing for several codes or for one that is not in the catalogue."""
    known = {entry.name: entry.facts["title"] for entry in RULES}
    return known.get(codes[0], "") if len(codes) == 1 else ""


def unit(estimate: Estimate) -> str:
    """Return the unit to print beside a value; nothing for ratios and shares, which are printed as percentages."""
    return "" if scale_of(estimate) in ("ratio", "share") else estimate.unit


def baseline(name: object) -> str:
    """Return what was compared with, in plain words."""
    return BASELINES.get(str(name), "the data it was compared with")


def panel(report: Report, name: str) -> Panel | None:
    """Return a panel, or None where it is absent, empty or not a table of fields."""
    found = report.panels.get(name)
    return found if isinstance(found, dict) and found else None


def listed(report: Report, name: str) -> list[Panel]:
    """Return a panel that is a list of tables of fields; what is none of them is left out."""
    found = report.panels.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list | tuple) else []


def rows(found: Panel | None, name: str) -> list[Panel]:
    """Return the rows of a panel that are tables of fields; none where the panel or the rows are absent."""
    listed = (found or {}).get(name)
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list | tuple) else []


def of_role(report: Report, role: Role) -> list[InputRecord]:
    """Return the inputs that played `role`."""
    return [source for source in report.inputs if source.role == role]


def command_last(advice: str) -> tuple[str, str]:
    """Split advice that ends in a command into its words and the command, which is empty where there is none."""
    flat = one_line(advice, 800)
    found = _COMMAND.search(flat)
    return (flat, "") if found is None else (flat[: found.start()].strip(), found[1])


def subject(report: Report) -> str:
    """Return the file of what was audited: the data set, else the training run, in words where there is neither."""
    return files(of_role(report, "candidate")) or files(of_role(report, "rollouts")) or "no data set"


def files(sources: Iterable[InputRecord], limit: int = 3) -> str:
    """Return the file names of inputs, the first `limit` of them spelled out."""
    names = [shortened(name, 60) for source in sources for name in _names(source)]
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")


def shortened(name: str, limit: int) -> str:
    """Return a name on one line, of a long one the beginning and the end."""
    flat = one_line(name)
    half = (limit - 1) // 2
    return flat if len(flat) <= limit else f"{flat[:half]}…{flat[-half:]}"


def _names(source: InputRecord) -> list[str]:
    """Return the file name of an input; where it was given as several, the name of each."""
    paths = source.path.split(", ") if source.parts > 1 else [source.path]
    return [PurePath(path).name or path for path in paths]


def absences(report: Report) -> list[tuple[list[str], str, str]]:
    """Return codes, reason and enabling command of what was not measured; codes that share both stand together, the tail first."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for absent in report.not_measured:
        grouped.setdefault((one_line(absent.reason, 600), one_line(absent.enable, 400)), []).append(absent.code)
    found = [(codes, reason, enable) for (reason, enable), codes in grouped.items()]
    return sorted(found, key=lambda group: "LT301" not in group[0])


def uncompared(report: Report) -> list[tuple[list[str], str, str]]:
    """Return what kinds of items a measurement is missing for, why, and what it needs; kinds that share both stand together."""
    grouped: dict[tuple[str, str], dict[str, None]] = {}
    for absent in report.panels.get("absent") or []:
        kind = one_line(view(absent["view"]), 80) if absent.get("view") else METRICS.get(str(absent.get("metric")), "all items")
        place = (one_line(str(absent.get("reason", "")), 600), one_line(str(absent.get("enable", "")), 400))
        grouped.setdefault(place, {})[kind] = None
    return [(list(kinds), reason, needs) for (reason, needs), kinds in grouped.items()]


def worst(statuses: Sequence[Status]) -> Status:
    """Return the gravest of some statuses; not measured where there is none."""
    return min(statuses, key=GRAVITY.index, default="not_measured")


def counts(report: Report) -> dict[Status, int]:
    """Return how many rules passed, warned, failed and were not measured."""
    found = [finding.status for finding in report.findings]
    return {"pass": len(report.passed), "warn": found.count("warn"), "fail": found.count("fail"), "not_measured": len(report.not_measured)}
