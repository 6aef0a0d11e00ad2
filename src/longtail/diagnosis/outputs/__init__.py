"""Outputs of archived checkpoints: files that lie there, or a model that is asked the prompts of the frozen reference."""

from longtail.diagnosis.outputs.archived import Archived
from longtail.diagnosis.outputs.given import from_outputs
from longtail.diagnosis.outputs.running import from_checkpoints

__all__ = ["Archived", "from_checkpoints", "from_outputs"]
