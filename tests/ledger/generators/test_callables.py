"""Callables and iterators: outputs come back unchanged, and each has a row."""

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest

from longtail.errors import ConfigError, UsageError
from longtail.ledger.columns import identity
from longtail.ledger.generators import retrieved, tagged
from longtail.ledger.store.ledger import Ledger


class Rows(list):
    def add(self, rows):
        self.extend(rows)


class Broken:
    def add(self, rows):
        raise OSError("the disk\nis full")


@pytest.fixture
def rows():
    return Rows()


def test_a_row_says_all_there_is_to_say(rows):
    before = datetime.now(UTC)
    write = tagged(
        lambda prompt, temperature=1.0: f"on {prompt}",
        rows,
        model="m",
        revision="3f2c",
        trained_on=1,
        source="run 7",
        decoding={"top_k": 5},
    )
    assert write("cats", temperature=0.7) == "on cats"
    row = rows[0]
    assert before - timedelta(seconds=1) <= row.pop("lt_time") <= datetime.now(UTC)
    assert row == {
        "text": "on cats",
        "lt_id": identity({"text": "on cats"}),
        "lt_origin": "synthetic",
        "lt_evidence": "asserted",
        "lt_source": "run 7",
        "lt_model": "m@3f2c",
        "lt_depth": 2,
        "lt_decoding": json.dumps({"prompt_id": identity({"prompt": "cats"}), "temperature": 0.7, "top_k": 5}, separators=(",", ":")),
    }


def test_what_is_not_known_is_left_out(rows):
    tagged(lambda: "a", rows)()
    assert set(rows[0]) == {"text", "lt_id", "lt_origin", "lt_evidence", "lt_time"}


@pytest.mark.parametrize(
    ("options", "depth"),
    [
        ({}, None),
        ({"depth": 4}, 4),
        ({"trained_on": 0}, 1),
        ({"trained_on": lambda name: {"m": 2}.get(name)}, 3),
        ({"trained_on": lambda name: None}, None),
    ],
)
def test_the_depth_is_given_or_one_more_than_what_was_learned_from(rows, options, depth):
    tagged(lambda prompt: "a", rows, model="m", **options)("p")
    assert rows[0].get("lt_depth") == depth


@pytest.mark.parametrize(
    ("parents", "depth"),
    [
        ((), 1),
        (({"lt_id": "b", "lt_depth": 0},), 1),
        (({"lt_id": "b", "lt_depth": 3}, {"lt_id": "c", "lt_depth": 1}), 4),
        (("b",), None),
        (({"lt_id": "b"},), None),
    ],
)
def test_parents_are_named_and_count_for_the_depth(rows, parents, depth):
    write = tagged(lambda prompt: "a", rows, trained_on=0)
    with retrieved(*parents):
        write("p")
    write("p")
    assert rows[0].get("lt_parents", []) == [each if isinstance(each, str) else each["lt_id"] for each in parents]
    assert rows[0].get("lt_depth") == depth
    assert "lt_parents" not in rows[1]


def test_what_comes_later_has_the_parents_of_its_call(rows):
    def write(prompt):
        yield "a"

    async def later(prompt):
        await asyncio.sleep(0)
        return "b"

    with retrieved("x"):
        results, coroutine = tagged(write, rows)("p"), tagged(later, rows)("p")
    assert list(results) == ["a"]
    with retrieved("y"):
        assert asyncio.run(coroutine) == "b"
    assert rows[0]["lt_parents"] == ["x"]
    assert rows[1]["lt_parents"] == ["y"]  # the call itself runs when it is awaited


@pytest.mark.parametrize(
    ("output", "contents"),
    [
        ("a", [{"text": "a"}]),
        (["a", "b"], [{"text": "a"}, {"text": "b"}]),
        (("a",), [{"text": "a"}]),
        ([], []),
        ({"completion": "a", "score": 0.5}, [{"completion": "a"}]),
        ([{"text": "a"}, {"instruction": "i", "output": "o", "n": 1}], [{"text": "a"}, {"instruction": "i", "output": "o"}]),
        ([{"role": "assistant", "content": "a"}], [{"messages": [{"role": "assistant", "content": "a"}]}]),
        ({"messages": [{"role": "user", "content": "q", "name": None}]}, [{"messages": [{"role": "user", "content": "q"}]}]),
        (
            {"choices": [{"index": 0, "text": "a"}, {"index": 1, "message": {"content": "b"}}, {"message": {"tool_calls": [1]}}]},
            [{"text": "a"}, {"text": "b"}],
        ),
    ],
)
def test_outputs_of_every_form_have_a_row_each(rows, output, contents):
    assert tagged(lambda prompt: output, rows)("p") is output
    assert [{name: value for name, value in row.items() if not name.startswith("lt_")} for row in rows] == contents
    assert [row["lt_id"] for row in rows] == [identity(content) for content in contents]


def prompt_of(row):
    return json.loads(row["lt_decoding"])["prompt_id"]


def test_outputs_of_a_batch_answer_its_prompts_one_by_one(rows):
    assert tagged(lambda prompts: [prompt.upper() for prompt in prompts], rows)(["a", "b"]) == ["A", "B"]
    assert [prompt_of(row) for row in rows] == [identity({"prompt": "a"}), identity({"prompt": "b"})]


