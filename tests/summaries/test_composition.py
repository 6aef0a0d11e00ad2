"""What a data set is made of, against brute force over its rows."""

import json
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.records import Origin
from longtail.summaries import sources
from longtail.summaries.composition import WEAK, Composition
from longtail.summaries.profiling import profile
from longtail.summaries.sources import Sources, is_web, site_of

TAGS = st.sampled_from([None, "robot", "human", "synthetic", "model_edited", "unknown"])
ROWS = st.fixed_dictionaries({
    "lt_origin": TAGS,
    "lt_evidence": st.sampled_from([None, "none", "asserted", "signed", "rumour"]),
    "lt_time": st.sampled_from([None, "2021-05-06T00:00:00+00:00", "2022-11-30T00:00:00+00:00", "2024-01-31T10:00:00+00:00"]),
    "lt_depth": st.sampled_from([None, "0", "2"]),
    "lt_model": st.sampled_from([None, "m"]),
    "lt_decoding": st.sampled_from([None, "{}", '{"prompt_id": 3}', '{"top_p": 0.9}']),
    "lt_weight": st.sampled_from([None, "0.3", "1.0", "0.125"]),
    "lt_source": st.sampled_from([None, "web", "http://a.org/1", "https://A.org/2?x", "notes"]),
})  # fmt: skip
NAMES = ("lt_origin", "lt_evidence", "lt_time", "lt_depth", "lt_model", "lt_decoding", "lt_weight", "lt_source")


def batch_of(rows):
    names = ["lt_origin", "lt_evidence", "lt_time", "lt_depth", "lt_model", "lt_decoding", "lt_weight", "lt_source"]
    return pa.record_batch(
        {"text": pa.array(["x"] * len(rows))} | {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
    )


def composed(rows):
    made = Composition()
    made.add(batch_of(rows))
    return made


def test_texts_that_state_nothing_count_alone_as_they_do_among_others():
    silent = dict.fromkeys(NAMES)
    stated = silent | {"lt_origin": "human", "lt_weight": "0.3"}
    alone = composed([silent] * 3)
    assert alone.origins == {"untagged": 3} and alone.axes["month"] == {("untagged", "unstated"): 3}
    without_columns = Composition()
    without_columns.add(pa.record_batch({"text": ["x"] * 3}))
    assert without_columns.to_dict() == alone.to_dict()
    alone.merge(composed([stated]))
    assert alone.to_dict() == composed([silent, stated, silent, silent]).to_dict()


def origin_of(row):
    tag = row["lt_origin"]
    return "untagged" if tag is None else tag if tag in set(Origin) else "unknown"


@given(st.lists(ROWS, max_size=40))
@settings(max_examples=150)
def test_every_count_is_that_of_a_loop_over_the_rows(rows):
    made = composed(rows)
    assert made.origins == dict(sorted(Counter(map(origin_of, rows)).items()))
    assert made.tagged == sum(origin_of(row) not in ("untagged", "unknown") for row in rows)
    kinds = {"asserted", "signed", "none"}
    said = {
        "evidence": lambda row: row["lt_evidence"] if row["lt_evidence"] in kinds else None,
        "depth": lambda row: row["lt_depth"],
        "month": lambda row: row["lt_time"] and row["lt_time"][:7],
        "model": lambda row: row["lt_model"] and "stated",
        "decoding": lambda row: "stated" if "top_p" in (row["lt_decoding"] or "") else None,
    }
    for name, value in said.items():
        assert made.axes[name] == Counter((origin_of(row), value(row) or "unstated") for row in rows)
    assert made.unproven == Counter(
        (row["lt_time"] or "unstated")[:10]
        for row in rows
        if row["lt_origin"] == "human" and (row["lt_evidence"] if row["lt_evidence"] in kinds else "unstated") in WEAK
    )


@given(st.lists(ROWS, max_size=40))
@settings(max_examples=60)
def test_mean_weights_are_those_of_the_rows_that_state_one(rows):
    made = composed(rows)
    for origin in {origin_of(row) for row in rows}:
        stated = [float(row["lt_weight"]) for row in rows if origin_of(row) == origin and row["lt_weight"]]
        found = made.weight_of(origin)
        assert (found is None) == (not stated)
        assert found is None or found == pytest.approx(sum(stated) / len(stated), abs=1e-6)


@given(st.lists(ROWS, max_size=40))
@settings(max_examples=60)
def test_sources_are_counted_by_site_and_origin(rows):
    made = composed(rows).sources
    sites = {"web": "web", "http://a.org/1": "https://a.org", "https://A.org/2?x": "https://a.org", "notes": "notes"}
    expected = Counter((sites[row["lt_source"]], origin_of(row)) for row in rows if row["lt_source"])
    assert Counter({(source, origin): count for source, found in made.counts.items() for origin, count in found.items()}) == expected
    assert made.web == Counter(origin_of(row) for row in rows if row["lt_source"] and row["lt_source"] != "notes")
    assert made.stated == Counter(origin_of(row) for row in rows if row["lt_source"])


def test_of_too_many_sources_those_kept_are_counted_exactly_and_the_total_holds(monkeypatch):
    monkeypatch.setattr(sources, "SOURCES_KEPT", 50)
    made = Sources()
    rows = [f"source {number % 300}" for number in range(3000)]
    for start in range(0, 3000, 70):
        made.add(pa.record_batch({"text": rows[start : start + 70], "lt_source": rows[start : start + 70]}))
    assert len(made.counts) == 50
    assert set(map(json.dumps, made.counts.values())) == {'{"untagged": 10}'}
    assert made.stated == {"untagged": 3000}


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("HTTP://User:secret@Example.ORG:80/a/b?c#d", "https://example.org:80"),
        ("https://example.org?x", "https://example.org"),
        (" Web ", "web"),
        ("web archive 2019", "web archive 2019"),
        ("s" * 300, "s" * 200),
        ("https://[broken", "https://[broken"),
    ],
)
def test_a_page_of_the_web_is_named_by_its_site_without_who_asked_for_it(written, site):
    assert site_of(written) == site
    assert is_web(site) == (site == "web" or site.startswith("https://"))


