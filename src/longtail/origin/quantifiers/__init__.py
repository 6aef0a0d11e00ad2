"""Quantifiers: from scores of many documents to the share of each origin among them."""

from longtail.origin.quantifiers import acc, emq, hdy, mixture
from longtail.origin.quantifiers.catalogue import QUANTIFIERS, Quantifier
from longtail.origin.quantifiers.sample import Scored

__all__ = ["QUANTIFIERS", "Quantifier", "Scored", "acc", "emq", "hdy", "mixture"]
