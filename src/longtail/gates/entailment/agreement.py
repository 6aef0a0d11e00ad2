"""Whether a sentence of a source says what a claim says, by what is covered, what agrees and what conflicts."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from longtail.gates.entailment.alignment import Alignment, aligned, governed_alike, roles
from longtail.gates.entailment.dates import clashes, says
from longtail.gates.entailment.lexicon import EXCLUDES, FOLLOWS, FUNCTIONAL, RESTRICTING
from longtail.gates.entailment.quantities import apart, comparable, within
from longtail.gates.entailment.reading import Quantifier, Reading

WORTH_READING = 0.5
"""Share of a claim's content words below which two sentences are not about the same thing."""
CONFLICT_COVERAGE = 0.75
"""Share of them that must agree before one clear conflict is a contradiction."""


class Relation(NamedTuple):
    """What a sentence says of a claim.

    Attributes:
        kind: "entailed", "loose" (all is there, but not shown to belong together), "neutral" or "contradicted".
        coverage: Share of the claim's content words, numbers and dates that the sentence has.
    """

    kind: str
    coverage: float


class Finding(NamedTuple):
    """Conflicts and gaps of one kind."""

    conflict: bool = False
    gap: bool = False
    missing: int = 0


def relation(source: Reading, claim: Reading) -> Relation:
    """Return what a sentence of a source says of a claim.

    A claim is entailed only if every content word, number and date of it is in the sentence, none in another sense, and nothing
    of the sentence restricts it. It is contradicted if all but one thing agrees and that one conflicts. Otherwise it is neutral.
    """
    asked = len(claim.keys) + len(claim.quantities) + len(claim.dates)
    if not asked:
        return Relation("neutral", 0.0)
    found = aligned(source, claim)
    share = len(found.pairs) / max(1, len(claim.keys))
    if claim.keys and share < WORTH_READING:
        return Relation("neutral", len(found.pairs) / asked)
    findings = [_words(found), _numbers(found), _times(found), _polarity(found), _amounts(found), _roles(found), _limits(found)]
    coverage = (asked - sum(finding.missing for finding in findings)) / asked
    return Relation(_kind(found, findings), coverage)


def _kind(found: Alignment, findings: list[Finding]) -> str:
    conflicts = sum(finding.conflict for finding in findings)
    if _modes(found.source, found.parts) != _modes(found.claim, None) or conflicts > 1:
        return "neutral"
    if conflicts:
        return "contradicted" if _is_clear(found, findings[0]) else "neutral"
    if any(finding.gap or finding.missing for finding in findings):
        return "neutral"
    return "loose" if any(_doubts(found)) else "entailed"


def _doubts(found: Alignment) -> Iterator[bool]:
    """Yield what leaves it open whether words that are all there belong together."""
    yield not found.attached
    yield found.claim.opens_with_pronoun
    yield found.source.is_reported and not found.claim.is_reported
    yield not found.source.is_english
    yield roles(found) == "unclear"
    yield not governed_alike(found)


def _is_clear(found: Alignment, words: Finding) -> bool:
    """Tell whether all but a conflict agrees well enough; a name in the place of another one is the conflict itself."""
    named = words.missing if words.conflict else 0
    agreeing = len(found.pairs) / max(1, len(found.claim.keys) - named)
    return found.attached and agreeing >= CONFLICT_COVERAGE and len(found.pairs) > 1


def _modes(reading: Reading, parts: frozenset[int] | None) -> set[str]:
    """Return the modes of the parts that matter; a condition or a question holds for the whole sentence."""
    return {mode for part, mode in reading.modes if parts is None or part in parts or mode in ("if", "question")}


def _words(found: Alignment) -> Finding:
    """Compare content words: one that is missing is a gap; an opposite, or another name in a relation of one, a conflict."""
    missing = len({item.key for item in found.missing})
    if missing and _is_other_name(found):
        return Finding(conflict=True, missing=missing)
    compared = found.claim.compares and found.source.compares
    turned = [given.one and asked.one for given, asked in found.pairs if asked.key in found.turned]
    conflict = not all(turned) and not (compared and roles(found) == "swapped")
    return Finding(conflict=conflict, gap=any(turned), missing=missing)


