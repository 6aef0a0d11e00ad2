"""Scorers: what gives a text a number that is higher the more it is like a machine's."""

from longtail.origin.scorers import compression, likelihood, occurrence, styled, words
from longtail.origin.scorers.catalogue import SCORERS

__all__ = ["SCORERS", "compression", "likelihood", "occurrence", "styled", "words"]
