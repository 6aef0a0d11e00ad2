"""The two catalogues of metrics: of one sample (values) and of a candidate against a baseline (ratios)."""

from collections.abc import Callable

from longtail.catalogue import Catalogue
from longtail.records import Outcome

VALUES: Catalogue[Callable[..., Outcome]] = Catalogue("metric", "unit", "worse", "source")
RATIOS: Catalogue[Callable[..., Outcome]] = Catalogue("metric", "unit", "worse", "source")
