"""The planner: what real share keeps a tail type, and what share brings it back after a collapse. Two questions, two numbers.

Accumulation protects a healthy loop and holds back the recovery of a collapsed one, so an answer to one question is none to
the other.
"""

from longtail import policies
from longtail.errors import UsageError
from longtail.lab.planner_fresh import planned
from longtail.lab.planner_pools import accumulated, budgeted, without_real
from longtail.lab.planner_records import Ask, KeepRescue
from longtail.policies.settings import share as checked_share
from longtail.policies.settings import whole_number

PLANNED = ("fresh", "window", "replace", "accumulate", "expanding", "fixed_budget")


def plan(ask: Ask) -> KeepRescue:
    """Return the real share needed to keep a type, and the share needed to rescue it within the horizon.

    Args:
        ask: The policy, the type, the budget and the horizon.

    Raises:
        UnknownName: No policy of that name.
        ConfigError: A setting of the policy is out of range.
        UsageError: There is no plan for the policy, or it needs to be told more.
    """
    name, numbers = _settings(ask.policy)
    match name:
        case "fresh":
            share = checked_share(numbers[0]) if numbers else None
            return planned(ask, share, whole_number(numbers[1], "window") if len(numbers) > 1 else 1)
        case "accumulate" | "expanding":
            return accumulated(ask, checked_share(numbers[0]) if numbers else None, renewed=name == "expanding")
        case "fixed_budget":
            return budgeted(ask)
        case "replace" | "window":
            return without_real(ask, whole_number(numbers[0], "window") if numbers else 1)
    raise UsageError(f"there is no plan for the policy {ask.policy!r}; plans are known for {', '.join(PLANNED)}")


def _settings(spec: str) -> tuple[str, list[float]]:
    """Return the name of a policy and its numbers; a share may be left open."""
    name = spec.partition(":")[0].strip()
    if spec.strip() in ("fresh", "expanding"):
        return name, []
    call = policies.bound(spec)
    return name, [value for value in call.keywords.values() if isinstance(value, int | float)]
