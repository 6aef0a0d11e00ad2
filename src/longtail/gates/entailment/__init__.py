"""Entailment of what a model wrote by the evidence that it had: claims, verifiers, and the gate."""

from longtail.gates.entailment.choosing import verifier_of
from longtail.gates.entailment.claims import Claim, claims_of
from longtail.gates.entailment.crossencoder import CrossEncoderEntailment
from longtail.gates.entailment.gate import EntailmentGate
from longtail.gates.entailment.passages import Passage, passages_of
from longtail.gates.entailment.rules import RuleEntailment
from longtail.gates.entailment.support import Bounds, Support, decided, supported
from longtail.gates.entailment.verifier import LABELS, Entailment

__all__ = [
    "LABELS",
    "Bounds",
    "Claim",
    "CrossEncoderEntailment",
    "Entailment",
    "EntailmentGate",
    "Passage",
    "RuleEntailment",
    "Support",
    "claims_of",
    "decided",
    "passages_of",
    "supported",
    "verifier_of",
]
