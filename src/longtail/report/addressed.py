"""A report with its roles and placeholders replaced by the paths that the user gave.

The canonical record speaks of roles, so that it does not depend on how a data set was named or sharded; people want
the file.
"""

import re
import shlex

import msgspec

from longtail.records import Report


def addressed(report: Report) -> Report:
    """Return the report with paths in `where` of findings, and the audited data in commands in place of DATA."""
    paths: dict[str, str] = {source.role: source.path for source in report.inputs}
    findings = tuple(msgspec.structs.replace(found, where=_placed(found.where, paths)) for found in report.findings)
    absent = tuple(msgspec.structs.replace(item, enable=filled(item.enable, report)) for item in report.not_measured)
    return msgspec.structs.replace(report, findings=findings, not_measured=absent)


def role_of(where: str) -> str:
    """Return the role in a place of a finding, without the stretch that stands after a colon."""
    return where.partition(":")[0]


def _placed(where: str, paths: dict[str, str]) -> str:
    """Return a place with the path of its role, where it has one."""
    role = role_of(where)
    return paths[role] + where.removeprefix(role) if role in paths else where


def filled(command: str, report: Report) -> str:
    """Return a command with the audited data in place of DATA, where they are files."""
    paths: dict[str, str] = {source.role: source.path for source in report.inputs}
    data = paths.get("candidate", "")
    parts = sum(source.parts for source in report.inputs if source.role == "candidate")
    names = data.split(", ") if parts > 1 else [data]
    replaced = "DATA" if not data or data.startswith("<") else shlex.join(names)
    return re.sub(r"\bDATA\b", lambda _: replaced, command)
