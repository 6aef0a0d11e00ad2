"""Gates: what may come back in; each a pure function of a batch of documents, or of the lab's rows."""

from longtail.gates import attribution, consistency, duplicates, entailment, filters, selections, text, triage, verifiers
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES, Bound, bound
from longtail.gates.gate import Gate, Stage
from longtail.gates.judging import Comparing, Judge, guarded
from longtail.gates.verdicts import KEEP, REJECT, REVIEW, Judgement, Verdicts

__all__ = [
    "GATES",
    "KEEP",
    "REJECT",
    "REVIEW",
    "Batch",
    "Bound",
    "Comparing",
    "Gate",
    "Judge",
    "Judgement",
    "Stage",
    "Verdicts",
    "attribution",
    "bound",
    "consistency",
    "duplicates",
    "entailment",
    "filters",
    "guarded",
    "selections",
    "text",
    "triage",
    "verifiers",
]
