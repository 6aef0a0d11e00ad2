"""What archived models are asked: the prompts of the frozen reference, or the first words of its documents."""

from dataclasses import dataclass
from typing import Any

from longtail.auditing.inputs import stored
from longtail.errors import UsageError
from longtail.readers import read

MOST = 1_000
"""Prompts asked at most, unless told otherwise."""

WORDS = 8
"""First words of a document that stand in for a prompt."""


@dataclass(frozen=True)
class Prompts:
    """Unlike prompts, and where they are from, in words."""

    texts: tuple[str, ...]
    told: str


def prompts_of(reference: Any, most: int = MOST, text_column: str | None = None) -> Prompts:
    """Return the prompts of a reference, each once; of more than `most` an even choice in the order of the file.

    Args:
        reference: The frozen human documents, with or without a column `prompt`.
        most: How many at most.
        text_column: The column with the text, where it is not recognised.

    Raises:
        UsageError: It is a profile, which holds no texts, or `most` is below 1.
        ReadError: It cannot be read.
    """
    if most < 1:
        raise UsageError(f"prompts is {most}; ask at least one")
    if stored(reference) is not None:
        raise UsageError("the reference is a profile, which holds no texts to ask with; give its documents, or outputs that lie there")
    asked: dict[str, None] = {}
    begun: dict[str, None] = {}
    for batch in read(reference, text_column).batches():
        if "prompt" in batch.schema.names:
            asked.update(dict.fromkeys(filter(None, batch.column("prompt").to_pylist())))
        begun.update(dict.fromkeys(" ".join(text.split()[:WORDS]) for text in batch.column("text").to_pylist()))
    found = list(asked or begun)
    chosen = found if len(found) <= most else [found[at * len(found) // most] for at in range(most)]
    kind = "prompts of the reference" if asked else f"first {WORDS} words of the documents of the reference, which holds no prompts"
    return Prompts(tuple(chosen), f"{len(chosen):,} {kind}")
