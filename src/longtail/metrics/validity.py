"""How many documents are valid, where a rule says what that is."""

from longtail.metrics.catalogue import VALUES
from longtail.metrics.formats import share_of
from longtail.metrics.single import absent
from longtail.records import Outcome
from longtail.summaries.frequencies import Frequencies
from longtail.views.validity import VALID


@VALUES.add(unit="share", worse="lower", source="own definition; exact count; Wilson 1927")
def validity_rate(frequencies: Frequencies, /) -> Outcome:
    """Share of documents that are valid by the rule that was given; counted over the view `validity`."""
    if not frequencies.documents.sum():
        return absent(frequencies, "validity_rate", "no documents")
    return share_of(frequencies, VALID, "validity_rate")
