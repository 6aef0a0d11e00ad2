"""Clients of the OpenAI kind: shaped after the real one, and the real one with a transport that answers by itself."""

import asyncio
import importlib
import json
from types import SimpleNamespace as Shape

import pytest

from longtail.errors import UsageError
from longtail.ledger.columns import identity
from longtail.ledger.generators import retrieved, tagged

CHAT = [{"role": "user", "content": "hello"}]


class Rows(list):
    def add(self, rows):
        self.extend(rows)


class Broken:
    def add(self, rows):
        raise OSError("full")


@pytest.fixture
def rows():
    return Rows()


def chunk(text=None, index=0, model="m-1", **more):
    return Shape(model=model, choices=[Shape(index=index, delta=Shape(content=text), finish_reason=None)], **more)


class FakeStream:
    def __init__(self, chunks):
        self.chunks, self.closed, self.response = iter(chunks), False, "the response"

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.chunks)

    def close(self):
        self.closed = True


class FakeCompletions:
    """What `chat.completions` and `completions` do, with answers handed in."""

    def __init__(self, answer):
        self.answer, self.asked = answer, None

    def create(self, **asked):
        self.asked = asked
        return self.answer

    def list(self):
        return ["stored"]


def client_of(answer):
    made = FakeCompletions(answer)
    return Shape(
        chat=Shape(completions=made), completions=made, models=Shape(list=lambda: ["m-1"]), with_options=lambda **k: client_of(answer)
    )


def completion(*texts, **more):
    return Shape(
        model="m-1", choices=[Shape(index=n, message=Shape(role="assistant", content=text)) for n, text in enumerate(texts)], **more
    )


def decoding(row):
    return json.loads(row["lt_decoding"])


def test_a_completion_comes_back_as_it_is_and_each_choice_has_a_row(rows):
    answer = completion("a", "b", system_fingerprint="fp_44")
    client = client_of(answer)
    wrapped = tagged(client, rows, depth=2)
    asked = {
        "model": "m",
        "messages": CHAT,
        "n": 2,
        "temperature": 0.2,
        "max_completion_tokens": 9,
        "extra_body": {"top_k": 40},
        "stop": "x",
    }
    assert wrapped.chat.completions.create(**asked) is answer
    assert client.chat.completions.asked == asked
    assert [row["text"] for row in rows] == ["a", "b"]
    assert {row["lt_model"] for row in rows} == {"m-1@fp_44"} and {row["lt_depth"] for row in rows} == {2}
    assert decoding(rows[0]) == {"temperature": 0.2, "max_tokens": 9, "top_k": 40, "prompt_id": identity({"messages": CHAT})}


def test_everything_else_is_the_client_s(rows):
    wrapped = tagged(client_of(completion("a")), rows)
    assert wrapped.models.list() == ["m-1"] and wrapped.chat.completions.list() == ["stored"]
    with pytest.raises(AttributeError, match="no_such_thing"):
        assert wrapped.no_such_thing
    wrapped.with_options(timeout=3).chat.completions.create(model="m", messages=CHAT)
    assert [row["text"] for row in rows] == ["a"]


def test_the_model_asked_for_stands_in_for_one_that_is_not_answered(rows):
    tagged(client_of(Shape(choices=[Shape(index=0, text="a")])), rows, revision="r").completions.create(model="m", prompt="p")
    assert rows[0]["lt_model"] == "m@r"


def test_choices_of_several_prompts_answer_their_own(rows):
    answer = Shape(model="m", choices=[Shape(index=n, text=f"t{n}") for n in (1, 0, 3, 2)])
    tagged(client_of(answer), rows).completions.create(model="m", prompt=["p", "q"], n=2)
    told = {row["text"]: decoding(row)["prompt_id"] for row in rows}
    p, q = identity({"prompt": "p"}), identity({"prompt": "q"})
    assert told == {"t0": p, "t1": p, "t2": q, "t3": q}


CHUNKS = [chunk(), chunk("He"), chunk("Yes", 1), chunk("llo"), Shape(model="m-1", choices=[], usage=3), chunk(None)]


