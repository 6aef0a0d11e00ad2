"""The one door to py3langid: which languages a text may be in, and how probable each is.

Of four libraries that carry their model and need no network it was the most accurate and by far the fastest on short texts in
36 languages, and the smallest but for one: a wheel of 4.6 MB that needs numpy alone, under the BSD licence.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from longtail.errors import MissingExtra

Rank: TypeAlias = Callable[[str], list[tuple[str, float]]]
"""Returns codes of languages (ISO 639-1) with their probabilities, the most probable first."""


def ranker() -> Rank:
    """Return what ranks languages.

    Raises:
        MissingExtra: py3langid is not installed.
    """
    try:
        from py3langid import langid
    except ImportError:
        raise MissingExtra("the gate language", "language") from None
    identifier: Any = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    rank: Rank = identifier.rank
    return rank
