"""Whole documents as types: what exact duplicates and overlaps between data sets are counted from. Prompts are counted alike."""

import numpy as np

from longtail.views.batch import Marks, Texts, TypeBatch, one_each
from longtail.views.keys import CELL_BITS, Keys

VERSION = "documents-1"
PROMPTS_VERSION = "prompts-1"


def documents(texts: Texts, seed: int) -> TypeBatch:
    """Return each document as one occurrence of the type that its content is."""
    return one_each(type_of(texts, seed), texts)


def prompts(texts: Texts, seed: int) -> TypeBatch:
    """Return each prompt as one occurrence of the type that its content is; documents without one do not take part."""
    if texts.prompts is None:
        return one_each(texts.content, texts, np.zeros(len(texts), np.bool_))
    return one_each(prompt_type_of(texts.prompts, seed), texts, texts.prompts.given)


def type_of(texts: Texts, seed: int) -> Keys:
    """Return the type hash of each document, shape (documents,)."""
    return texts.ranks(seed, "document") >> np.uint64(CELL_BITS)


def prompt_type_of(marks: Marks, seed: int) -> Keys:
    """Return the type hash of each prompt, shape (documents,)."""
    return marks.ranks(seed, "prompt") >> np.uint64(CELL_BITS)