def test_a_chat_is_one_prompt(rows):
    chat = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "r"}]
    tagged(lambda messages: ["a", "b"], rows)(messages=chat)
    assert [prompt_of(row) for row in rows] == [identity({"messages": chat})] * 2


def test_iterators_are_recorded_as_they_come(rows):
    def write(prompt):
        yield f"{prompt} 1"
        yield f"{prompt} 2"

    results = tagged(write, rows, model="m")("p")
    assert rows == []
    assert next(results) == "p 1" and [row["text"] for row in rows] == ["p 1"]
    assert list(results) == ["p 2"] and len(rows) == 2
    assert list(tagged(iter(["x", "y"]), rows, model="n")) == ["x", "y"]
    assert [row["lt_model"] for row in rows] == ["m", "m", "n", "n"]


def test_async_functions_and_iterators(rows):
    async def write(prompt, top_p=1.0):
        return prompt * 2

    async def each(prompt):
        yield prompt
        yield prompt + "!"

    async def run():
        wrapped = tagged(write, rows)
        assert asyncio.iscoroutinefunction(wrapped)
        assert await wrapped("a", top_p=0.5) == "aa"
        return [text async for text in tagged(each, rows)("b")]

    assert asyncio.run(run()) == ["b", "b!"]
    assert [row["text"] for row in rows] == ["aa", "b", "b!"]
    assert json.loads(rows[0]["lt_decoding"])["top_p"] == 0.5


@pytest.mark.parametrize("output", [1.5, None, {"score": 1}, object(), {"choices": [{"delta": {"content": "a"}}]}, "\ud800"])
def test_what_cannot_be_tagged_is_kept_back(rows, output):
    with pytest.raises(UsageError, match="an output of m could not be recorded and would go untagged: .+"):
        tagged(lambda prompt: output, rows, model="m")("p")
    assert rows == []


def test_a_sink_that_fails_keeps_the_output_back_or_warns():
    with pytest.raises(UsageError, match="could not be recorded and would go untagged: the disk is full; mend the sink"):
        tagged(lambda prompt: "a", Broken(), model="m")("p")
    with pytest.warns(RuntimeWarning, match="an output of m could not be recorded and would go untagged: the disk is full"):
        assert tagged(lambda prompt: "a", Broken(), model="m", on_error="warn")("p") == "a"
    handed = []
    with pytest.raises(UsageError, match="would go untagged"):
        handed.extend(tagged(iter("ab"), Broken()))
    assert handed == []


def test_an_error_of_the_generator_is_its_own(rows):
    with pytest.raises(ZeroDivisionError):
        tagged(lambda prompt: 1 / 0, rows)("p")
    assert rows == []


def test_threads_lose_nothing_and_mix_nothing_up(tmp_path):
    path = tmp_path / "rows.jsonl"
    write = tagged(lambda prompt: [f"{prompt} {n}" for n in range(20)], path, model="m")

    def run(thread):
        for turn in range(10):
            with retrieved(f"{thread}"):
                write(f"{thread} {turn}")

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted(row["text"] for row in rows) == sorted(f"{a} {b} {c}" for a in range(8) for b in range(10) for c in range(20))
    assert all(row["lt_parents"] == [row["text"].split()[0]] for row in rows)


def test_a_file_is_appended_to_and_a_line_that_was_cut_is_closed(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text": "old"}\n{"text": "cut of')
    tagged(lambda prompt: "new\x00\n", path)("p")
    lines = path.read_bytes().split(b"\n")
    assert lines[:2] == [b'{"text": "old"}', b'{"text": "cut of']
    assert json.loads(lines[2])["text"] == "new\x00\n" and lines[3:] == [b""]
    assert json.loads(lines[2])["lt_time"].endswith("Z")


def test_a_full_disk_is_an_error(tmp_path):
    with pytest.raises(UsageError, match="No space left on device"):
        tagged(lambda prompt: "a", "/dev/full")("p")


def test_the_ledger_is_a_sink(tmp_path):
    with Ledger.create(tmp_path / "ledger") as ledger:
        with retrieved({"lt_id": "c" * 32, "lt_depth": 2}):
            tagged(lambda prompt: "a", ledger, model="m", trained_on=0)("p")
        ledger.flush()
        held = [row for batch in ledger.current() for row in batch.to_pylist()]
    assert [(row["lt_id"], row["lt_origin"], row["lt_model"], row["lt_depth"]) for row in held] == [
        (identity({"text": "a"}), "synthetic", "m", 3)
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [({"depth": 0}, "depth is 0"), ({"depth": 2**15}, "depth is 32768"), ({"on_error": "pass"}, "on_error is 'pass'")],
)
def test_settings_out_of_range_are_refused(rows, options, words):
    with pytest.raises(ConfigError, match=words):
        tagged(lambda prompt: "a", rows, **options)


@pytest.mark.parametrize(
    ("generator", "sink", "words"),
    [(3, Rows(), "outputs of a int"), (len, 3, "a int takes no rows"), (len, "no/such/file", "cannot write")],
)
def test_what_is_no_generator_and_no_sink_is_refused(generator, sink, words):
    with pytest.raises(UsageError, match=words):
        tagged(generator, sink)


def test_a_function_keeps_its_name(rows):
    def write(prompt):
        """Write."""

    assert (tagged(write, rows).__name__, tagged(write, rows).__doc__) == ("write", "Write.")
