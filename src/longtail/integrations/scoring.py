"""What a causal language model writes to prompts, and how likely it finds each token of what it or another wrote.

A model is any causal model of transformers with its tokenizer. It is left as it was found: its mode, its settings of generation and
the state of torch's chance are put back, so that a probe changes nothing of the training around it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.origin import door

Floats = npt.NDArray[np.float64]
Prompt: TypeAlias = str | Sequence[Mapping[str, Any]]
FEATURE = "a probe on a model"


class Sample(NamedTuple):
    """A completion that a model wrote.

    Attributes:
        prompt: Place of its prompt.
        ids: Its tokens, the sign of the end among them where there is one.
        text: What it says.
        truncated: Whether it ended because the length did.
    """

    prompt: int
    ids: tuple[int, ...]
    text: str
    truncated: bool


class Scored(NamedTuple):
    """A completion under a model.

    Attributes:
        logp: Log-probability of each token, nats, shape (tokens,).
        entropy: Of the next token at each, nats, shape (tokens,).
    """

    logp: Floats
    entropy: Floats


def encoded(tokenizer: Any, prompts: Sequence[Prompt]) -> list[list[int]]:
    """Return the tokens of prompts: texts as they are, conversations through the tokenizer's template.

    Raises:
        ConfigError: There are none, or one of them has no tokens.
    """
    if isinstance(prompts, str) or not len(prompts):
        raise ConfigError(f"prompts are {prompts!r:.60}; give a list of at least one")
    found = [_ids(tokenizer, prompt) for prompt in prompts]
    empty = [at for at, ids in enumerate(found) if not ids]
    if empty:
        raise ConfigError(f"prompt {empty[0]} has no tokens: {prompts[empty[0]]!r:.60}; a model needs one to go on from")
    return found


def answers(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    """Return the tokens of completions that were given as texts, each with the sign of the end where the tokenizer has one."""
    end = [] if tokenizer.eos_token_id is None else [tokenizer.eos_token_id]
    return [list(tokenizer(text, add_special_tokens=False)["input_ids"]) + end for text in texts]


def check_room(model: Any, prompts: Sequence[Sequence[int]], tokens: int) -> None:
    """Refuse prompts after which a model cannot write as many tokens as asked for.

    Raises:
        ConfigError: A prompt and its completion may become longer than the model takes.
    """
    most, longest = getattr(model.config, "max_position_embeddings", None), max(map(len, prompts))
    if most and longest + tokens > most:
        told = f"a prompt of {longest} tokens and {tokens} to be written pass the {most} that the model takes"
        raise ConfigError(f"{told}; give shorter prompts or fewer tokens")


def sampled(
    model: Any, tokenizer: Any, prompts: Sequence[Sequence[int]], *, each: int = 4, tokens: int = 64, seed: int = 0, batch: int = 64
) -> list[Sample]:
    """Return completions that a model writes at temperature 1 with nothing cut off, `each` to every prompt, in their order.

    Settings of generation that the model brings, such as a penalty on repeats, are left out: they are no part of its law.

    Args:
        model: A causal model of transformers.
        tokenizer: Its tokenizer.
        prompts: Tokens of the prompts.
        each: Completions of each prompt.
        tokens: Most of a completion.
        seed: Of the draws.
        batch: Completions written at once.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: A prompt and its completion may become longer than the model takes.
    """
    torch = door.torch(FEATURE)
    check_room(model, prompts, tokens)
    ends = _ends(model, tokenizer)
    settings = _settings(model, tokenizer, ends, tokens)
    asked = [at for at in range(len(prompts)) for _ in range(each)]
    found: list[Sample] = []
    with aside(torch, model), _own_settings(model, settings):
        torch.manual_seed(seed)
        for begin in range(0, len(asked), batch):
            chosen = asked[begin : begin + batch]
            given, seen = padded(torch, [prompts[at] for at in chosen], left=True, device=model.device)
            written = model.generate(input_ids=given, attention_mask=seen)[:, given.shape[1] :]
            found += [_sample(tokenizer, at, row, ends) for at, row in zip(chosen, written.tolist(), strict=True)]
    return found


def scored(model: Any, prompts: Sequence[Sequence[int]], completions: Sequence[Sequence[int]], batch: int = 16) -> list[Scored]:
    """Return how likely a model finds each token of completions; of one that is empty, nothing.

    Args:
        model: A causal model of transformers.
        prompts: Tokens of the prompt of each completion, at least one.
        completions: Tokens.
        batch: Completions computed at once.

    Raises:
        MissingExtra: torch is not installed.
    """
    torch = door.torch(FEATURE)
    found: list[Scored] = []
    with aside(torch, model):
        for begin in range(0, len(completions), batch):
            rows = list(zip(prompts[begin : begin + batch], completions[begin : begin + batch], strict=True))
            given, seen = padded(torch, [[*asked, *written] for asked, written in rows], left=False, device=model.device)
            logits = model(input_ids=given, attention_mask=seen).logits
            found += [_scored(torch, logits[at], asked, written) for at, (asked, written) in enumerate(rows)]
    return found


@contextmanager
def aside(torch: Any, model: Any) -> Iterator[None]:
    """Compute without gradients, dropout or a trace in torch's chance."""
    device = model.device
    cards = [device] if device.type == "cuda" else []
    modes = [(part, part.training) for part in model.modules()]
    with torch.random.fork_rng(devices=cards), torch.no_grad():
        model.eval()
        try:
            yield
        finally:
            for part, training in modes:
                part.training = training


