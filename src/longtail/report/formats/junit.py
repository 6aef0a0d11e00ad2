"""JUnit XML: a test case for each rule, which CI systems list beside the tests."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as Xml

import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Finding, Report
from longtail.report.addressed import addressed
from longtail.report.formats.found import ordered


class Case(NamedTuple):
    """What is said of one rule.

    Args:
        name: Code and title.
        kind: The element inside the case: failure, skipped, system-out, or empty where the rule passed.
        told: The message.
        more: Lines of evidence and the advice.
    """

    name: str
    kind: str = ""
    told: str = ""
    more: str = ""


def to_junit(report: Report) -> str:
    """Return the report as JUnit XML.

    A rule that fails is a failure; one that warns is a passed test with a line of output, since JUnit knows no warning; what was
    not measured, or is accepted for now, is skipped, with the reason. Characters that XML forbids are replaced.
    """
    cases = _named_once(list(_cases(addressed(report))))
    kinds = Counter(case.kind for case in cases)
    counts = {"tests": len(cases), "failures": kinds["failure"], "errors": 0, "skipped": kinds["skipped"]}
    counted = {name: str(count) for name, count in counts.items()}
    name = f"longtail audit {words.files(words.of_role(report, 'candidate')) or 'no data set'}"
    root = Xml.Element("testsuites", {field: counted[field] for field in ("tests", "failures", "errors")} | {"name": "longtail"})
    made = {"timestamp": words.one_line(report.created_at[:19])} if report.created_at else {}
    suite = Xml.SubElement(root, "testsuite", counted | {"name": name} | made)
    properties = Xml.SubElement(suite, "properties")
    for field, value in (("phase", report.phase.name), ("summary", report.summary), ("version", report.longtail_version)):
        Xml.SubElement(properties, "property", {"name": field, "value": words.one_line(value, 2000)})
    for case in cases:
        _add(suite, case)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _add(suite: Xml.Element, case: Case) -> None:
    element = Xml.SubElement(suite, "testcase", {"name": case.name, "classname": "longtail.audit", "time": "0"})
    if case.kind == "system-out":
        Xml.SubElement(element, case.kind).text = f"{case.told}\n{case.more}".strip()
    elif case.kind:
        within = Xml.SubElement(element, case.kind, {"message": case.told} | ({"type": "fail"} if case.kind == "failure" else {}))
        within.text = case.more or None


def _cases(report: Report) -> Iterator[Case]:
    yield from map(_found, ordered(report))
    for absent in report.not_measured:
        more = f"enable: {words.one_line(absent.enable, 800)}" if absent.enable else ""
        yield Case(_name(absent.code), "skipped", f"not measured: {words.one_line(absent.reason, 800)}", more)
    for held in stages.held_back(report):
        told = f"accepted for now: {words.one_line(str(held['why']), 800)}"
        yield Case(_name(str(held["code"]), str(held.get("title", ""))), "skipped", told, words.one_line(str(held.get("because", "")), 800))
    yield from (Case(_name(code)) for code in report.passed)


def _found(found: Finding) -> Case:
    lines = [*found.evidence, found.where and f"in {found.where}", found.remedy and f"next: {found.remedy}"]
    more = "\n".join(words.one_line(line, 800) for line in lines if line)
    because, name = words.one_line(found.because, 800), _name(found.code, found.title)
    return Case(name, "failure", because, more) if found.status == "fail" else Case(name, "system-out", f"warn: {because}", more)


def _name(code: str, title: str = "") -> str:
    return words.one_line(f"{code} {title or words.title([code])}", 160)


def _named_once(cases: list[Case]) -> list[Case]:
    """Return the cases, those of a name that came before numbered: a system that tells tests apart by name keeps them all."""
    seen: Counter[str] = Counter()
    numbered = []
    for case in cases:
        seen[case.name] += 1
        numbered.append(case if seen[case.name] == 1 else case._replace(name=f"{case.name} ({seen[case.name]})"))
    return numbered
