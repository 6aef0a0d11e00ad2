"""Profiles: what an audit asks for by default, for a kind of team.

A profile adds what must be measured, what a policy allows and what fails. It sets no alpha, no margin, no tau and no view: what
counts as a loss is the same for everybody. Nor does it say what only a team knows, such as the share of real rows that it keeps.
"""

from typing import Any

PROFILES: dict[str, dict[str, Any]] = {
    "finetune": {"require": ("LT101", "LT301"), "max_synthetic": 0.7},
    "synth": {"require": ("LT101", "LT303", "LT402", "LT403"), "fail_on": "warn"},
    "scrape": {"require": ("LT101", "LT102", "LT402"), "max_synthetic": 0.3},
    "rag": {"require": ("LT101", "LT402"), "max_synthetic": 0.5},
    "content": {"require": ("LT101", "LT303", "LT403"), "max_synthetic": 0.5},
}
"""Defaults of `longtail audit` by profile, as the names of its parameters."""