def test_a_stream_is_handed_on_chunk_by_chunk_and_recorded_whole(rows):
    stream = FakeStream(CHUNKS)
    with retrieved("x"):
        wrapped = tagged(client_of(stream), rows).chat.completions.create(model="m", messages=CHAT, stream=True, top_p=0.5)
    assert wrapped.response == "the response"
    assert [next(wrapped), *wrapped] == CHUNKS
    assert [(row["text"], row["lt_model"], row["lt_parents"]) for row in rows] == [("Hello", "m-1", ["x"]), ("Yes", "m-1", ["x"])]
    assert decoding(rows[0])["top_p"] == 0.5


def leave_early(stream):
    for _, each in zip(range(2), stream, strict=False):
        assert each


def close_early(stream):
    next(stream), next(stream)
    stream.close()


def leave_block(stream):
    with stream as opened:
        next(opened), next(opened)


@pytest.mark.parametrize("reading", [leave_early, close_early, leave_block])
def test_a_stream_that_is_left_early_is_recorded_as_far_as_it_was_handed_out(rows, reading):
    stream = FakeStream(CHUNKS)
    wrapped = tagged(client_of(stream), rows).chat.completions.create(stream=True, messages=CHAT)
    reading(wrapped)
    wrapped.close()
    assert stream.closed
    assert [row["text"] for row in rows] == ["He"]


def test_a_stream_that_breaks_off_is_recorded_and_its_error_is_its_own(rows):
    def chunks():
        yield chunk("He")
        raise ConnectionError("gone")

    wrapped = tagged(client_of(FakeStream(chunks())), rows).chat.completions.create(stream=True, messages=CHAT)
    with pytest.raises(ConnectionError, match="gone"):
        list(wrapped)
    assert [row["text"] for row in rows] == ["He"]


def test_a_sink_that_fails_stops_the_caller(rows):
    with pytest.raises(UsageError, match="an output of m-1 could not be recorded and would go untagged: full"):
        tagged(client_of(completion("a")), Broken()).chat.completions.create(messages=CHAT)
    with pytest.raises(UsageError, match="would go untagged: full"):
        list(tagged(client_of(FakeStream(CHUNKS)), Broken()).chat.completions.create(messages=CHAT, stream=True))


@pytest.mark.parametrize("name", ["beta", "with_raw_response", "with_streaming_response"])
def test_ways_around_the_record_are_closed(rows, name):
    with pytest.raises(UsageError, match=f"outputs of {name} are not recorded; use create"):
        getattr(tagged(client_of(None), rows), name)
    with pytest.raises(UsageError, match="outputs of chat.completions.stream are not recorded"):
        assert tagged(client_of(None), rows).chat.completions.stream


def test_async_clients_and_streams(rows):
    class AsyncFake:
        def __init__(self, answer):
            self.answer = answer

        async def create(self, **asked):
            return self.answer

    class Chunks:
        def __init__(self):
            self.left = iter(CHUNKS)

        def __aiter__(self):
            return self

        async def __anext__(self):
            try:
                return next(self.left)
            except StopIteration:
                raise StopAsyncIteration from None

    def of(answer):
        return tagged(Shape(chat=Shape(completions=AsyncFake(answer))), rows)

    async def run():
        assert (await of(completion("a")).chat.completions.create(messages=CHAT)).choices[0].message.content == "a"
        stream = await of(Chunks()).chat.completions.create(messages=CHAT, stream=True)
        assert [each async for each in stream] == CHUNKS
        async with await of(Chunks()).chat.completions.create(messages=CHAT, stream=True) as left:
            assert await anext(left) is CHUNKS[0] and await anext(left) is CHUNKS[1]

    asyncio.run(run())
    assert [row["text"] for row in rows] == ["a", "Hello", "Yes", "He"]


# ---------------------------------------------------------------------------------------------- the real client, where it is


def told(text, **more):
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "real-1",
        "choices": [{"index": 0, "finish_reason": "stop"} | text],
        **more,
    }


