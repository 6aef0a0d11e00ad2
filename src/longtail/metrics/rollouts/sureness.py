"""How sure a policy is along its own text, beside the begin of the run: by the entropies that were logged, else by surprisal.

The two agree for text that was sampled at temperature 1 with nothing cut off.
"""

from longtail.metrics.rollouts.means import Means, means
from longtail.metrics.rollouts.windows import Window
from longtail.readers.rollouts.records import Rollout


def sureness(base: Window, here: Window, level: float = 0.95) -> tuple[Means | None, str]:
    """Return the mean entropy of the next token beside that at the begin, and by what it was measured.

    Args:
        base, here: The windows.
        level: Of the two-sided interval.

    Returns:
        The means in nats per token, and "entropy" or "surprisal"; None and an empty text where neither was logged.
    """
    for name, value in (("entropy", _entropy), ("surprisal", _surprisal)):
        found = means(base, here, value, level)
        if found is not None:
            return found, name
    return None, ""


def _entropy(row: Rollout) -> float | None:
    return row.mean_entropy


def _surprisal(row: Rollout) -> float | None:
    return None if row.mean_logp is None else -row.mean_logp
