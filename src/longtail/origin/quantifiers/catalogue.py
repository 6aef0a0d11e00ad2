"""The catalogue of quantifiers: estimators of the share of each machine origin among many documents."""

from collections.abc import Callable

from longtail.catalogue import Catalogue
from longtail.origin.quantifiers.sample import Scored
from longtail.origin.reference import Floats

Quantifier = Callable[[Scored], Floats]
"""Returns the share of each machine origin, by replicate, shape (b, K); a row of NaN where there is no answer."""

QUANTIFIERS: Catalogue[Quantifier] = Catalogue("quantifier", "takes", "source")
"""Facts: `takes` says what the rows of `Scored` have to be; `source` is a paper or a definition of our own."""
