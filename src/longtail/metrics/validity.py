"""How many documents are valid, where a rule says what that is."""

from longtail.metrics.catalogue import VALUES
from longtail.metrics.formats import share_of
from longtail.metrics.single import absent
from longtail.records import Outcome
from longtail.summaries.frequencies import Frequencies
from longtail.views.validity import VALID


@VALUES.add(unit="share", worse="lower", source="own definition; exact count; Wilson 1927")
def validity_rate(frequencies: Frequencies, /) -> Outcome:
    """Share of documents that are valid by the rule that was given; counted over the view `validity`.

    Why: a loop can narrow because wrong answers are removed, and rise in validity meanwhile; the share of valid documents is told beside
    the tail so that the two are not mistaken for one another.

    Formula: rate = documents for which the rule of --validity holds / documents.

    Minimum: one document, and a rule.

    False positives: a rule that refuses a right answer in a form that it does not know.

    Akin: LT211
    """
    if not frequencies.documents.sum():
        return absent(frequencies, "validity_rate", "no documents")
    return share_of(frequencies, VALID, "validity_rate")
