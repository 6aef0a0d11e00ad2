"""The test whether a model learnt from text that bears our watermark, its radioactivity.

After Sander et al. 2024, arXiv:2402.14904; the code here is our own.

A model that learns from marked text learns, after the contexts of that text, to prefer green tokens. A token of a suspect is scored
where its context comes from the suspect's own habit and not from what it was just given: contexts that occur in the prompt, or earlier
in a text that it reads, are left out. Over all texts each distinct pair of a context and a token is scored once, for a model that
repeats itself tosses no new coins; counting repeats makes innocent models look guilty.

What a model writes says less than what it expects in the marked texts themselves: a transformer of two layers that learnt from 5 %
marked text is plain by its reading (p < 1e-12) and not by its writing, where it puts its knowledge into words of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

import longtail.origin.watermarks.prf as prf
from longtail.errors import UsageError
from longtail.origin.watermarks.detection import check, counted, distinct
from longtail.origin.watermarks.greenlist import ids
from longtail.origin.watermarks.key import Key
from longtail.origin.watermarks.prf import Flags, Ids
from longtail.origin.watermarks.tail import upper
from longtail.origin.watermarks.tokenizers import Tokenizer
from longtail.records import Record

Text: TypeAlias = str | Ids | Sequence[int]
NextToken: TypeAlias = Callable[[Ids], npt.ArrayLike]
NONE = -1
"""What a reader gives where it predicts nothing."""
NOTHING = "no token of the suspect has a context of its own"


class Radioactivity(Record, frozen=True):
    """What the green tokens of a suspect say.

    Attributes:
        mode: "closed" where its writing was scored, "open" where its next tokens in given texts were.
        key_id: The key.
        texts: Texts that it wrote or read.
        tokens: Tokens with a context that it wrote or predicted.
        given: How many of these were left out because their context occurs in the prompt, or earlier in the text.
        unknown: How many were left out because their context is not in the marked data.
        scored: Distinct pairs of a context and a token among the others.
        green: How many of these are green.
        p: Probability of so many green pairs or more in a model that never met the watermark; 1 where nothing is scored.
        log10_p: Its logarithm to base 10, also where `p` is too small for a number.
        reason: Why nothing could be said, else empty.
    """

    mode: Literal["closed", "open"]
    key_id: str
    texts: int
    tokens: int
    given: int
    unknown: int
    scored: int
    green: int
    p: float
    log10_p: float
    reason: str = ""

    def words(self) -> str:
        """Return what it means and what it does not, as a sentence."""
        told = f"{self.green} of {self.scored} pairs are green, p = " + (f"{self.p:.2g}" if self.p else f"10^{self.log10_p:.0f}")
        because = f"{told} ({self.reason})" if self.reason else told
        return (
            f"key {self.key_id}: {because}; a small p says that the model learnt from text with this watermark, or that the watermark "
            "leaked into what it was given; a large one says nothing"
        )


def radioactivity(
    key: Key,
    samples: Sequence[Text],
    tokenizer: Tokenizer | None = None,
    prompts: Sequence[Text] | None = None,
    known: Iterable[Text] | None = None,
) -> Radioactivity:
    """Test a model by what it writes (closed mode).

    Args:
        key: The key of the watermark.
        samples: What the suspect wrote, without the prompts.
        tokenizer: The key's; may be left out with token ids.
        prompts: What each sample answers; contexts that occur there are left out. Needed wherever a prompt may hold the watermark.
        known: Marked texts that the suspect may have learnt from; only contexts that occur there are scored, which sharpens the test
            where it learnt from little else. Contexts alone may choose: chosen by pairs of context and token, an innocent model
            would look guilty.

    Raises:
        ConfigError: The tokenizer is not the key's.
        UsageError: There are not as many prompts as samples, a text came without a tokenizer, or ids are no whole numbers.
    """
    check(key, tokenizer)
    if prompts is not None and len(prompts) != len(samples):
        raise UsageError(f"there are {len(prompts)} prompts for {len(samples)} samples; give one for each, empty where there was none")
    before = _encoded(prompts, tokenizer) if prompts is not None else (np.zeros(0, dtype=np.int64) for _ in samples)
    tape = _Tape(key, "closed", _contexts_of(key, known, tokenizer))
    for row, prompt in zip(_encoded(samples, tokenizer), before, strict=True):
        contexts, tokens = _states(key, row[:-1]), row[key.context :]
        tape.add(contexts, tokens, np.isin(contexts, _states(key, prompt)))
    return tape.judged()


def radioactivity_reading(
    key: Key,
    next_token: NextToken,
    texts: Sequence[Text],
    tokenizer: Tokenizer | None = None,
    known: Iterable[Text] | None = None,
) -> Radioactivity:
    """Test a model by what it expects next while it reads texts (open mode, for a model whose weights or laws can be asked).

    Args:
        key: The key of the watermark.
        next_token: Takes the tokens of a text, shape (n,), and returns for each of them the token that the suspect expects after it and
            all before it, its likeliest or one drawn, or `NONE`; shape (n,).
        texts: Texts to read: marked ones, whose contexts are those that the suspect may have learnt, or any others. Contexts that
            occurred earlier in a text are left out, since a model may copy from there.
        tokenizer: The key's; may be left out with token ids.
        known: As of `radioactivity`.

    Raises:
        ConfigError: The tokenizer is not the key's.
        UsageError: `next_token` gives another number of tokens, a text came without a tokenizer, or ids are no whole numbers.
    """
    check(key, tokenizer)
    tape = _Tape(key, "open", _contexts_of(key, known, tokenizer))
    for row in _encoded(texts, tokenizer):
        expected = ids(next_token(row))
        if expected.shape != row.shape:
            raise UsageError(f"next_token gave {expected.shape} tokens for a text of {len(row)}; give one for each, {NONE} for none")
        contexts, tokens = _states(key, row), expected[key.context - 1 :]
        said = tokens != NONE
        tape.add(contexts[said], tokens[said], _seen_before(contexts)[said])
    return tape.judged()


class _Tape:
    """The distinct pairs of all texts so far."""

    def __init__(self, key: Key, mode: Literal["closed", "open"], known: Ids | None) -> None:
        self.key, self.mode, self.known = key, mode, known
        self.values = [np.zeros(0, dtype=np.int64)]
        self.texts = self.tokens = self.given = self.unknown = 0

    def add(self, contexts: Ids, tokens: Ids, given: Flags) -> None:
        """Add the states of contexts and the tokens after them, shape (m,), but those whose context was given."""
        strange = np.zeros(len(contexts), dtype=np.bool_) if self.known is None else ~np.isin(contexts, self.known)
        kept = ~given & ~strange
        self.texts += 1
        self.tokens += len(tokens)
        self.given += int(given.sum())
        self.unknown += int((strange & ~given).sum())
        self.values.append(distinct(prf.draws(self.key.words, contexts[kept], tokens[kept])))

    def judged(self) -> Radioactivity:
        scored, green = counted(self.key, distinct(np.concatenate(self.values)))
        p, logarithm = upper(green, scored, self.key.gamma)
        return Radioactivity(
            mode=self.mode,
            key_id=self.key.key_id,
            texts=self.texts,
            tokens=self.tokens,
            given=self.given,
            unknown=self.unknown,
            scored=scored,
            green=green,
            p=float(p[0]),
            log10_p=float(logarithm[0]),
            reason="" if scored else NOTHING,
        )


def _states(key: Key, row: Ids) -> Ids:
    """Return what the contexts that end at each token leave behind, which stands for them, shape (tokens - context + 1,)."""
    if len(row) < key.context:
        return np.zeros(0, dtype=np.int64)
    return np.asarray(prf.state(key.words, np.lib.stride_tricks.sliding_window_view(row, key.context)))


def _contexts_of(key: Key, known: Iterable[Text] | None, tokenizer: Tokenizer | None) -> Ids | None:
    if known is None:
        return None
    parts = [np.unique(_states(key, row)) for row in _encoded(known, tokenizer)]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))


def _seen_before(contexts: Ids) -> Flags:
    """Return which values occur earlier in the row."""
    seen = np.ones(len(contexts), dtype=np.bool_)
    seen[np.unique(contexts, return_index=True)[1]] = False
    return seen


def _encoded(texts: Iterable[Text], tokenizer: Tokenizer | None) -> Iterator[Ids]:
    for text in texts:
        if not isinstance(text, str):
            yield ids(text)
        elif tokenizer is None:
            raise UsageError("a text came without the tokenizer that cuts it; give one, or token ids")
        else:
            yield tokenizer.encode([text])[0]
