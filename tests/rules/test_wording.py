"""No absolutes: a verdict names its condition, its number and its interval, and never what must happen."""

import inspect
import itertools
import re

import pytest

from longtail.auditing import audit, differential, lineage, phase, wording
from longtail.records import NotMeasured
from longtail.report import words
from longtail.rules import RULES

from .test_rules import CASES, classes, evidence, share, sized, tail

ABSOLUTES = re.compile(
    r"\b(always|never|inevitabl[ey]|guarante(ed|es)|impossible|certain(ly)?|proves?|proven|undoubtedly|definitely|perfect(ly)?|doomed)\b",
    re.I,
)


def said(verdict):
    return " ".join((verdict.because, verdict.remedy, verdict.enable, *verdict.evidence))


def verdicts():
    tails = [(tail(decision),) for decision in ("ok", "watch", "shrunk", "inconclusive")] + [(), (NotMeasured(reason="none"),)]
    shares = [None, share(0.0), share(0.005), share(0.5)]
    samples = [sized(0, 0), sized(50), sized(1000, 1), sized(1000, tagged=1000)]
    for tails_, leak, shared, candidate in itertools.product(tails, shares, shares, samples):
        given = evidence(tail=tails_, leaked=leak, shared=shared, candidate=candidate, duplicates=shared or share(0.02))
        yield from (entry.member(given) for entry in RULES)
    for decision, head, found in itertools.product(("ok", "watch", "shrunk", "inconclusive"), (None, 0.1, 1.0), (None, 0.5, 1.0)):
        given = evidence(classes=classes(decision, "ok"), head=head, found=found)
        yield from (entry.member(given) for entry in RULES)
    yield from (RULES[code].member(given) for code, _, given in CASES)


def test_no_verdict_of_any_rule_speaks_in_absolutes():
    found = {match[0] for verdict in verdicts() if (match := ABSOLUTES.search(said(verdict)))}
    assert found == set()


@pytest.mark.parametrize("source", [wording, phase, differential, lineage, words], ids=lambda module: module.__name__)
def test_no_sentence_of_the_summary_or_the_screen_speaks_in_absolutes(source):
    strings = re.findall(r'"([^"\n]+)"', inspect.getsource(source))
    assert [text for text in strings if ABSOLUTES.search(text)] == []


@pytest.mark.parametrize("entry", list(RULES), ids=lambda entry: entry.name)
def test_no_page_of_a_rule_speaks_in_absolutes(entry):
    assert ABSOLUTES.search(inspect.getdoc(entry.member) + entry.facts["title"] + entry.facts["convention"]) is None


def test_a_whole_report_holds_no_absolutes_of_its_own(five_generations):
    report = audit(five_generations.lineages["replace"][1], five_generations.human, five_generations.lineages["replace"][0])
    spoken = [report.summary, report.phase.definition, report.guarantee.text, *(f.because + f.remedy + f.title for f in report.findings)]
    assert [text for text in spoken if ABSOLUTES.search(text)] == []


def test_british_spelling():
    text = " ".join(inspect.getsource(source) for source in (wording, phase, differential, lineage, words)) + " ".join(
        map(said, verdicts())
    )
    assert re.findall(r"\b\w*(?:izing|ization|vior|avorite|analyz)\w*\b", text) == []