def _is_other_name(found: Alignment) -> bool:
    """Tell whether all that is missing is a name, the sentence has another one, and the relation holds of one thing at a time."""
    names = all(item.name or item.at == 0 for item in found.missing) and len(found.pairs) > 1
    others = {item.key for item in found.surplus if item.name or item.at == 0}
    return names and bool(others) and not FUNCTIONAL.isdisjoint(found.matched) and not found.turned


def _numbers(found: Alignment) -> Finding:
    given = [each for each in found.source.quantities if found.source.parts[each.first] in found.parts]
    conflict, missing = False, 0
    for asked in found.claim.quantities:
        if any(within(each, asked) for each in given):
            continue
        missing += 1
        near = [each for each in given if comparable(each, asked)]
        conflict |= bool(near) and all(apart(each, asked) for each in near)
    return Finding(conflict=conflict, missing=missing)


def _times(found: Alignment) -> Finding:
    given = [each for each in found.source.dates if found.source.parts[each.first] in found.parts]
    conflict, missing = False, 0
    for asked in found.claim.dates:
        if any(says(each, asked) for each in given):
            continue
        missing += 1
        conflict |= bool(given) and all(clashes(each, asked) for each in given)
    return Finding(conflict=conflict, missing=missing)


def _polarity(found: Alignment) -> Finding:
    """Compare what is denied; under a denial, what the claim leaves out is a gap: "not effective in mice" is not "not effective"."""
    alike = [(given.negated, asked.negated) for given, asked in found.pairs if asked.key not in found.turned]
    conflict = any(None not in pair and pair[0] != pair[1] for pair in alike)
    gap = any(None in pair and False in pair for pair in alike)
    turned = any(given.negated or asked.negated for given, asked in found.pairs if asked.key in found.turned)
    return Finding(conflict=conflict, gap=gap or turned or _is_denied_more(found))


def _is_denied_more(found: Alignment) -> bool:
    denied = [item for item in found.source.items if item.negated is not False]
    return any(item.key in found.matched for item in denied) and any(item.key not in found.matched for item in denied)


def _amounts(found: Alignment) -> Finding:
    """Compare quantifiers: what the claim says of how many must follow from what the sentence says."""
    conflict = gap = False
    for asked in found.claim.quantifiers:
        given = _same_of(found.source.quantifiers, asked)
        conflict |= given is not None and frozenset((given.kind, asked.kind)) in EXCLUDES
        gap |= given is None or (given.kind != asked.kind and asked.kind not in FOLLOWS[given.kind])
    for each in found.source.quantifiers:
        concerned = not each.of or not each.of.isdisjoint(found.matched)
        if concerned and each.kind != "all" and _same_of(found.claim.quantifiers, each) is None:
            gap = True
    return Finding(conflict=conflict, gap=gap)


def _same_of(quantifiers: Sequence[Quantifier], asked: Quantifier) -> Quantifier | None:
    return next((each for each in quantifiers if each.of & asked.of or (not each.of and not asked.of)), None)


def _roles(found: Alignment) -> Finding:
    compared = found.claim.compares and found.source.compares
    return Finding(conflict=roles(found) == "swapped" and not (compared and found.turned))


def _limits(found: Alignment) -> Finding:
    """Find what the sentence restricts and the claim does not: "all patients in group A", "the largest port in Europe".

    Nor is a name what it begins with: "Sydney" is not "Sydney Harbour Bridge".
    """
    if _is_part_of_name(found) or (found.source.compares and not found.claim.compares):
        return Finding(gap=True)
    limited = _is_sweeping(found.claim) or not RESTRICTING.isdisjoint(found.source.keys)
    return Finding(gap=limited and any(not item.name or item.governor for item in found.surplus))


def _is_part_of_name(found: Alignment) -> bool:
    names = [{item.key for item in run} for run in found.source.names if run[-1].key not in found.matched]
    return not all(found.matched.isdisjoint(name) for name in names)


def _is_sweeping(claim: Reading) -> bool:
    return bool(claim.superlatives) or any(each.kind == "all" for each in claim.quantifiers)
