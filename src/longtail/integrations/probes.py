"""Two probes on a model: entropy on its own text beside text of others, and whether what it writes still depends on the prompt."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from longtail.errors import ConfigError
from longtail.integrations.scoring import Floats, Prompt, Scored, answers, encoded, sampled, scored
from longtail.metrics.rollouts.entropies import Dependence, Ratio, dependence, entropy_ratio


class Reading(NamedTuple):
    """A model on the text of one writer, means over prompts in nats per token.

    Attributes:
        entropy: Of the next token along the text.
        surprisal: Of its tokens.
        gap: Surprisal less entropy: about 0 on what the model wrote itself, above it on what it would not have written.
        ratio: Entropy here over entropy on its own text, with an interval over prompts; None on its own text, and where there are fewer
            than two prompts.
        prompts: That it rests on.
    """

    entropy: float
    surprisal: float
    gap: float
    ratio: Ratio | None
    prompts: int


class OnPolicy(NamedTuple):
    """A model on its own text and on that of others to the same prompts.

    Attributes:
        own: On what it wrote itself.
        others: By writer, in the order in which they were given.
    """

    own: Reading
    others: dict[str, Reading]


def on_policy(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Prompt],
    references: Mapping[str, Sequence[str]],
    *,
    each: int = 4,
    tokens: int = 64,
    level: float = 0.95,
    seed: int = 0,
) -> OnPolicy:
    """Return a model's entropy on its own text beside text of other writers to the same prompts.

    In a model that was only pretrained the ratio is about 1; after post-training it is well above. What it tells is how it moved from the
    begin of a run, not where it stands: text of lower quality raises it for another reason. Text is written at temperature 1 with nothing
    cut off, else entropy on it would be too low.

    Args:
        model: A causal model of transformers.
        tokenizer: Its tokenizer.
        prompts: Texts, or conversations.
        references: By writer, such as "foreign" and "real", one completion of each prompt.
        each: Completions of each prompt that the model writes.
        tokens: Most of a completion of the model's own.
        level: Of the intervals.
        seed: Of the draws.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: There are no prompts, one has no tokens, or a writer has not one completion for each.

    Source:
        Asvin & Lindsey 2026 (arXiv 2605.25459); gap by the equipartition property (arXiv 2405.13798).
    """
    asked = encoded(tokenizer, prompts)
    for writer, texts in references.items():
        if len(texts) != len(asked):
            raise ConfigError(f"{writer!r} has {len(texts)} completions to {len(asked)} prompts; give one for each")
    own = sampled(model, tokenizer, asked, each=each, tokens=tokens, seed=seed)
    places = [sample.prompt for sample in own]
    mine = _by_prompt(scored(model, [asked[at] for at in places], [sample.ids for sample in own]), places)
    others = {}
    for writer, texts in references.items():
        found = scored(model, asked, answers(tokenizer, texts))
        theirs = _by_prompt(found, range(len(asked)))
        others[writer] = _reading(theirs, entropy_ratio(mine[0], theirs[0], level))
    return OnPolicy(_reading(mine, None), others)


def cross_prompt(
    model: Any, tokenizer: Any, prompts: Sequence[Prompt], *, each: int = 1, tokens: int = 64, seed: int = 0, batch: int = 16
) -> Dependence:
    """Return how far what a model writes depends on the prompt: the information that answers hold about which prompt they answer.

    Each answer is scored under every prompt, N x N x `each` passes of the model; 16 to 32 prompts are enough. A model that writes one
    template to all prompts comes to 0, whatever its entropy; one whose answers never fit another prompt to log N.

    Args:
        model: A causal model of transformers.
        tokenizer: Its tokenizer.
        prompts: Two or more.
        each: Answers to each prompt; what comes out is their mean.
        tokens: Most of an answer.
        seed: Of the draws.
        batch: Answers scored at once.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: There are fewer than two prompts, one has no tokens, or the model gives NaN.

    Source:
        Wang et al. 2026 (RAGEN-2, arXiv 2604.06268).
    """
    asked = encoded(tokenizer, prompts)
    if len(asked) < 2:
        raise ConfigError("one prompt: what depends on the prompt cannot be told; give two or more")
    written = sampled(model, tokenizer, asked, each=each, tokens=tokens, seed=seed)
    found = []
    for turn in range(each):
        rows = [sample.ids for sample in written[turn::each]]
        pairs = [(prompt, ids) for ids in rows for prompt in asked]
        scores = scored(model, [prompt for prompt, _ in pairs], [ids for _, ids in pairs], batch)
        found.append(dependence(np.reshape([float(score.logp.sum()) for score in scores], (len(rows), len(asked)))))
    information, conditional, retrieved = np.mean([one[:3] for one in found], axis=0).tolist()
    return Dependence(information, conditional, retrieved, len(asked))


def _by_prompt(found: Sequence[Scored], places: Sequence[int]) -> tuple[Floats, Floats]:
    """Return mean entropy and mean surprisal of each prompt that has tokens, each of shape (prompts,)."""
    prompts = max(places) + 1
    sums = np.zeros((3, prompts))
    for at, one in zip(places, found, strict=True):
        sums[:, at] += one.entropy.sum(), -one.logp.sum(), len(one.logp)
    sums = sums[:, sums[2] > 0]
    return sums[0] / sums[2], sums[1] / sums[2]


def _reading(found: tuple[Floats, Floats], ratio: Ratio | None) -> Reading:
    entropy, surprisal = (float(each.mean()) if len(each) else float("nan") for each in found)
    return Reading(entropy, surprisal, surprisal - entropy, ratio, len(found[0]))
