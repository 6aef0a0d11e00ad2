"""Keys and tokenizers of watermarks, as several commands name them."""

from collections.abc import Sequence

from longtail.origin.watermarks.tokenizers import Tokenizer, Words

WORDS = "words"


def tokenizers_at(names: Sequence[str]) -> list[Tokenizer]:
    """Return the tokenizers that a user named: `words`, or folders of Hugging Face.

    Raises:
        MissingExtra: A folder is named, and the library that reads it is not installed.
        ReadError: A folder holds no tokenizer.
    """
    found: list[Tokenizer] = []
    for name in names:
        if name == WORDS:
            found.append(Words())
        else:
            from longtail.origin.watermarks.huggingface import HuggingFace

            found.append(HuggingFace(name))
    return found
