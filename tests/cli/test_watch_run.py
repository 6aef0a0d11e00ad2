"""`longtail watch` on a training run."""

import json
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from longtail.cli.watch import command
from tests.auditing.test_training import write_run
from tests.readers.rollouts.test_rollouts import write_trl


@pytest.fixture(scope="module")
def settling(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("runs") / "settling", 12, lambda step: min(1.0, 0.4 + step / 12))


def run(*arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_a_run_that_narrows_exits_1_and_says_since_when(settling):
    found = run(settling)
    assert found.exit_code == 1
    assert "LT306 fail  format mix, since step" in found.stdout


def test_json_holds_every_guard_and_nothing_else_is_printed(settling, tmp_path):
    found = run(settling, "--json", "--out", tmp_path / "run.json")
    told = json.loads(found.stdout)
    assert [guard["guard"] for guard in told["guards"]][0] == "format_mix"
    assert {guard["guard"] for guard in told["guards"]} == {"format_mix", "entropy", "shortcuts", "lone_success", "divergence"}
    assert json.loads((tmp_path / "run.json").read_text()) == told
    assert run(settling, "--json").stdout == found.stdout


def test_a_page_of_a_run_is_refused_before_anything_is_written(settling, tmp_path):
    found = run(settling, "--out", tmp_path / "run.html")
    assert isinstance(found.exception, Exception)
    assert "JSON is written" in str(found.exception)
    assert not (tmp_path / "run.html").exists()


def test_weights_of_rewards_are_asked_for_where_trl_holds_none_and_then_taken(tmp_path):
    rows = [(f"p{at}", "c", {"accuracy": 1.0, "length": -0.6}, 0.0) for at in range(4)]
    write_trl(tmp_path / "run", 1, rows)
    assert "each with weight 1" in run(tmp_path / "run").stdout
    assert "--reward-weights NAME=WEIGHT" in run(tmp_path / "run").stdout
    given = run(tmp_path / "run", "--reward-weights", "accuracy=1,length=0.1")
    assert given.exit_code == 0
    assert "each with weight" not in given.stdout
    assert "reward weight 'length': write NAME=NUMBER" in str(run(tmp_path / "run", "--reward-weights", "length").exception)


def test_dates_ask_for_dated_content_even_where_rollouts_lie(settling):
    found = run(settling, "--date-column", "day")
    assert "no column with text was recognised" in str(found.exception)


def test_a_live_run_is_followed_until_a_guard_fails_it(settling, tmp_path):
    live = tmp_path / "live"
    live.mkdir()
    files = sorted(settling.iterdir(), key=lambda path: int(path.stem))
    (live / files[0].name).write_bytes(files[0].read_bytes())
    start = [sys.executable, "-c", "from longtail.cli import main; main()", "watch", str(live), "--follow", "--every", "0.05"]
    process = subprocess.Popen(start, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for path in files[1:]:
        time.sleep(0.05)
        (live / path.name).write_bytes(path.read_bytes())
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "LT306 fail steps" in err
    assert "LT306 fail  format mix" in out


def test_an_interrupt_shows_what_was_seen(tmp_path, monkeypatch):
    def interrupted(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr("longtail.cli.watch_run.time.sleep", interrupted)
    found = run(write_run(tmp_path / "live", 8, lambda step: 0.4), "--follow")
    assert found.exit_code == 0
    assert "Nothing has surely moved" in found.stdout


def followed(folder, monkeypatch, changes):
    """What a following look says after each of some changes to a run, and how many verdicts that took."""
    import longtail.guards.monitor as monitor

    asked, waiting, ask = [], iter(changes), monitor.ask

    def slept(seconds):
        change = next(waiting, None)
        if change is None:
            raise KeyboardInterrupt
        change()

    monkeypatch.setattr("longtail.cli.watch_run.time.sleep", slept)
    monkeypatch.setattr(monitor, "ask", lambda *given: asked.append(given) or ask(*given))
    return json.loads(run(folder, "--follow", "--json").stdout), len(asked)


def test_a_run_that_is_followed_has_each_window_judged_once(tmp_path, monkeypatch):
    whole, live = write_run(tmp_path / "whole", 12, lambda step: 0.4), tmp_path / "live"
    live.mkdir()
    (live / "0.jsonl").write_bytes((whole / "0.jsonl").read_bytes())
    changes = [lambda step=step: (live / f"{step}.jsonl").write_bytes((whole / f"{step}.jsonl").read_bytes()) for step in range(1, 12)]
    found, asked = followed(live, monkeypatch, changes)
    assert found["looks"] == 4  # the last step waits until a later one shows that it is whole
    assert asked == 4 * 5


def test_a_run_that_went_back_is_judged_anew(tmp_path, monkeypatch):
    path = tmp_path / "run.jsonl"
    lines = [path.read_text() for path in sorted(write_run(tmp_path / "parts", 8, lambda step: 0.4).iterdir())]
    plain = [
        "".join(line.replace('"input"', '"prompt"').replace('"output"', '"completion"') + "\n" for line in part.splitlines())
        for part in lines
    ]
    path.write_text("".join(plain))
    again = [part.replace("because", "since") for part in plain[4:]]
    found, asked = followed(path, monkeypatch, [lambda: path.write_text("".join(plain + again))])
    assert (found["rollouts"], found["looks"]) == (1024, 2)
    assert asked == 2 * 2 * 5


def test_a_folder_that_holds_nothing_yet_is_waited_for_where_it_is_followed(tmp_path, monkeypatch):
    whole, live = write_run(tmp_path / "whole", 12, lambda step: 0.4), tmp_path / "live"
    live.mkdir()
    changes = [lambda step=step: (live / f"{step}.jsonl").write_bytes((whole / f"{step}.jsonl").read_bytes()) for step in range(12)]
    found, _ = followed(live, monkeypatch, changes)
    assert (found["kind"], found["looks"]) == ("verl", 4)


def test_what_is_neither_a_run_nor_dated_says_so_of_both(tmp_path, settling):
    two = tmp_path / "two"
    write_trl(two, 1, [("p", "c", {}, 0.0)])
    (two / "7.jsonl").write_bytes((settling / "7.jsonl").read_bytes())
    (tmp_path / "empty").mkdir()
    (tmp_path / "posts.jsonl").write_text('{"text": "a"}\n')
    for place, says in (
        ("none", "there is no such file or folder"),
        ("empty", "no rollouts here; looked for"),
        ("two", "rollouts of several kinds"),
        ("posts.jsonl", "no rollout"),
    ):
        message = str(run(tmp_path / place).exception)
        assert says in message and "for dated texts give --date-column NAME" in message
    assert "no such file" in str(run(tmp_path / "none", "--follow").exception)


def test_an_interrupt_before_anything_was_written_says_that_nothing_was_seen(tmp_path, monkeypatch):
    found, _ = followed(tmp_path, monkeypatch, [])
    assert (found["rollouts"], found["looks"]) == (0, 0)
