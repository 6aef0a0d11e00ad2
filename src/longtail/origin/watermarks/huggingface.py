"""Tokenizers of Hugging Face, from a folder on this machine."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from longtail.errors import ReadError
from longtail.origin import door
from longtail.origin.watermarks.prf import Ids
from longtail.origin.watermarks.tokenizers import pieces

FILE = "tokenizer.json"
BATCH = 256
_RUNTIME = ("truncation", "padding")


class HuggingFace:
    """The tokenizer of a model, read from `tokenizer.json`; needs the extra `hf`.

    Its SHA-256 is that of the file's JSON with sorted keys, without the settings of truncation and padding, which change nothing
    here. A text of more than a million characters is cut at ends of words; a tokenizer whose tokens reach over these may part
    one token at each cut.

    Args:
        folder: A folder that holds `tokenizer.json`, such as one that `save_pretrained` wrote, or that file.

    Raises:
        MissingExtra: The library tokenizers is not installed.
        ReadError: There is no such file, or it is no tokenizer.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        library = door.tokenizers("a tokenizer of Hugging Face")
        path = Path(folder)
        path = path / FILE if path.is_dir() else path
        try:
            stored = json.loads(path.read_bytes())
            self._tokenizer: Any = library.Tokenizer.from_file(os.fspath(path))
        except OSError as error:
            fix = "name a folder that save_pretrained of a fast tokenizer wrote"
            raise ReadError(os.fspath(path), f"cannot be read as a tokenizer: {error.strerror}", fix=fix) from None
        except Exception as error:
            raise ReadError(os.fspath(path), f"is no tokenizer: {error}", fix=f"name a folder that holds {FILE}") from None
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.name = path.parent.name
        self.sha256 = canonical(stored)

    def encode(self, texts: Sequence[str]) -> list[Ids]:
        """Return the token ids of each text, shape (tokens,) each."""
        cut = [(at, piece) for at, text in enumerate(texts) for piece in pieces(text)]
        parts: list[list[Ids]] = [[] for _ in texts]
        for start in range(0, len(cut), BATCH):
            some = cut[start : start + BATCH]
            for (at, _), ids in zip(some, self._encoded([piece for _, piece in some]), strict=True):
                parts[at].append(ids)
        return [each[0] if len(each) == 1 else np.concatenate(each) for each in parts]

    def _encoded(self, some: list[str]) -> list[Ids]:
        made = self._tokenizer.encode_batch_fast(some, add_special_tokens=False)
        return [np.array(each.ids, dtype=np.int64) for each in made]


def canonical(stored: dict[str, Any]) -> str:
    """Return the SHA-256 of a tokenizer's JSON, as hexadecimal digits."""
    kept = {name: value for name, value in stored.items() if name not in _RUNTIME}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
