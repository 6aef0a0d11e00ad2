"""Mixing: a policy applied to real rows, the same object that the lab applies to simulated ones.

One narrow pass keeps a key and a pool of each row; the plan becomes numbers of rows for each pool; a last pass writes those drawn.
"""

from longtail.policies.mixing.asked import Asked, Mixed
from longtail.policies.mixing.feasible import exact
from longtail.policies.mixing.making import mix, mixture

__all__ = ["Asked", "Mixed", "exact", "mix", "mixture"]
