"""The far end of a helper process: judges one line at a time until its input ends. Stands alone, so that it starts at once.

Whatever is judged there may hang, crash or exhaust it; whoever asked kills it and starts another.
"""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any


class OutOfTime(BaseException):
    """The time of one line is up."""


def loaded(place: str, name: str) -> Callable[..., Any]:
    """Return a function by its module, or by the path of a file, and its name."""
    if place.endswith(".py"):
        spec = spec_from_file_location("served", place)
        if spec is None or spec.loader is None:
            raise ImportError(place)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    else:
        module = import_module(place)
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part)
    judge: Callable[..., Any] = found
    return judge


def answer(judge: Callable[[Any], Any], item: Any, timeout_s: float) -> dict[str, Any]:
    """Return what a judge says of an item, or what it raised; one that runs Python is interrupted when its time is up."""
    try:
        signal.setitimer(signal.ITIMER_REAL, timeout_s)
        try:
            value = judge(item)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except OutOfTime:
        return {"error": "out of time", "says": ""}
    except BaseException as error:
        return {"error": type(error).__name__, "says": " ".join(str(error).split())[:200]}
    return {"value": value}


def main() -> None:
    """Load what the first line names, then answer each further line with one."""
    asks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    plan = json.loads(asks.readline())
    sys.path[:] = plan["path"]
    signal.signal(signal.SIGALRM, _stop)
    try:
        judge = loaded(plan["place"], plan["name"])
        if plan["settings"] is not None:
            judge = judge(**plan["settings"])
    except BaseException as error:
        _tell(answers, {"fault": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"})
        return
    _tell(answers, {"ready": True})
    for line in asks:
        _tell(answers, answer(judge, json.loads(line), plan["timeout_s"]))


def _tell(answers: Any, message: dict[str, Any]) -> None:
    try:
        line = json.dumps(message, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        line = json.dumps({"error": type(error).__name__, "says": str(error)[:200]})
    with contextlib.suppress(BrokenPipeError):
        answers.write(line.encode() + b"\n")
        answers.flush()


def _plain(value: Any) -> Any:
    """Return the Python number that a number of numpy holds."""
    return value.item()


def _stop(number: int, frame: object) -> None:
    raise OutOfTime


if __name__ == "__main__":
    main()
