"""A training run on the page."""

from longtail.report import to_html
from longtail.report.rollouts import page
from tests.report.page.samples import HOSTILE

MIX = [
    {"first": 0, "last": 1, "completions": 256, "shares": {"prose": 0.6, "code": 0.4}},
    {"first": 2, "last": 3, "completions": 256, "shares": {"prose": 0.3, "code": 0.7}},
    {"first": 4, "last": 5, "completions": 256, "shares": {"code": 1.0}},
]
RUN = {"kind": "trl", "rollouts": 768, "replaced": 0, "budget": 0.05, "success": 0.5, "windows": 3, "mix": MIX}


def test_formats_stand_with_their_course_the_commonest_of_the_end_first(holding):
    found = page(holding(rollouts=RUN))
    assert [(name, first, last) for name, _, first, last in found["rows"]] == [("code", "40.0%", "100.0%"), ("prose", "60.0%", "0.0%")]
    assert found["sentence"].startswith("768 completions in 3 windows; the last (steps 4 to 5) is held against the first (steps 0 to 1).")
    assert "Budget of drift: 0.05 nats per token." in found["sentence"]


def test_what_was_assumed_of_the_reward_stands_beside_what_was_read(holding):
    told = "the reward is taken as the sum of a, b, each with weight 1"
    assert page(holding(rollouts=RUN | {"assumed": told}))["sentence"].endswith(f"nats per token. Assumed: {told}.")
    assert "Assumed" not in page(holding(rollouts=RUN | {"assumed": ""}))["sentence"]


def test_one_window_is_told_to_be_compared_with_nothing_and_none_is_left_out(holding):
    alone = RUN | {"mix": MIX[:1], "windows": 1, "budget": None}
    assert page(holding(rollouts=alone))["sentence"].endswith("(steps 0 to 1), so nothing is compared.")
    assert page(holding(rollouts=RUN | {"mix": []})) is None
    assert page(holding()) is None


def test_hostile_names_of_formats_are_shown_as_text(holding):
    html = to_html(holding(rollouts=RUN | {"mix": [{"first": HOSTILE, "last": 1, "shares": {HOSTILE: 1.0}}] * 2}))
    assert 'id="rollouts"' in html
    assert "<script>window.struck" not in html
