"""Five pairs with known answers that a verifier must get right before it judges anything.

They are so plain that a verifier which fails one has its labels in another order, reads premise and hypothesis the wrong way
round, or does not know the language. A known write-back gate read the wrong column of its model and let the unsupported pass.
"""

from collections.abc import Sequence

import numpy as np

from longtail.errors import ConfigError
from longtail.gates.entailment.verifier import LABELS, Entailment, Pair, asked

CANARIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("an entailed pair", "The bridge, which opened in 1932, crosses the harbour.", "The bridge crosses the harbour.", ("entailment",)),
    ("a contradicted pair", "All the windows of the house are open.", "All the windows of the house are closed.", ("contradiction",)),
    ("a neutral pair", "A woman is reading a book in the garden.", "The woman has two brothers in Canada.", ("neutral",)),
    ("a swapped number", "The committee has 12 members.", "The committee has 21 members.", ("contradiction", "neutral")),
    ("a denial", "The train arrived on time.", "The train did not arrive on time.", ("contradiction",)),
)
"""What each pair is, the pair, and the labels of which one must be the most probable."""


def pass_canaries(verifier: Entailment, name: str, timeout: float | None = None) -> None:
    """Let a verifier judge the five pairs.

    Args:
        verifier: Whom to ask.
        name: What it is called in a message.
        timeout: Seconds within which it must answer.

    Raises:
        ConfigError: It gets one wrong, returns something else than probabilities, or does not answer.
    """
    pairs: Sequence[Pair] = [(premise, hypothesis) for _, premise, hypothesis, _ in CANARIES]
    try:
        rows = asked(verifier, pairs, timeout)
    except Exception as error:
        raise ConfigError(
            f"the verifier {name} failed on five test pairs: {error}; a verifier that cannot be tested is not used"
        ) from error
    wrong = [each for each in zip(CANARIES, rows, strict=True) if LABELS[int(np.argmax(each[1]))] not in each[0][3]]
    if wrong:
        (kind, premise, hypothesis, right), row = wrong[0]
        raise ConfigError(
            f"the verifier {name} gets {len(wrong)} of {len(CANARIES)} test pairs wrong; first {kind}, {premise!r} and {hypothesis!r}: "
            f"{LABELS[int(np.argmax(row))]} ({row.max():.2f}) instead of {' or '.join(right)}; its labels may be in another order than its "
            "config says, so it is not used"
        )
