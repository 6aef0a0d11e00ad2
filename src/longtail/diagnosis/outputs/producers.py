"""What asks an archived model: a function of yours, a program of yours, or transformers for a folder of Hugging Face."""

import hashlib
import inspect
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longtail.diagnosis.outputs.generating import SETTINGS, written
from longtail.errors import ConfigError, MissingExtra
from longtail.gates.settings import imported
from longtail.readers.columns import text_in

SHOWN = 200
TIMEOUT_S = 3600.0
"""Seconds that one checkpoint may take, unless told otherwise."""

Asked = Callable[[Sequence[str], str], Iterable[Any]]


class Failed(Exception):
    """A checkpoint gave no outputs; the message says why."""


@dataclass(frozen=True)
class Producer:
    """What asks a model.

    Attributes:
        ask: Takes prompts and the path of a checkpoint; returns a text for each, or a record with one.
        stated: All that its outputs depend on beside checkpoint, prompts and seed; part of the key of the cache.
        is_stated: Whether that is known; not of a function that cannot be found by its name, whose outputs are not kept.
    """

    ask: Asked
    stated: str
    is_stated: bool = True

    def texts(self, prompts: Sequence[str], checkpoint: str) -> list[str]:
        """Return a text for each prompt, empty where the model said nothing.

        Raises:
            Failed: The checkpoint cannot be asked, or did not answer each prompt.
            MissingExtra: A library is missing.
        """
        try:
            found = [_text(each) for each in self.ask(prompts, checkpoint)]
        except (Failed, MissingExtra):
            raise
        except Exception as error:
            raise Failed(f"{type(error).__name__}: {' '.join(str(error).split())[:SHOWN]}") from error
        if len(found) != len(prompts):
            raise Failed(f"{len(found)} outputs for {len(prompts)} prompts; answer each prompt once, in order")
        return found


def producer_of(produce: Any, seed: int = 0, timeout_s: float = TIMEOUT_S) -> Producer:
    """Return what asks models.

    Args:
        produce: A function of (prompts, path of the checkpoint) that returns texts, or its name "module:function"; a list of a
            program and its arguments, in which {checkpoint} and {seed} are filled in, that reads {"id", "prompt"} as JSON Lines
            and writes a line with a text for each; or None for folders of Hugging Face.
        seed: Of what is drawn, for the program and for Hugging Face.
        timeout_s: Seconds for one checkpoint; a function of yours is not interrupted.

    Raises:
        ConfigError: There is no such function or program.
    """
    if produce is None:
        return Producer(lambda prompts, folder: written(prompts, folder, seed), f"transformers {SETTINGS}")
    if isinstance(produce, list | tuple):
        return _program([str(word) for word in produce], seed, timeout_s)
    function = imported("diagnose", "model function", produce) if isinstance(produce, str) else produce
    if not callable(function):
        raise ConfigError(f"produce is {produce!r}; give a function, 'module:function' or a list of a program and its arguments")
    return _function(function)


def _function(function: Callable[..., Any]) -> Producer:
    """Return a function with its name and a hash of its module, by which its outputs are known; one without a name is not."""
    module, name = getattr(function, "__module__", None) or "", getattr(function, "__qualname__", type(function).__name__)
    found: Any = sys.modules.get(module)
    try:
        source = inspect.getsource(found) if found is not None else ""
    except (OSError, TypeError):
        source = ""
    for part in name.split("."):
        found = getattr(found, part, None)
    known = f"function {module}:{name} {hashlib.sha256(source.encode()).hexdigest()[:16]}"
    return Producer(function, known, is_stated=found is function and bool(source))


def _program(words: Sequence[str], seed: int, timeout_s: float) -> Producer:
    if not words or not all(words):
        raise ConfigError(f"command is {list(words)!r}; give a program and its arguments")
    if not any("{checkpoint}" in word for word in words):
        raise ConfigError(f"command {' '.join(words)!r} does not say {{checkpoint}}; write it where the path of the checkpoint goes")
    if "{" not in words[0] and shutil.which(words[0]) is None:
        raise ConfigError(f"there is no program {words[0]!r}; give its path, or install it")
    if not timeout_s > 0:
        raise ConfigError(f"timeout is {timeout_s!r}; take seconds above 0")

    def ask(prompts: Sequence[str], checkpoint: str) -> list[Any]:
        filled = [word.replace("{checkpoint}", checkpoint).replace("{seed}", str(seed)) for word in words]
        lines = "".join(json.dumps({"id": at, "prompt": prompt}) + "\n" for at, prompt in enumerate(prompts))
        return _answers(_ran(filled, lines.encode(), timeout_s), len(prompts))

    return Producer(ask, f"command {json.dumps(list(words))}")


def _ran(words: Sequence[str], given: bytes, timeout_s: float) -> bytes:
    """Return what a program writes on standard output; it runs in a group of its own, which is killed when its time is up."""
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
    except OSError as error:
        raise Failed(f"the command cannot be started: {error.strerror or error}") from error
    try:
        out, told = process.communicate(given, timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"the command was not done after {timeout_s:g} seconds") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode:
        last = told.decode(errors="replace").strip().splitlines()
        raise Failed(f"the command ended with {process.returncode}{': ' + last[-1][:SHOWN] if last else ''}")
    return out


def _answers(out: bytes, asked: int) -> list[Any]:
    """Return the answers in the order of the prompts: by their `id` where each has one, else as they came."""
    rows = []
    for number, line in enumerate(filter(bytes.strip, out.splitlines()), start=1):
        try:
            rows.append(json.loads(line))
        except ValueError:
            raise Failed(f"line {number} of the command's output is no JSON: {line[:60].decode(errors='replace')}") from None
    ids = [row.get("id") if isinstance(row, Mapping) else None for row in rows]
    if len(rows) == asked and sorted(each for each in ids if isinstance(each, int)) == list(range(asked)):
        return [row for _, row in sorted(zip(ids, rows, strict=True), key=lambda pair: int(pair[0] or 0))]
    return rows


def _text(answer: Any) -> str:
    if answer is None or isinstance(answer, str):
        return answer or ""
    found = text_in(answer) if isinstance(answer, Mapping) else None
    if found is None:
        raise Failed(f"{str(answer)[:60]!r} is no text; answer with a text, or a record with `text`")
    return found