def padded(torch: Any, rows: Sequence[Sequence[int]], *, left: bool, device: Any) -> tuple[Any, Any]:
    """Return rows of tokens filled up on one side, and which of them are tokens, each of shape (rows, longest)."""
    width = max(map(len, rows))
    fills = [[0] * (width - len(row)) for row in rows]
    sides = [(fill, row, []) if left else ([], row, fill) for fill, row in zip(fills, rows, strict=True)]
    given = torch.tensor([[*before, *row, *after] for before, row, after in sides], device=device)
    seen = torch.tensor([[0] * len(before) + [1] * len(row) + [0] * len(after) for before, row, after in sides], device=device)
    return given, seen


def _ids(tokenizer: Any, prompt: Prompt) -> list[int]:
    if isinstance(prompt, str):
        return list(tokenizer(prompt)["input_ids"])
    text = tokenizer.apply_chat_template(list(prompt), tokenize=False, add_generation_prompt=True)
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def _ends(model: Any, tokenizer: Any) -> list[int]:
    """Return the tokens that end a completion."""
    found = [tokenizer.eos_token_id, getattr(model.generation_config, "eos_token_id", None)]
    flat = [end for each in found for end in (each if isinstance(each, list) else [each])]
    return sorted({end for end in flat if end is not None})


def _settings(model: Any, tokenizer: Any, ends: list[int], tokens: int) -> Any:
    fill = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else (ends or [0])[0]
    kind = door.transformers(FEATURE).GenerationConfig
    return kind(
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        max_new_tokens=tokens,
        pad_token_id=fill,
        eos_token_id=ends or None,
        bos_token_id=getattr(model.generation_config, "bos_token_id", None),
    )


@contextmanager
def _own_settings(model: Any, settings: Any) -> Iterator[None]:
    kept, model.generation_config = model.generation_config, settings
    try:
        yield
    finally:
        model.generation_config = kept


def _sample(tokenizer: Any, prompt: int, row: list[int], ends: list[int]) -> Sample:
    stop = next((at for at, token in enumerate(row) if token in ends), None)
    ids = row if stop is None else row[: stop + 1]
    return Sample(prompt, tuple(ids), tokenizer.decode(ids, skip_special_tokens=True), stop is None)


def _scored(torch: Any, logits: Any, asked: Sequence[int], written: Sequence[int]) -> Scored:
    """Return a completion under the logits before and along it, shape (tokens, V)."""
    laws = torch.log_softmax(logits[len(asked) - 1 : len(asked) + len(written) - 1].float(), dim=1)
    following = torch.tensor(list(written), dtype=torch.int64, device=laws.device)
    likely = laws.gather(1, following[:, None])[:, 0]
    spread = -torch.where(laws == -torch.inf, 0.0, laws.exp() * laws).sum(dim=1)
    return Scored(*(np.asarray(each.double().cpu().numpy(), np.float64) for each in (likely, spread)))
