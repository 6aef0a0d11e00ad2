"""The current view against a plain Python reckoning of what was said."""

import random
from collections import defaultdict
from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.ledger.store import Ledger
from longtail.ledger.store.current import COLUMNS, current
from longtail.ledger.store.reading import connect
from longtail.ledger.store.tables import ROWS
from longtail.records import Evidence, Origin

STRENGTH = ["none", "inherited", "measured", "asserted", "watermark", "signed"]
IDS = ["a", "b", "it's", "nul\0byte", "naïve 文書 🙂", '"; DROP TABLE rows; --', " "]
TEXTS = st.one_of(st.none(), st.sampled_from(["x", "y", "z\0", "ö"]))
STATEMENT = st.fixed_dictionaries(
    {
        "lt_id": st.sampled_from(IDS),
        "lt_origin": st.sampled_from([origin.value for origin in Origin]),
        "lt_evidence": st.one_of(st.none(), st.sampled_from([evidence.value for evidence in Evidence])),
        "lt_model": TEXTS,
        "lt_source": TEXTS,
        "lt_depth": st.one_of(st.none(), st.integers(0, 5)),
        "revision": st.sampled_from([0, 0, 0, 1, 2]),
    }
)
SHOWN = ("lt_id", "lt_origin", "lt_evidence", "lt_model", "lt_source", "lt_depth", "revision")


def reckoned(statements):
    """What is held of each document."""
    by_id = defaultdict(list)
    for each in statements:
        by_id[each["lt_id"]].append(each)
    found = {}
    for one, said in by_id.items():
        latest = [each for each in said if each["revision"] == max(each["revision"] for each in said)]
        known = [Origin(each["lt_origin"]) for each in latest if each["lt_origin"] != "unknown"]
        origin = Origin.merged(known).value
        chosen = [each for each in latest if each["lt_origin"] == origin]
        row = {name: max((each[name] for each in chosen if each[name] is not None), default=None) for name in SHOWN}
        evidence = [each["lt_evidence"] for each in chosen if each["lt_evidence"] is not None]
        found[one] = row | {"lt_evidence": max(evidence, key=STRENGTH.index, default=None)}
    return found


def view(statements, ids=None, columns=SHOWN):
    rows = pa.Table.from_pylist([{"batch": "b", **each} for each in statements], schema=ROWS)
    connection = connected()
    connection.register("said", rows)
    return {row["lt_id"]: row for row in connection.sql(current("said", ids, columns)).to_arrow_table().to_pylist()}


@cache
def connected():
    return connect()


@given(st.lists(STATEMENT, max_size=12), st.randoms(use_true_random=False))
def test_the_view_is_what_a_plain_reckoning_finds_in_any_order(statements, rng):
    shuffled = rng.sample(statements, len(statements))
    assert view(shuffled) == reckoned(statements)


@settings(max_examples=40)
@given(st.lists(STATEMENT, max_size=6), st.lists(STATEMENT, max_size=6))
def test_statements_can_be_taken_together_in_parts_and_again(one, other):
    part = list(view(one).values())
    assert view([*part, *other]) == view([*one, *other]) == view([*other, *one, *other, *one])


@pytest.mark.parametrize("origin", [origin for origin in Origin if origin is not Origin.UNKNOWN])
def test_unknown_says_nothing_against_any_known_origin(origin):
    said = [{"lt_id": "a", "lt_origin": each, "revision": 0} for each in ("unknown", origin.value, "unknown")]
    assert view(said)["a"]["lt_origin"] == origin.value


@pytest.mark.parametrize("more", list(Origin))
@pytest.mark.parametrize("less", list(Origin))
def test_the_least_human_known_origin_is_that_of_merging(more, less):
    known = [origin for origin in (more, less) if origin is not Origin.UNKNOWN]
    said = [{"lt_id": "a", "lt_origin": each.value, "revision": 0} for each in (more, less)]
    assert view(said)["a"]["lt_origin"] == Origin.merged(known)


def test_statements_and_unlike_known_origins_are_counted():
    said = [{"lt_id": "a", "lt_origin": each, "revision": 0} for each in ("unknown", "human", "human", "synthetic")]
    assert view(said, columns=("lt_id", "statements", "origins"))["a"] == {"lt_id": "a", "statements": 4, "origins": 2}


# --------------------------------------------------------------------------------------------------------------- in the store


def held(ledger, ids=None, columns=SHOWN):
    return {row["lt_id"]: row for batch in ledger.current(ids, columns) for row in batch.to_pylist()}


