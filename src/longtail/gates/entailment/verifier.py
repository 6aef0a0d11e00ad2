"""What a verifier is: pairs of premise and hypothesis in, three probabilities for each out; and how one is asked safely."""

import threading
from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError

Pair: TypeAlias = tuple[str, str]
"""A premise (a passage of evidence) and a hypothesis (a claim)."""
Probabilities: TypeAlias = npt.NDArray[np.float64]

LABELS = ("entailment", "neutral", "contradiction")
"""The order of the three columns, everywhere in this package."""
LEAST_SUM = 0.99
"""Least sum of a row; the greatest over windows of a long premise may sum to more than 1, logits and missing labels to less."""


@runtime_checkable
class Entailment(Protocol):
    """Anything that can be called with pairs."""

    def __call__(self, pairs: Sequence[Pair]) -> Probabilities:
        """Return probabilities in the order of `LABELS`, shape (pairs, 3).

        Args:
            pairs: Premises and hypotheses, shape (pairs, 2).
        """
        ...


def asked(verifier: Entailment, pairs: Sequence[Pair], timeout: float | None = None) -> Probabilities:
    """Return the probabilities of a verifier, once they are found to be such.

    Args:
        verifier: Whom to ask.
        pairs: Premises and hypotheses, shape (pairs, 2).
        timeout: Seconds after which an answer is no longer waited for; a thread cannot be stopped, so the work itself goes on.

    Returns:
        Columns in the order of `LABELS`, shape (pairs, 3).

    Raises:
        UsageError: The answer is not three finite probabilities for each pair, or came too late.
    """
    if not pairs:
        return np.zeros((0, 3))
    return sound(_in_time(verifier, pairs, timeout) if timeout else verifier(pairs), len(pairs))


def sound(found: object, pairs: int) -> Probabilities:
    """Return what a verifier answered as an array, once it is found to be probabilities.

    Raises:
        UsageError: It is not.
    """
    try:
        rows = np.asarray(found, dtype=np.float64)
    except (TypeError, ValueError):
        raise UsageError(f"the verifier returned {type(found).__name__}, not an array of {pairs} × 3 numbers") from None
    if rows.shape != (pairs, 3):
        raise UsageError(f"the verifier returned shape {rows.shape} for {pairs} pairs; it must return ({pairs}, 3)")
    if not np.isfinite(rows).all():
        raise UsageError("the verifier returned a number that is not finite")
    if rows.min() < -1e-6 or rows.max() > 1 + 1e-6 or rows.sum(axis=1).min() < LEAST_SUM:
        raise UsageError("the verifier returned numbers that are no probabilities; they must lie in [0, 1] and sum to 1")
    return rows


def _in_time(verifier: Entailment, pairs: Sequence[Pair], timeout: float) -> object:
    answer: list[object] = []
    error: list[BaseException] = []

    def work() -> None:
        try:
            answer.append(verifier(pairs))
        except BaseException as raised:
            error.append(raised)

    thread = threading.Thread(target=work, daemon=True, name="verifier")
    thread.start()
    thread.join(timeout)
    if thread.is_alive():
        raise UsageError(f"the verifier did not answer within {timeout:g} s")
    if error:
        raise error[0]
    return answer[0]
