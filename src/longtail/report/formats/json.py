"""The canonical form: one JSON object in the order of the contract."""

import json
import math
import re
from typing import Any

from longtail.errors import InvalidRecord
from longtail.records import Report

_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(report: Report) -> str:
    """Return the report as canonical JSON: contract order, indented by two, ending in a newline.

    Raises:
        InvalidRecord: A free part of the report, such as `panels`, holds NaN, infinity or something that JSON has no form for.
    """
    return dumped(plain_of(report), indent=2) + "\n"


def plain_of(report: Report) -> dict[str, Any]:
    """Return the report as dicts, lists, strings and numbers that JSON has a form for.

    Raises:
        InvalidRecord: It holds NaN, infinity or something that JSON has no form for.
    """
    try:
        plain = report.to_dict()
    except TypeError as error:
        raise InvalidRecord(f"the report holds a value that JSON has no form for ({error}); use numbers, strings, lists, dicts") from error
    _refuse_endless(plain, "")
    return plain


def dumped(value: Any, **layout: Any) -> str:
    """Return a value as JSON in which characters stand as they are.

    Broken halves of characters, which come from file names that are not UTF-8, are escaped: so they are legal in JSON.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, **layout)
    return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _refuse_endless(value: Any, place: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidRecord(f"report: {place} is {value!r}; leave the value out or use null where a number does not exist")
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_endless(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            _refuse_endless(inner, f"{place}[{index}]")
