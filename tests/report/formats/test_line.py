"""The verdict on one line."""

from longtail.report.formats.line import to_line


def test_the_verdict_is_one_line_with_all_four_outcomes(full, empty):
    assert to_line(full) == f"EARLY  gen5.jsonl: {full.summary} [fail 1 (LT301), warn 1 (LT402), pass 4, not measured 3]\n"
    assert to_line(empty) == "NOT MEASURED  no data set: Loss was not measured. [fail 0, warn 0, pass 0, not measured 1]\n"
