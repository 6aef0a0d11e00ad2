"""Decisions that come from elsewhere."""

import json

import pytest

from longtail.errors import ReadError
from longtail.gates.review import exported, imported
from longtail.gates.review.resolving import outcomes


def written(path, value):
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def annotation(choice, by=7, number=1, edited=None, **more):
    result = [{"id": "r1", "from_name": "decision", "to_name": "text", "type": "choices", "value": {"choices": [choice]}}]
    if edited is not None:
        result.append({"id": "r2", "from_name": "edited", "to_name": "text", "type": "textarea", "value": {"text": [edited]}})
    return {
        "id": number, "completed_by": by, "was_cancelled": False, "ground_truth": False, "lead_time": 4.2,
        "created_at": "2025-03-09T22:16:08.728353Z", "updated_at": "2025-03-09T22:16:08.728378Z", "result": result,
    } | more  # fmt: skip


@pytest.fixture
def tasks(queue):
    return json.loads(b"".join(exported(queue, "label-studio")))


def test_a_task_is_in_the_shape_that_label_studio_takes_and_hides_what_is_to_be_hidden(queue, tasks):
    assert len(tasks) == 50
    for task, shown in zip(queue.tasks(), tasks, strict=True):
        assert shown["data"]["task"] == task.key and shown["data"]["text"] == queue.item(task.item).text
        predicted = None if task.masked else {"keep": "accept", "reject": "reject"}.get(queue.item(task.item).decision)
        said = [each["result"][0]["value"]["choices"] for each in shown.get("predictions", [])]
        assert said == ([[predicted]] if predicted else [])
        assert all(
            set(result) == {"id", "from_name", "to_name", "type", "value"}
            for each in shown.get("predictions", [])
            for result in each["result"]
        )
        assert bool(shown["data"]["gate_said"]) is not task.masked
    blind = json.loads(b"".join(exported(queue, "label-studio", blind=True)))
    assert not any("predictions" in each or each["data"]["gate_said"] for each in blind)


def test_an_export_of_label_studio_is_read_once(queue, tasks, tmp_path):
    said = [
        tasks[0] | {"id": 1, "annotations": [annotation("accept")]},
        tasks[1] | {"id": 2, "annotations": [annotation("reject", {"id": 3, "email": "lee@example.org"}), annotation("accept", 8, 2)]},
        tasks[2] | {"id": 3, "annotations": [annotation("edit", edited="better")]},
        tasks[3] | {"id": 4, "annotations": [annotation("accept", edited=tasks[3]["data"]["text"])]},
        tasks[4] | {"id": 5, "annotations": [{"id": 9, "completed_by": 7, "was_cancelled": True, "result": []}]},
    ]
    path = written(tmp_path / "annotations.json", said)
    first, again = imported(queue, path), imported(queue, path)
    assert (first.read, first.new, first.quarantined) == (6, 6, 0) and (again.read, again.new) == (6, 0)
    of = {task.key: task.item for task in queue.tasks()}
    found = outcomes(queue.tasks(), queue.votes())
    states = [found[of[task["data"]["task"]]].state for task in tasks[:5]]
    assert states == ["accepted", "contested", "edited", "accepted", "skipped"]
    assert {each.reviewer for each in queue.votes()} == {"label-studio:7", "label-studio:8", "lee@example.org"}
    changed = annotation("reject", updated_at="2025-03-10T00:00:00Z")
    written(path, [tasks[0] | {"annotations": [changed]}])
    assert imported(queue, path).new == 1 and outcomes(queue.tasks(), queue.votes())[of[tasks[0]["data"]["task"]]].state == "rejected"


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": {"task": "unknown"}, "annotations": [annotation("accept")]},
        {"annotations": []},
        {"data": {"task": 0}},
        {"data": 0, "annotations": 0},
        "text",
        None,
    ],
)
def test_what_is_not_understood_is_set_aside_and_the_rest_is_read(queue, tasks, tmp_path, wrong):
    found = imported(queue, written(tmp_path / "a.json", [wrong, tasks[0] | {"annotations": [annotation("accept")]}]))
    assert (found.new, found.quarantined) == (1, 1) and found.quarantine[0].line == 1


@pytest.mark.parametrize(
    "wrong",
    [
        annotation("maybe"), annotation("edit"), annotation("accept", None), annotation("accept", updated_at="yesterday"), {}, 3, None,
        annotation("accept") | {"result": None}, annotation("accept") | {"result": [{"from_name": "decision", "value": {"choices": [1]}}]},
        annotation("accept") | {"result": [{"from_name": "decision", "value": None}]},
        annotation("accept") | {"result": [{"from_name": "decision", "value": {"choices": ["accept", "reject"]}}]},
    ],
)  # fmt: skip
def test_a_malformed_annotation_is_set_aside_and_the_next_is_read(queue, tasks, tmp_path, wrong):
    found = imported(queue, written(tmp_path / "a.json", [tasks[0] | {"annotations": [wrong, annotation("accept", 4)]}]))
    assert (found.new, found.quarantined) == (1, 1) and tasks[0]["data"]["task"] in found.quarantine[0].reason


def test_lines_carry_decisions_from_one_copy_to_another(queue, tmp_path):
    first = queue.tasks()[0]
    queue.decide(first, "accept", "kim")
    queue.undo("kim")
    lines = [json.loads(line) for line in exported(queue, "jsonl", every=True)]
    assert len(lines) == 50 and [each["action"] for each in lines[0]["decisions"]] == ["accept", "undo"]
    lines[1]["decisions"].append({"action": "reject", "reviewer": "lee", "note": "made up"})
    lines[2]["decisions"].append({"action": "edit", "reviewer": "lee", "text": lines[2]["text"]})
    lines[3]["decisions"] += [{"action": "dance", "reviewer": "lee"}, {"action": "accept"}, 5]
    path = written(tmp_path / "tasks.jsonl", "\n".join(map(json.dumps, lines)) + "\n{broken\n")
    found = imported(queue, path)
    assert (found.new, found.quarantined) == (1, 5) and imported(queue, path).new == 0
    assert [(each.action, each.note) for each in queue.votes()] == [("reject", "made up")]


def test_a_file_that_cannot_be_read_at_all_is_refused(queue, tmp_path):
    with pytest.raises(ReadError, match="is no JSON"):
        imported(queue, written(tmp_path / "a.json", "[1, 2"))
    with pytest.raises(ReadError):
        imported(queue, tmp_path / "absent.json")
