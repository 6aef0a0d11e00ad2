"""How much of a store may be model-written."""

import math
from typing import NamedTuple

from longtail.gates.filters import probability
from longtail.gates.settings import whole


class Holdings(NamedTuple):
    """What a store holds, the quarantined left out.

    Attributes:
        documents: All of it.
        written: What models wrote.
        topic: What models wrote on one topic.
    """

    documents: int = 0
    written: int = 0
    topic: int = 0


class Quota(NamedTuple):
    """The most of a store that may be model-written.

    Attributes:
        share: Greatest share of the documents, the new one included; 1 sets no bound.
        per_topic: Most documents on one topic.
    """

    share: float = 0.2
    per_topic: int = 50


BY_DEFAULT = Quota()


def checked_quota(quota: Quota) -> Quota:
    """Return a quota that is in range.

    Raises:
        ConfigError: It is not.
    """
    probability("quota", "share", quota.share)
    whole("quota", "per_topic", quota.per_topic, 0)
    return quota


def exceeded(held: Holdings, quota: Quota, topic: str = "") -> str:
    """Return why one more model-written document is too many, "" where it is not."""
    after = (held.written + 1) / (held.documents + 1)
    if after > quota.share:
        short = math.ceil((held.written + 1) / quota.share) - held.documents - 1 if quota.share else 0
        more = f"; {short:,} more that people wrote would make room" if quota.share else ""
        return f"{after:.1%} of the store would be model-written, at most {quota.share:.1%}{more}"
    if topic and held.topic >= quota.per_topic:
        return f"the store has {held.topic:,} model-written documents on {topic!r}, at most {quota.per_topic:,}"
    return ""
