"""Rollout files of verl."""

from longtail.readers.rollouts import read_rollouts

from .test_rollouts import write_lines


def test_a_run_of_verl_takes_the_step_from_its_lines_and_its_extras_as_parts(tmp_path):
    rows = [{"input": "2+2", "output": "4", "gts": "4", "score": 1.0, "step": 10, "acc": True, "pred": "4", "request_id": "r"}]
    write_lines(tmp_path / "dump" / "10.jsonl", rows)
    write_lines(tmp_path / "dump" / "9.jsonl", [{"input": "2+2", "output": "", "gts": "4", "score": 0.0, "step": 9}])
    found = read_rollouts(tmp_path)
    assert (found.kind, [row.step for row in found.rows]) == ("verl", [9, 10])
    assert found.rows[0].completion == ""
    assert found.rows[1].parts == {"acc": 1.0}
    assert found.rows[1].reward == 1.0
