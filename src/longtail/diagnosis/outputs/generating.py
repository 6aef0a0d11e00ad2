"""What a causal model of Hugging Face, in a folder on this machine, writes on prompts."""

from collections.abc import Iterator, Sequence
from typing import Any

from longtail.origin import door
from longtail.origin.models import FEATURE, Loaded, loaded, room

TOKENS = 128
BATCH = 8
SETTINGS = f"sampled at temperature 1, no top-k, no top-p, at most {TOKENS} new tokens"
"""How outputs are drawn: from the model's own law, for sharper decoding would itself look like a lost tail."""


def written(prompts: Sequence[str], folder: str, seed: int, tokens: int = TOKENS) -> list[str]:
    """Return what the model goes on with after each prompt, drawn from its own law.

    Args:
        prompts: Texts.
        folder: Holds the model and its tokenizer; nothing is fetched and no code of the model is run.
        seed: Of the draws; the random state of torch is as it was afterwards.
        tokens: New tokens at most.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: The model cannot be loaded.
    """
    found = loaded("AutoModelForCausalLM", folder)
    torch = door.torch(FEATURE)
    with torch.random.fork_rng(), torch.inference_mode():
        torch.manual_seed(seed)
        return list(_batches(found, prompts, tokens))


def _batches(found: Loaded, prompts: Sequence[str], tokens: int) -> Iterator[str]:
    tokenizer, limit = found.tokenizer, room(found.model, found.tokenizer, None)
    new = min(tokens, max(1, limit // 2))
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None and tokenizer.eos_token is not None:
        tokenizer.pad_token = tokenizer.eos_token
    size = 1 if tokenizer.pad_token is None else BATCH
    for at in range(0, len(prompts), size):
        yield from _of_batch(found, list(prompts[at : at + size]), limit - new, new)


def _of_batch(found: Loaded, prompts: list[str], limit: int, new: int) -> list[str]:
    given: Any = found.tokenizer(prompts, padding=len(prompts) > 1, truncation=True, max_length=limit, return_tensors="pt")
    ids, seen = given["input_ids"].to(found.device), given["attention_mask"].to(found.device)
    made = found.model.generate(
        ids,
        attention_mask=seen,
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        max_new_tokens=new,
        pad_token_id=found.tokenizer.pad_token_id,
    )
    texts: list[str] = found.tokenizer.batch_decode(made[:, ids.shape[1] :], skip_special_tokens=True)
    return texts
