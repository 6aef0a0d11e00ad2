"""The texts in what a generator returns, and the prompts that they answer."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from longtail.ledger.columns import content_of
from longtail.readers.columns import kind
from longtail.readers.quarantine import Unfit

_TEXTS = ("generated_text", "summary_text", "translation_text")
_PROMPTS = ("prompt", "prompts", "messages", "input", "inputs", "text_inputs")


class Output(NamedTuple):
    """One document that a generator wrote: its content columns, and the prompt it answers where that is known."""

    content: Mapping[str, object]
    prompt: object = None


def prompt_in(arguments: tuple[Any, ...], named: Mapping[str, Any]) -> object:
    """Return the prompt among the arguments of a call: by its name, else the first."""
    for name in _PROMPTS:
        if name in named:
            return named[name]
    return arguments[0] if arguments and isinstance(arguments[0], str | list | tuple | Mapping) else None


def part_of(held: object, name: str) -> Any:
    """Return a member of an object or of a mapping, None where there is none."""
    return held.get(name) if isinstance(held, Mapping) else getattr(held, name, None)


def outputs_of(result: object, prompt: object = None, samples: int = 1) -> list[Output]:
    """Return the documents in what a generator returned.

    Args:
        result: Text; an object with content columns, or `generated_text` as pipelines return it; a completion with choices or
            `output_text`; or a list of these, which answer the prompts one by one where there are as many prompts.
        prompt: What it answers: text, a chat, or a list of those.
        samples: Choices for each prompt.

    Raises:
        Unfit: It is none of these.
    """
    if isinstance(result, str):
        return [Output({"text": result}, prompt)]
    if is_chat(result):
        return [Output({"messages": result}, prompt)]
    if isinstance(result, list | tuple):
        return _of_many(result, prompt)
    if (choices := part_of(result, "choices")) is not None:
        return _of_choices(choices, prompt, samples)
    if isinstance(text := part_of(result, "output_text"), str):
        return [Output({"text": text}, prompt)]
    if isinstance(result, Mapping):
        return [Output(_content(result), prompt)]
    raise Unfit(f"expected text, an object with content columns or a list of these, found {kind(result)}")


def _of_many(results: Sequence[object], prompt: object) -> list[Output]:
    """Return the documents of several results; where there are as many prompts, each answers its own."""
    batch = _batch(prompt)
    prompts = batch if len(batch) == len(results) else [prompt] * len(results)
    return [output for result, asked in zip(results, prompts, strict=True) for output in outputs_of(result, asked)]


def _content(result: Mapping[str, object]) -> Mapping[str, object]:
    for name in _TEXTS:
        if (value := result.get(name)) is not None:
            return {"messages": value} if is_chat(value) else {"text": value}
    return content_of(result)


def _of_choices(choices: Any, prompt: object, samples: int) -> list[Output]:
    """Return the texts of choices; one without text, such as a call of a tool, is no document."""
    found = []
    for place, choice in enumerate(choices):
        if part_of(choice, "delta") is not None:
            raise Unfit("found a piece of a stream where a whole output was expected; wrap the client in place of the function")
        message = part_of(choice, "message")
        text = part_of(choice, "text") if message is None else part_of(message, "content") or part_of(message, "refusal")
        if isinstance(text, str):
            index = part_of(choice, "index")
            found.append(Output({"text": text}, asked(prompt, place if index is None else index, samples)))
    return found


def asked(prompt: object, index: int, samples: int = 1) -> object:
    """Return the prompt that a choice answers: of several prompts each has as many choices as there are samples."""
    batch, at = _batch(prompt), index // max(1, samples)
    if not batch:
        return prompt
    return batch[at] if at < len(batch) else None


def is_chat(value: object) -> bool:
    """Tell whether a value is a list of messages."""
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, Mapping) and "role" in each for each in value)


def _batch(prompt: object) -> list[object]:
    """Return several prompts, or none where there is one."""
    several = isinstance(prompt, list | tuple) and all(isinstance(each, str) or is_chat(each) for each in prompt)
    return list(prompt) if several and isinstance(prompt, list | tuple) else []
