"""Lines for agents."""

import msgspec

from longtail.report.formats.agent import to_agent
from tests.report.formats.made import finding


def test_agents_get_code_status_file_reason_and_command(full):
    _, head, *rows = [line.split("\t") for line in to_agent(full).splitlines()]
    assert head == ["code", "status", "where", "what", "fix"]
    assert rows[0][:3] == ["LT301", "fail", "runs/gen5.jsonl"]
    assert rows[0][4] == "longtail mix --ledger LEDGER --policy fresh:0.3 --dry-run -o next.jsonl"
    assert rows[2] == [
        "LT101 LT203", "not_measured", "", "no ledger was given, so where rows came from is not known",
        "longtail audit gen5.jsonl --ledger DIR",
    ]  # fmt: skip


def test_advice_without_a_command_is_given_in_words(full):
    told = to_agent(msgspec.structs.replace(full, findings=(finding("LT401", "warn", remedy="keep the rare rows"),)))
    assert "\tkeep the rare rows\n" in told