ANSWERS = {
    "/v1/chat/completions": told({"message": {"role": "assistant", "content": "Hi."}}, system_fingerprint="fp_1"),
    "/v1/completions": told({"text": "there"}),
    "/v1/responses": {
        "id": "r", "object": "response", "created_at": 1, "model": "real-1", "tools": [], "tool_choice": "auto",
        "parallel_tool_calls": False,
        "output": [
            {"id": "o", "type": "message", "role": "assistant", "status": "completed",
             "content": [{"type": "output_text", "text": "So.", "annotations": []}]}
        ],
    },
}  # fmt: skip
PIECES = [told({"delta": {"role": "assistant", "content": ""}}), told({"delta": {"content": "Hi"}}), told({"delta": {"content": "."}})]
EVENTS = [
    {"type": "response.created", "response": ANSWERS["/v1/responses"] | {"output": []}, "sequence_number": 0},
    *(
        {
            "type": "response.output_text.delta",
            "delta": text,
            "item_id": "o",
            "output_index": 0,
            "content_index": 0,
            "sequence_number": n,
            "logprobs": [],
        }
        for n, text in enumerate(("So", "."), 1)
    ),
]


@pytest.fixture(params=["OpenAI", "AsyncOpenAI"])
def real(request):
    openai = pytest.importorskip("openai")
    inside = vars(importlib.import_module("openai._base_client"))
    web = inside.get("httpx2") or inside["httpx"]

    def answer(sent):
        asked = json.loads(sent.content)
        if not asked.get("stream"):
            return web.Response(200, json=ANSWERS[sent.url.path])
        sent_back = EVENTS if sent.url.path == "/v1/responses" else PIECES
        lines = [f"event: {each.get('type')}\n" * ("type" in each) + f"data: {json.dumps(each)}\n\n" for each in sent_back]
        return web.Response(200, headers={"content-type": "text/event-stream"}, content="".join([*lines, "data: [DONE]\n\n"]).encode())

    transport = web.MockTransport(answer)
    http = web.AsyncClient(transport=transport) if request.param == "AsyncOpenAI" else web.Client(transport=transport)
    return getattr(openai, request.param)(api_key="none", http_client=http)


def settled(result):
    async def collected(stream):
        return [each async for each in stream]

    async def whole(coroutine):
        found = await coroutine
        return await collected(found) if hasattr(found, "__aiter__") else found

    if asyncio.iscoroutine(result):
        return asyncio.run(whole(result))
    return list(result) if hasattr(result, "__next__") else result


ASKED = {
    ("chat", "completions"): ({"messages": CHAT, "temperature": 0.5, "max_tokens": 7}, "Hi.", {"messages": CHAT}),
    ("completions",): ({"prompt": "go", "temperature": 0.5, "max_tokens": 7}, "there", {"prompt": "go"}),
    ("responses",): ({"input": "go", "temperature": 0.5, "max_output_tokens": 7}, "So.", {"prompt": "go"}),
}


@pytest.mark.parametrize("way", ASKED, ids=".".join)
def test_the_real_client_writes_tagged(real, rows, way):
    part, (asked, text, prompt) = tagged(real, rows, trained_on=0), ASKED[way]
    for name in way:
        part = getattr(part, name)
    result = settled(part.create(model="m", **asked))
    assert result.model == "real-1"
    assert [(row["text"], row["lt_depth"]) for row in rows] == [(text, 1)]
    assert rows[0]["lt_model"] == ("real-1@fp_1" if "chat" in way else "real-1")
    assert decoding(rows[0]) == {"max_tokens": 7, "temperature": 0.5, "prompt_id": identity(prompt)}


@pytest.mark.parametrize(("way", "text"), [(("chat", "completions"), "Hi."), (("responses",), "So.")], ids=["chat", "responses"])
def test_streams_of_the_real_client_are_recorded_whole(real, rows, way, text):
    part = tagged(real, rows)
    for name in way:
        part = getattr(part, name)
    found = settled(part.create(model="m", stream=True, **ASKED[way][0]))
    assert len(found) == 3 and type(found[0]).__module__.startswith("openai.")
    assert [(row["text"], row["lt_model"]) for row in rows] == [(text, "real-1")]


def test_the_real_client_s_other_ways_are_closed_or_kept(real, rows):
    wrapped = tagged(real, rows)
    for way in (
        lambda: wrapped.chat.completions.stream,
        lambda: wrapped.responses.stream,
        lambda: wrapped.responses.parse,
        lambda: wrapped.beta,
    ):
        with pytest.raises(UsageError, match="are not recorded"):
            way()
    settled(wrapped.with_options(max_retries=0).chat.completions.create(model="m", messages=CHAT))
    assert [row["text"] for row in rows] == ["Hi."]
    assert wrapped.base_url == real.base_url
