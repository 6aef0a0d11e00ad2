"""The record of one rollout, which every reader of training runs fills and every measure of training reads."""

import math
from collections.abc import Mapping

import xxhash

from longtail.readers.columns import content_of, said_in, text_of
from longtail.readers.quarantine import Unfit
from longtail.records import Record


class Source(Record, frozen=True):
    """Who wrote a completion.

    Attributes:
        model: Name and revision.
        generation: Of the model; 0 is people.
        parents: Ids of what it was made from.
    """

    model: str = ""
    generation: int | None = None
    parents: tuple[str, ...] = ()


class Rollout(Record, frozen=True):
    """One completion of one prompt at one step of a training run.

    Attributes:
        run: Name of the run.
        step: Step of the optimiser at which it was written, from 0; None where the file tells none.
        epoch: Passes over the prompts so far.
        prompt_id: The same for the same prompt, whatever the step.
        prompt: What was asked, as text.
        completion: What the policy wrote, as text; may be empty.
        group: Completions that were compared with one another share it: those of one prompt at one step.
        reward: In all; None where it was not scored.
        parts: Its parts, by name; None where one was not scored.
        advantage: As the trainer had it, per sequence.
        n_tokens: Tokens of the completion.
        mean_logp: Mean log-probability of its tokens under the policy, nats.
        mean_entropy: Mean entropy of the next token along it, nats.
        ref_mean_logp: Mean log-probability under the reference model, nats.
        truncated: Whether it ended because the length did.
        origin: Who wrote it.
    """

    run: str
    step: int | None
    prompt_id: str
    prompt: str
    completion: str
    group: str
    epoch: float | None = None
    reward: float | None = None
    parts: dict[str, float | None] = {}
    advantage: float | None = None
    n_tokens: int | None = None
    mean_logp: float | None = None
    mean_entropy: float | None = None
    ref_mean_logp: float | None = None
    truncated: bool | None = None
    origin: Source = Source()


def identify(prompt: str) -> str:
    """Return the id of a prompt that has none: XXH3-128 of its text, as 32 hexadecimal digits."""
    return xxhash.xxh3_128_hexdigest(prompt.encode("utf-8", "surrogatepass"))


def grouped(step: int | None, prompt_id: str) -> str:
    """Return the group of a completion where the file names none: its prompt at its step."""
    return f"{'' if step is None else step}:{prompt_id}"


def number(value: object, name: str) -> float | None:
    """Return a finite number, or None where there is none or it is NaN or endless.

    Raises:
        Unfit: The value is no number.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"{name} is {str(value)[:40]!r}, not a number")
    return float(value) if math.isfinite(value) else None


def whole(value: object, name: str) -> int | None:
    """Return a whole number from 0, or None where there is none.

    Raises:
        Unfit: The value is none, or below 0.
    """
    found = number(value, name)
    if found is None:
        return None
    if found != int(found) or found < 0:
        raise Unfit(f"{name} is {value!r}; it must be a whole number from 0")
    return int(found)


def said(value: object, name: str) -> str:
    """Return a prompt or a completion as text: a text as it is, of messages what all of them say.

    Raises:
        Unfit: It is neither.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(content_of(said_in(message)) for message in value if isinstance(message, Mapping))
    try:
        return text_of(value, everyone=True)
    except Unfit as error:
        raise Unfit(f"{name}: {error}") from None


def total(parts: Mapping[str, float | None], weights: Mapping[str, float] | None = None) -> float | None:
    """Return the sum of the parts of a reward that were scored, each with its weight or 1; None where none was."""
    known = [(weights or {}).get(name, 1.0) * value for name, value in parts.items() if value is not None]
    return sum(known) if known else None