PLAIN = [
    {"text": "a", "lt_origin": "human", "lt_time": "2025-03-04T23:30:00-02:00", "lt_depth": 0, "lt_weight": 0.25, "lt_evidence": "signed"},
    {"text": "b", "lt_origin": "synthetic", "lt_time": 1_700_000_000, "lt_depth": "2", "lt_weight": "0.5", "lt_model": "m 1"},
    {"text": "c", "lt_time": "soon", "lt_depth": -1, "lt_weight": float("nan"), "lt_source": "https://a.org/x"},
]


def test_the_same_columns_in_rows_and_in_arrow_say_the_same():
    typed = pa.table({
        "text": ["a", "b", "c"],
        "lt_origin": pa.array(["human", "synthetic", None]).dictionary_encode(),
        "lt_time": pa.array([1_741_138_200_000_000, 1_700_000_000_000_000, None], pa.timestamp("us", tz="Europe/Berlin")),
        "lt_depth": pa.array([0, 2, None], pa.int16()),
        "lt_weight": pa.array([0.25, 0.5, float("nan")], pa.float32()),
        "lt_evidence": ["signed", None, None],
        "lt_model": [None, "m 1", None],
        "lt_source": [None, None, "https://a.org/x"],
    })  # fmt: skip
    rows, table = profile(PLAIN).composition, profile(typed).composition
    assert rows.to_dict() == table.to_dict()
    assert rows.axes["month"] == {("human", "2025-03"): 1, ("synthetic", "2023-11"): 1, ("untagged", "unstated"): 1}
    assert rows.axes["depth"] == {("human", "0"): 1, ("synthetic", "2"): 1, ("untagged", "unstated"): 1}
    assert rows.weighted == {"human": 1, "synthetic": 1}
