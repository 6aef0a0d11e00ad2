"""Gates over files: one narrow reading, a pass for each stage that compares documents, and a folder that holds all that came of it."""

from longtail.gates.running.judged import judged_in
from longtail.gates.running.result import Gated, Link, Output, StageCount
from longtail.gates.running.run import Job, read_run, run
from longtail.gates.running.tails import Tails

__all__ = ["Gated", "Job", "Link", "Output", "StageCount", "Tails", "judged_in", "read_run", "run"]
