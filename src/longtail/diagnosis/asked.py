"""What a diagnosis was asked: whether it goes together, and how it is stated."""

import os
from collections.abc import Mapping
from typing import Any

from longtail.auditing.lineage_inputs import SUFFIX
from longtail.diagnosis.outputs.given import generations_of
from longtail.errors import UsageError
from longtail.records import Report

_SOURCES = ("repo", "lineage", "outputs", "checkpoints", "manifests", "ledger")
_OUTPUTS = ("lineage", "outputs", "checkpoints")
_NEEDS = (
    (
        "checkpoints",
        ("reference",),
        "checkpoints are asked the prompts of a reference, and none was given; add reference HUMAN.jsonl",
    ),
    ("produce", ("checkpoints",), "a way to ask models was given, and no checkpoints; add them"),
    ("scores", _OUTPUTS, "scores were given, and no outputs; give one file of scores for each of the outputs"),
)
_MOST_STATED = 100


def check(asked: Mapping[str, Any]) -> None:
    """Refuse, before any work, arguments that do not go together.

    Args:
        asked: Arguments of a diagnosis by name; None where one was not given.

    Raises:
        UsageError: There is nothing to diagnose, or two arguments contradict each other.
    """
    given = {name for name, value in asked.items() if value is not None}
    if not given & set(_SOURCES):
        raise UsageError("nothing to diagnose; give outputs ('evals/v*/outputs.jsonl'), checkpoints, or a repo to search for records")
    outputs = [name for name in _OUTPUTS if name in given]
    if len(outputs) > 1:
        raise UsageError(f"{' and '.join(outputs)} were given, and each says what the outputs are; give one of them")
    for name, wanted, message in _NEEDS:
        if name in given and not given & set(wanted):
            raise UsageError(message)


def has_records(asked: Mapping[str, Any]) -> bool:
    """Tell whether there is anything to look for records of the past in."""
    return any(asked[name] is not None for name in ("repo", "lineage", "manifests", "ledger"))


def file_of(lineage: Any) -> str | None:
    """Return the path of a lineage.toml, or None where a lineage is data in order."""
    one = lineage[0] if isinstance(lineage, list | tuple) and len(lineage) == 1 else lineage
    return os.fspath(one) if isinstance(one, str | os.PathLike) and os.fspath(one).endswith(SUFFIX) else None


def reference_of(reference: Any, lineage: Any) -> Any:
    """Return the reference, or the one that a lineage.toml names where none was given."""
    path = file_of(lineage)
    return generations_of(path)[1] if reference is None and path is not None else reference


def stated(asked: Mapping[str, Any], told: str, cache: Any, report: Report | None) -> dict[str, Any]:
    """Return the settings of a diagnosis: paths as they were given, data in memory by their kind.

    Args:
        asked: Arguments of the diagnosis by name.
        told: What models were asked and how, in words; empty where none was.
        cache: Folder in which outputs are kept, or None.
        report: The audit, whose settings are part of them, or None.
    """
    found = {name: _plain(value) for name, value in asked.items() if value is not None}
    found |= {"prompts": told} if told else {}
    found |= {"cache": os.fspath(cache)} if told and cache is not None and "; not kept" not in told else {}
    return found | ({"audit": report.settings} if report is not None else {})


def _plain(value: Any) -> Any:
    """Return paths as they were given, and for all else what it is."""
    if isinstance(value, str | os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value[:_MOST_STATED]]
    return getattr(value, "__qualname__", type(value).__name__)
