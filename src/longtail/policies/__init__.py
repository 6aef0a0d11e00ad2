"""Policies: how the next training set is put together from pools; pure functions of their sizes.

The lab applies a policy to simulated rows, and the same object composes real training sets.
"""

from longtail.policies import anchored, growing, weighing
from longtail.policies.plan import POLICIES, Draw, Plan, Policy, Pool, bound, compose

__all__ = ["POLICIES", "Draw", "Plan", "Policy", "Pool", "anchored", "bound", "compose", "growing", "weighing"]
