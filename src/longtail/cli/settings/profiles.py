"""Profiles: what an audit asks for by default, for a kind of team.

A profile adds what must be measured and what a policy allows. It sets no alpha, no margin, no tau and no view: what counts as a
loss is the same for everybody.
"""

from typing import Any

PROFILES: dict[str, dict[str, Any]] = {
    "finetune": {"require": ("LT101", "LT301"), "min_real": 0.3, "max_synthetic": 0.7},
    "synth": {"require": ("LT101", "LT303", "LT402", "LT403"), "fail_on": "warn"},
    "scrape": {"require": ("LT101", "LT102", "LT402"), "min_real": 0.7, "max_synthetic": 0.3},
    "rag": {"require": ("LT101", "LT402"), "max_synthetic": 0.5},
    "content": {"require": ("LT101", "LT303", "LT403"), "min_real": 0.5, "max_synthetic": 0.5},
}
"""Defaults of `longtail audit` by profile, as the names of its parameters."""
