"""Gates on several answers to one prompt, and the quota that keeps the mix: agreement, unanimity, rejected responses, quotas."""

from longtail.gates.consistency import consistency, quota, rip, unanimous
from longtail.gates.consistency.answers import Vote, majority

__all__ = ["Vote", "consistency", "majority", "quota", "rip", "unanimous"]
