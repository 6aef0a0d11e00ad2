"""Classes of a column: what is left of its rare values, together and one by one, with words that fit a few classes or very many."""

from longtail.metrics.comparison import Comparison
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.slices import MOST_CLASSES, labelled_slices, slice_endpoint
from longtail.metrics.tabular.columns import absent, column_of, without_values
from longtail.metrics.tails import mass_endpoint, types_endpoint
from longtail.records import NotMeasured

_TAIL = {"tail_types_retained": types_endpoint, "tail_mass_retained": mass_endpoint}
_ONE_BY_ONE = "see the classes one by one, or name a column with rarer values"


def tail_endpoints(comparison: Comparison) -> list[Endpoint | NotMeasured]:
    """Return tail types and tail mass of a column, or why its classes have no tail."""
    found: list[Endpoint | NotMeasured] = []
    for metric, endpoint in _TAIL.items():
        missing = without_values(comparison, metric) or _without_tail(comparison, metric)
        made = missing or endpoint(comparison)
        if isinstance(made, NotMeasured) and missing is None:
            reason = f"every rare value of the column {column_of(comparison)!r} stands in every group of documents, so none has gone"
            made = absent(comparison, metric, reason if metric == "tail_types_retained" else made.reason, _ONE_BY_ONE)
        found.append(made)
    return found


def class_endpoints(comparison: Comparison, level: float) -> list[Endpoint | NotMeasured]:
    """Return the share of every class that can be audited, and why those that are too rare have none.

    Args:
        comparison: A view of classes: `labels:COLUMN` or `category:COLUMN`.
        level: Error rate of the audit, which says how rare a class may be.
    """
    slices = without_values(comparison, "class_share") or labelled_slices(comparison)
    if isinstance(slices, NotMeasured):
        return [slices]
    found: list[Endpoint | NotMeasured] = []
    for each in slices:
        if each.is_auditable(level, len(slices)):
            found.append(slice_endpoint(comparison, each))
        else:
            reason = f"too rare to judge: {each.expected:.1f} documents expected"
            found.append(absent(comparison, "class_share", reason, "more documents", each.name))
    return found


def _without_tail(comparison: Comparison, metric: str) -> NotMeasured | None:
    """Return that a column has one value, or only common ones, so that there are no rare ones to lose; else None."""
    if not comparison.is_too_sparse:
        return None
    column, classes = column_of(comparison), len(comparison.strata[0].types)
    if classes <= 1:
        return absent(comparison, metric, f"the column {column!r} has one value only in the reference", "name a column with several values")
    share = f"{comparison.realised_tau:.0%}"
    if classes <= MOST_CLASSES:
        reason = f"the column {column!r} has no rare values: the rarest of its {classes} classes hold {share} of the documents"
        return absent(comparison, metric, reason, _ONE_BY_ONE)
    reason = f"the rarest of the {classes:,} classes of the column {column!r} hold {share} of the documents, so no tail can be told apart"
    return absent(comparison, metric, reason, "a larger reference, or fewer classes")
