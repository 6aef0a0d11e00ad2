"""The queue: nothing is lost, nothing is doubled, whoever is killed and however many review."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from longtail.errors import InvalidRecord, ReadError, UsageError
from longtail.gates.review import Queue, Settings, fill
from longtail.gates.review.item import event, moment
from longtail.gates.review.resolving import outcomes

DECIDE = """
import sys
from longtail.gates.review import Queue
with Queue(sys.argv[1]) as queue:
    while (task := queue.next(sys.argv[2])) is not None:
        made = queue.decide(task, "accept" if task.number % 2 else "reject", sys.argv[2])
        sys.stdout.write(made.id + "\\n")
        sys.stdout.flush()
"""


def reviewing(folder, reviewer):
    return subprocess.Popen([sys.executable, "-c", DECIDE, str(folder), reviewer], stdout=subprocess.PIPE, text=True)


def test_each_decision_is_there_when_the_queue_is_opened_again(queue):
    first, second = queue.tasks()[:2]
    queue.decide(first, "accept", "kim")
    queue.decide(second, "edit", "kim", "better", "was wrong")
    with Queue(queue.path.parent) as again:
        assert [(each.task, each.action, each.text, each.note) for each in again.votes()] == [
            (first.key, "accept", None, ""),
            (second.key, "edit", "better", "was wrong"),
        ]
        assert again.left("kim") == again.left("lee") == 48


def test_undo_takes_back_the_last_and_can_be_repeated(queue):
    first, second = queue.tasks()[:2]
    queue.decide(first, "accept", "kim")
    queue.decide(first, "reject", "kim")
    queue.decide(second, "skip", "kim")
    assert [queue.undo("kim")[0].action for _ in range(2)] == ["skip", "reject"]
    assert [(each.task, each.action) for each in queue.votes()] == [(first.key, "accept")]  # what was said before holds again
    assert queue.undo("lee") is None
    assert queue.undo("kim")[1] == first and queue.votes() == [] and len(queue.events()) == 6 and queue.undo("kim") is None


def test_events_can_be_neither_changed_nor_removed(queue):
    queue.decide(queue.tasks()[0], "accept", "kim")
    with sqlite3.connect(queue.path) as connection:
        for change in ("UPDATE events SET action = 'reject'", "DELETE FROM events"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
                connection.execute(change)


def test_adding_events_again_in_any_order_changes_nothing(queue):
    tasks = queue.tasks()
    made = [event(tasks[at % 7].key, "accept" if at % 2 else "reject", "kim", moment(f"2025-01-01T00:00:{at:02d}Z")) for at in range(20)]
    made.append(event(made[-1].task, "undo", "kim", moment("2025-01-01T00:01:00Z"), undoes=made[-1].id))
    assert queue.add(made) == 21
    votes = queue.votes()
    assert queue.add(made[::-1]) == 0 and queue.votes() == votes and len(queue.events()) == 21
    with pytest.raises(UsageError, match="not in"):
        queue.add([event("nowhere", "accept", "kim", moment("2025-01-01"))])


def test_the_state_does_not_depend_on_the_order_in_which_files_come(queue, tmp_path, pool):
    other = tmp_path / "other"
    other.mkdir()
    fill(other, pool, Settings())
    key = queue.tasks()[0].key
    one, two = (event(key, action, "kim", moment(f"2025-01-0{day}")) for action, day in (("accept", 1), ("reject", 2)))
    with Queue(other) as second:
        queue.add([one]), queue.add([two])
        second.add([two]), second.add([one])
        assert [each.action for each in queue.votes()] == [each.action for each in second.votes()] == ["reject"]


@pytest.mark.parametrize("given", [("accept", "", None), ("edit", "kim", None), ("accept", "kim", "text")])
def test_an_event_that_says_half_is_refused(queue, given):
    action, reviewer, text = given
    with pytest.raises(InvalidRecord):
        queue.decide(queue.tasks()[0], action, reviewer, text)
    assert queue.events() == []


def test_a_reviewer_who_is_killed_loses_nothing_and_blocks_nobody(queue):
    folder = queue.path.parent
    with reviewing(folder, "kim") as process:
        told = [process.stdout.readline().strip() for _ in range(8)]
        os.kill(process.pid, signal.SIGKILL)
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert process.returncode == -signal.SIGKILL
    held = [each.id for each in queue.events()]
    assert set(told) <= set(held) and len(held) <= len(told) + 1 and len(set(held)) == len(held)
    rest = subprocess.run([sys.executable, "-c", DECIDE, str(folder), "kim"], capture_output=True, text=True, check=True)
    assert len(held) + len(rest.stdout.split()) == 50 and queue.left("kim") == 0
    assert len({each.task for each in queue.votes()}) == 50


def test_two_reviewers_at_once_never_decide_on_the_same_showing(tmp_path, pool):
    items = pool()
    fill(tmp_path, lambda: items, Settings(size=80))
    processes = [reviewing(tmp_path, name) for name in ("kim", "lee")]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    with Queue(tmp_path) as queue:
        events = queue.events()
        assert len(events) == 80 == len({each.task for each in events})
        assert {each.reviewer for each in events} == {"kim", "lee"} or len({each.reviewer for each in events}) == 1
    for process in processes:
        process.stdout.close()


def test_what_someone_looks_at_is_shown_to_nobody_else_for_a_while(queue):
    now = [time.time()]
    with Queue(queue.path.parent, lambda: now[0]) as kim, Queue(queue.path.parent, lambda: now[0]) as lee:
        first = kim.next("kim")
        assert first == queue.tasks()[0] and lee.next("lee") == queue.tasks()[1]
        now[0] += 1000
        assert lee.next("lee") == first


def test_a_skipped_document_is_for_others_and_a_decided_one_for_nobody(queue):
    first, second = queue.tasks()[:2]
    queue.decide(first, "skip", "kim")
    queue.decide(second, "accept", "kim")
    assert queue.next("kim") == queue.tasks()[2] and queue.next("lee") == first


def test_a_clock_that_goes_back_does_not_turn_the_order_around(queue):
    now = [2e9]
    with Queue(queue.path.parent, lambda: now[0]) as kim:
        kim.decide(kim.tasks()[0], "accept", "kim")
        now[0] = 1e9
        kim.decide(kim.tasks()[0], "reject", "kim")
        assert [each.action for each in kim.votes()] == ["reject"]


def test_the_majority_decides_and_a_split_is_settled_by_one_more(queue):
    first, repeat = next(
        (one, two) for one in queue.tasks() for two in queue.tasks() if one.item == two.item and one.kind == "first" != two.kind
    )

    def state():
        return outcomes(queue.tasks(), queue.votes())[first.item].state

    assert state() == "open"
    queue.decide(first, "accept", "kim")
    queue.decide(repeat, "reject", "kim")
    assert state() == "contested"
    assert queue.settle([first.item]) == 1 and queue.settle([first.item]) == 0
    queue.decide(queue.next("lee", kind="settle"), "edit", "lee", "mended")
    assert state() == "edited"


def test_of_two_processes_that_draw_one_does(tmp_path, pool):
    assert fill(tmp_path, pool, Settings()) and not fill(tmp_path, pool, Settings(seed=5))
    with pytest.raises(UsageError, match="no documents to review"):
        fill(tmp_path.parent, list, Settings())


def test_what_is_no_queue_is_refused(tmp_path):
    with pytest.raises(UsageError, match="holds no review queue"):
        Queue(tmp_path)
    (tmp_path / "review.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(ReadError, match="is no review queue"):
        Queue(tmp_path)
