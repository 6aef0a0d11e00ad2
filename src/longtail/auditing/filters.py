"""The audit of a filter: what it was given, beside what it kept."""

from dataclasses import replace
from typing import Any

from longtail.auditing.inputs import as_profile
from longtail.auditing.options import Options
from longtail.auditing.pipeline import Around
from longtail.metrics.filtering import filter_loss
from longtail.metrics.pairing import WORDS
from longtail.records import OnProgress
from longtail.summaries.profile import Profile


def through_filter(
    before: Any, kept: Profile, options: Options, around: Around, on_progress: OnProgress | None, workers: int = 1
) -> Around:
    """Return what is known around the data, with what the filter took that they came through, where one was named.

    Args:
        before: What the filter was given: data, or a profile; None where there was no filter.
        kept: What it kept.
        options: Settings of the audit.
        around: What is known so far.
        on_progress: Called as documents are read.
        workers: Threads that count documents.
    """
    if before is None:
        return around
    whole = as_profile(before, options, on_progress, workers)
    whole.require_alike(kept)
    return replace(around, filtered=filter_loss(whole, kept, WORDS, options.tau, options.margins["tail"]))
