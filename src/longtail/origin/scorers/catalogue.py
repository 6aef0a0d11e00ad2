"""The catalogue of scorers that learn from a reference."""

from longtail.catalogue import Catalogue
from longtail.origin.scorers.card import Fitting

SCORERS: Catalogue[Fitting] = Catalogue("scorer", "source")
