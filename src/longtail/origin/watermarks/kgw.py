"""The green list of transformers (Kirchenbauer et al., arXiv:2301.10226 and 2306.04634) as a key of ours.

What the code of transformers 5.23 does, which decides what can be found:

- A green list is the head of `torch.randperm` from a `torch.Generator` of the device that generates, so CPU, CUDA and XPU have
  lists of their own (huggingface/transformers#37121), and torch promises none of them across its releases. A watermark made on a
  GPU is looked for on a GPU.
- A list holds `int(vocabulary * gamma)` tokens of the model's vocabulary, not of the tokenizer's, so the rate under no watermark is
  that over the vocabulary and not gamma.
- `lefthash` seeds from the last token alone; a wider context changes nothing there but the tokens that are left out. `selfhash` seeds
  from the smallest product among the tokens of the window, which two windows often share.
- torch's generator on the CPU uses the lower 32 bits of a seed.
- The detector of transformers counts repeats, unless told not to, and takes p from the normal law. Here each distinct pair of a seed
  and a token, which is what a colour depends on, is scored once, and p is the exact tail of the binomial law.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError, UsageError
from longtail.origin import door
from longtail.origin.watermarks.detection import TOO_SHORT, Detection
from longtail.origin.watermarks.greenlist import ids
from longtail.origin.watermarks.prf import Ids
from longtail.origin.watermarks.tail import upper
from longtail.origin.watermarks.tokenizers import Tokenizer
from longtail.records import Record

Seeds = npt.NDArray[np.uint64]
FEATURE = "a watermark of transformers"
_LOW = np.uint64(0xFFFFFFFF)


class Kgw(Record, frozen=True):
    """A key of transformers' green list: all that its `WatermarkingConfig` holds, and what that leaves out.

    Attributes:
        vocabulary: `model.config.vocab_size` of the model that wrote; another number gives other lists.
        hashing_key: The secret. Its default is that of transformers, which is public: such a watermark anybody can find and forge.
        gamma: `greenlist_ratio`.
        delta: `bias`, in nats; not needed for finding.
        seeding: `seeding_scheme`.
        context: `context_width`.
        device: Kind of device on which the text was generated, and so the only one on which it can be found.
        tokenizer: SHA-256 of the tokenizer; empty where it is not known, and then not checked.
    """

    vocabulary: int
    hashing_key: int = 15485863
    gamma: float = 0.25
    delta: float = 2.0
    seeding: Literal["lefthash", "selfhash"] = "lefthash"
    context: int = 1
    device: str = "cpu"
    tokenizer: str = ""

    def __post_init__(self) -> None:
        """Refuse what makes no green list."""
        if not 0 < self.gamma < 1 or not 0 < int(self.vocabulary * self.gamma) < self.vocabulary:
            raise ConfigError(f"gamma is {self.gamma!r} of {self.vocabulary} tokens; take a share that leaves some green and some not")
        if self.seeding not in ("lefthash", "selfhash"):
            raise ConfigError(f"seeding is {self.seeding!r}; take lefthash or selfhash")
        if self.context < 1:
            raise ConfigError(f"context is {self.context!r}; take 1 or more tokens")
        if not 0 < self.hashing_key < 1 << 63:
            raise ConfigError(f"hashing_key is {self.hashing_key!r}; take a number from 1 to 2^63 - 1")

    @property
    def key_id(self) -> str:
        """Name of the key that gives nothing away: the first 16 hexadecimal digits of the hash of what the lists depend on."""
        told = [self.vocabulary, self.hashing_key, self.gamma, self.seeding, self.context, self.device]
        return hashlib.sha256(b"transformers-kgw" + msgspec.json.encode(told)).hexdigest()[:16]

    @property
    def rate(self) -> float:
        """Share of the vocabulary that is green."""
        return int(self.vocabulary * self.gamma) / self.vocabulary

    def marking(self) -> Any:
        """Return the `WatermarkingConfig` for `model.generate(..., watermarking_config=key.marking())`.

        Raises:
            MissingExtra: torch or transformers is not installed.
        """
        return door.transformers(FEATURE).WatermarkingConfig(
            greenlist_ratio=self.gamma,
            bias=self.delta,
            hashing_key=self.hashing_key,
            seeding_scheme=self.seeding,
            context_width=self.context,
        )

    def detect(self, text: str | Ids | Sequence[int], tokenizer: Tokenizer | None = None) -> Detection:
        """Look for the watermark in a text; see `detect_many`."""
        return self.detect_many([text], tokenizer)[0]

    def detect_many(self, texts: Sequence[str | Ids | Sequence[int]], tokenizer: Tokenizer | None = None) -> list[Detection]:
        """Look for the watermark in each of many texts.

        Args:
            texts: Texts, or their token ids without special tokens and prompt.
            tokenizer: That of the model; may be left out with token ids.

        Raises:
            MissingExtra: torch or transformers is not installed.
            ConfigError: The tokenizer is not the key's, or this machine lacks the device.
            UsageError: A text came without a tokenizer, or an id is not in the vocabulary.
        """
        check(self.device, self.tokenizer, tokenizer)
        rows = encoded(texts, tokenizer)
        marker = self.marking().construct_processor(self.vocabulary, self.device)
        pairs = [self._pairs(marker, row) for row in rows]
        green = self._green(marker, np.concatenate([seeds for seeds, _ in pairs]), np.concatenate([tokens for _, tokens in pairs]))
        scored = np.array([len(tokens) for _, tokens in pairs], dtype=np.int64)
        counts = np.array([part.sum() for part in np.split(green, np.cumsum(scored)[:-1])], dtype=np.int64)
        return list(self._judged(np.array([len(row) for row in rows]), scored, counts))

    def _judged(self, tokens: Ids, scored: Ids, green: Ids) -> Iterator[Detection]:
        p, logarithms = upper(green, scored, self.rate)
        z = (green - self.rate * scored) / np.sqrt(self.rate * (1 - self.rate) * np.maximum(scored, 1))
        for at, count in enumerate(scored.tolist()):
            yield Detection(
                key_id=self.key_id,
                tokens=int(tokens[at]),
                scored=count,
                green=int(green[at]),
                z=float(z[at]) if count else None,
                p=float(p[at]),
                log10_p=float(logarithms[at]),
                reason="" if count else TOO_SHORT,
            )

    def _pairs(self, marker: Any, row: Ids) -> tuple[Seeds, Ids]:
        """Return the distinct pairs of a seed and the token that it colours."""
        if len(row) and not 0 <= row.min() <= row.max() < self.vocabulary:
            raise UsageError(f"a token id is {row.max()} or below 0, and the vocabulary has {self.vocabulary} tokens; is it of this model?")
        if self.seeding == "lefthash":
            seeds, tokens = _from_last(self.hashing_key, row[:-1]), row[1:]
        else:
            seeds, tokens = _from_smallest(self.hashing_key, marker.fixed_table.cpu().numpy(), row, self.context), row[self.context - 1 :]
        _, kept = np.unique(np.stack([(seeds & _LOW).astype(np.int64), tokens]), axis=1, return_index=True)
        return seeds[kept], tokens[kept]

    def _green(self, marker: Any, seeds: Seeds, tokens: Ids) -> npt.NDArray[np.bool_]:
        torch = door.torch(FEATURE)
        green = np.zeros(len(tokens), dtype=np.bool_)
        order = np.argsort(seeds, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(seeds[order])) + 1):
            if len(part):
                marker.rng.manual_seed(int(seeds[part[0]]))
                listed = torch.randperm(self.vocabulary, device=self.device, generator=marker.rng)[: marker.greenlist_size]
                holds = np.zeros(self.vocabulary, dtype=np.bool_)
                holds[listed.cpu().numpy()] = True
                green[part] = holds[tokens[part]]
        return green


def _from_last(key: int, last: Ids) -> Seeds:
    distinct, where = np.unique(last, return_inverse=True)
    return np.array([key * token % (2**64 - 1) for token in distinct.tolist()], dtype=np.uint64)[where]


def _from_smallest(key: int, table: Ids, row: Ids, width: int) -> Seeds:
    """Return the seeds of windows that end with the token that they colour, in integers that wrap around as those of torch do."""
    if len(row) < width:
        return np.zeros(0, dtype=np.uint64)
    values = table[row % len(table)] + 1
    windows = np.lib.stride_tricks.sliding_window_view(values, width)
    least = (np.int64(key) * windows * windows[:, -1:]).min(axis=1)
    return np.asarray(np.where(least < 0, least.view(np.uint64) - np.uint64(1), least.view(np.uint64)))


def check(device: str, sha256: str, tokenizer: Tokenizer | None) -> None:
    """Refuse a tokenizer or a device with which nothing can be found.

    Raises:
        ConfigError: The tokenizer is another one, or this machine lacks the device.
    """
    if tokenizer is not None and sha256 and tokenizer.sha256 != sha256:
        raise ConfigError(
            f"tokenizer {tokenizer.name!r} ({tokenizer.sha256[:16]}…) is not that of the key; give the one with SHA-256 {sha256}"
        )
    try:
        door.torch(FEATURE).zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(
            f"the text was marked on device {device!r}, which this machine lacks; transformers draws other lists on every kind of device: "
            "look for it on a machine with that one"
        ) from error


def encoded(texts: Sequence[str | Ids | Sequence[int]], tokenizer: Tokenizer | None) -> list[Ids]:
    """Return the tokens of each text.

    Raises:
        UsageError: A text came without a tokenizer, or ids are no whole numbers.
    """
    if tokenizer is None and any(isinstance(text, str) for text in texts):
        raise UsageError("a text came without the tokenizer that cuts it; give one, or token ids")
    return [tokenizer.encode([text])[0] if tokenizer and isinstance(text, str) else ids(text) for text in texts]
