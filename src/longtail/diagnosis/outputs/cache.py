"""Outputs of checkpoints kept by content, so that a model is asked once.

A key is the hash of the checkpoint, the prompts, what asks, its settings and the seed. Of a checkpoint of at most `WHOLE` bytes the
files are hashed; of a larger one their names, sizes and times of change. An entry is two files, the rows first; one that is
not whole is no entry.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longtail.atomic import replaced
from longtail.errors import UsageError

WHOLE = 256 << 20
"""Bytes up to which a checkpoint is known by the content of its files; a convention."""

FORMAT = "outputs-1"


@dataclass(frozen=True)
class Known:
    """What a checkpoint is known by: a hash, of "content" or of "names, sizes and times"."""

    hash: str
    by: str


def known(checkpoint: str) -> Known:
    """Return what changes whenever a checkpoint, a file or a folder, changes.

    Raises:
        OSError: It cannot be read.
    """
    root = Path(checkpoint)
    files = sorted(each for each in root.rglob("*") if each.is_file()) if root.is_dir() else [root]
    stats = [each.stat() for each in files]
    whole = sum(stat.st_size for stat in stats) <= WHOLE
    state = hashlib.sha256()
    for path, stat in zip(files, stats, strict=True):
        name = str(path.relative_to(root)) if path != root else ""
        state.update(f"{name}\0{stat.st_size}\0{'' if whole else stat.st_mtime_ns}\0".encode(errors="surrogateescape"))
        if whole:
            with path.open("rb") as stream:
                state.update(hashlib.file_digest(stream, "sha256").digest())
    return Known(state.hexdigest(), "content" if whole else "names, sizes and times")


def key_of(checkpoint: Known, prompts: Sequence[str], asks: str, seed: int) -> str:
    """Return the key of an entry, 32 hexadecimal digits."""
    stated = json.dumps([FORMAT, checkpoint.hash, checkpoint.by, list(prompts), asks, seed], ensure_ascii=True)
    return hashlib.sha256(stated.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Cache:
    """A folder of entries; without a folder nothing is kept and nothing is found."""

    folder: Path | None

    def get(self, key: str) -> list[dict[str, Any]] | None:
        """Return the rows of an entry, or None where there is none that is whole."""
        if self.folder is None:
            return None
        try:
            told = json.loads((self.folder / f"{key}.json").read_bytes())
            rows = (self.folder / f"{key}.jsonl").read_bytes()
            if told["sha256"] != hashlib.sha256(rows).hexdigest():
                return None
            return [json.loads(line) for line in rows.splitlines()]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, rows: Sequence[dict[str, Any]], told: dict[str, Any]) -> None:
        """Keep the rows of an entry and what is told of them.

        Raises:
            UsageError: The folder cannot be written.
        """
        if self.folder is None:
            return
        lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
        facts = told | {"format": FORMAT, "documents": len(rows), "sha256": hashlib.sha256(lines).hexdigest()}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, content in ((f"{key}.jsonl", lines), (f"{key}.json", json.dumps(facts, indent=2).encode())):
                with replaced(self.folder / name) as draft:
                    draft.write_bytes(content)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError(f"cannot keep outputs in {str(self.folder)!r}: {reason}; name a folder with --cache") from error