@settings(max_examples=6)
@given(st.lists(STATEMENT, min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_writers_that_share_statements_out_among_commits_hold_the_same(tmp_path_factory, statements, rng):
    statements = [each | {"revision": 0} for each in statements]
    folder = tmp_path_factory.mktemp("current") / "ledger"
    writers = [Ledger.create(folder), Ledger.open(folder, buffered=2)]
    for each in rng.sample(statements, len(statements)):
        writer = rng.choice(writers)
        writer.add([each])
        if rng.random() < 0.5:
            writer.flush()
    for writer in writers:
        writer.close()
    with Ledger.open(folder) as ledger:
        assert held(ledger) == reckoned(statements)
        ledger.compact()
        assert held(ledger) == reckoned(statements)


def test_corrections_supersede_and_concurrent_ones_are_taken_together_in_either_order(tmp_path):
    found = []
    for order in (0, 1):
        folder = tmp_path / str(order)
        with Ledger.create(folder) as ledger:
            ledger.add([{"lt_id": "a", "lt_origin": "synthetic", "lt_model": "m", "lt_license": "MIT"}], "d")
        writers = [Ledger.open(folder), Ledger.open(folder)]
        said = [{"lt_id": "a", "lt_origin": "human", "lt_depth": 0}, {"lt_id": "a", "lt_origin": "human_edited", "lt_model": None}]
        for writer, correction in zip(writers, said, strict=True):
            writer.correct([correction], "both at once")
        for writer in writers[:: 1 if order else -1]:
            writer.close()
        with Ledger.open(folder) as ledger:
            ledger.add([{"lt_id": "a", "lt_origin": "mixed"}])
            ledger.flush()
            found.append(held(ledger, columns=(*COLUMNS, "revision", "dataset"))["a"])
    assert found[0] == found[1]
    assert {name: found[0][name] for name in ("lt_origin", "lt_license", "revision", "dataset")} == {
        "lt_origin": "human_edited", "lt_license": "MIT", "revision": 1, "dataset": "d",
    }  # fmt: skip


def test_a_correction_of_a_correction_counts_and_all_that_was_said_stays(tmp_path):
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add([{"lt_id": "a", "lt_origin": "human"}])
        ledger.correct([{"lt_id": "a", "lt_origin": "synthetic"}], "it was ours")
        ledger.correct([{"lt_id": "a", "lt_origin": "unknown"}], "it was not")
        ledger.flush()
        assert held(ledger, columns=("lt_id", "lt_origin", "revision", "statements", "note")) == {
            "a": {"lt_id": "a", "lt_origin": "unknown", "revision": 2, "statements": 3, "note": "it was not"}
        }


@pytest.mark.parametrize("count", [0, 1, 64, 65, 500])
def test_any_number_of_ids_can_be_asked_for_whatever_is_in_them(tmp_path, count):
    odd = [*IDS, "x" * 1_000_000]
    ids = [*odd, *(f"id-{each}" for each in range(1000))]
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add([{"lt_id": one, "lt_origin": "human"} for one in ids])
        ledger.flush()
        wanted = ids[:count]
        assert held(ledger, [*wanted, *wanted, "not there"], ("lt_id",)).keys() == set(wanted)


def test_two_questions_at_once_do_not_get_in_each_others_way(tmp_path):
    rng = random.Random(1)
    ids = [f"id-{each}" for each in range(400)]
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add([{"lt_id": one, "lt_origin": "human"} for one in ids])
        ledger.flush()
        asked = [rng.sample(ids, 100) for _ in range(3)]
        answers = [ledger.current(one, ("lt_id",)) for one in asked]
        firsts = [next(answer) for answer in answers]
        for wanted, first, rest in zip(asked, firsts, answers, strict=True):
            assert {each for batch in (first, *rest) for each in batch.column(0).to_pylist()} == set(wanted)


def test_parents_and_verdicts_never_rewrite_rows(tmp_path):
    with Ledger.create(tmp_path / "l") as ledger:
        ledger.add([{"lt_id": "a", "lt_origin": "human", "lt_parents": ["p", "q"]}])
        ledger.flush()
        before = (ledger.table("rows").version, ledger.table("rows").files())
        ledger.judge([{"lt_id": "a", "name": "gate", "status": "pass", "score": 0.5}, {"lt_id": "b", "name": "gate", "status": "fail"}])
        assert (ledger.table("rows").version, ledger.table("rows").files()) == before
        assert ledger.table("verdicts").version == 1
    with Ledger.open(tmp_path / "l") as ledger:
        assert ledger.table("rows").version == before[0]
        answer = ledger.query(lambda t: f"SELECT lt_id, parent FROM {t['parents']} ORDER BY ALL", "parents")
        assert [tuple(row.values()) for batch in answer for row in batch.to_pylist()] == [("a", "p"), ("a", "q")]
