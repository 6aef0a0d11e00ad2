"""The data sets of an audit: profiles as they are, profile files, or data to be profiled."""

import os
from dataclasses import dataclass
from typing import Any

from longtail.auditing.options import Options
from longtail.errors import UsageError
from longtail.records import InputRecord, OnProgress, Role
from longtail.summaries.files import SUFFIX, load
from longtail.summaries.profile import Profile, merge, profile
from longtail.summaries.reference import Reference


@dataclass(frozen=True)
class Inputs:
    """Profiles by role."""

    candidate: Profile
    reference: Reference | None
    baseline: Profile | None
    trained_on: Profile | None

    def records(self) -> tuple[InputRecord, ...]:
        """Return the report's `inputs`."""
        roles: list[tuple[Role, Profile | None]] = [
            ("candidate", self.candidate),
            ("reference", self.reference.profile if self.reference else None),
            ("baseline", self.baseline),
            ("trained_on", self.trained_on),
        ]
        return tuple(found.as_input(role) for role, found in roles if found is not None)


def gather(data: Any, reference: Any, baseline: Any, trained_on: Any, options: Options, on_progress: OnProgress | None) -> Inputs:
    """Return the profiles of all data sets of an audit.

    Raises:
        UsageError: Profiles and data are mixed in one data set.
        IncompatibleSummaries: The profiles were made with unlike settings.
    """
    candidate = as_profile(data, options, on_progress)
    others = [None if given is None else as_profile(given, options, on_progress) for given in (reference, baseline, trained_on)]
    for other in others:
        if other is not None:
            candidate.require_alike(other)
    return Inputs(candidate, Reference(others[0]) if others[0] else None, others[1], others[2])


def as_profile(data: Any, options: Options, on_progress: OnProgress | None = None) -> Profile:
    """Return the profile of data, of a profile file, or of several of them together."""
    if isinstance(data, Profile):
        return data
    if isinstance(data, Reference):
        return data.profile
    named = [data] if isinstance(data, str | os.PathLike) else list(data) if isinstance(data, list | tuple) else []
    stored = [name for name in named if isinstance(name, str | os.PathLike) and os.fspath(name).endswith(SUFFIX)]
    if stored:
        if len(stored) < len(named):
            raise UsageError(
                f"profiles and data are mixed in one data set ({stored[0]}, …); profile the data first: longtail profile DATA -o P.ltp"
            )
        return merge(load(name) for name in dict.fromkeys(map(os.path.realpath, stored)))
    return profile(
        data,
        views=options.views,
        seed=options.seed,
        exact=options.exact,
        text_column=options.text_column,
        table=options.table,
        on_progress=on_progress,
    )
