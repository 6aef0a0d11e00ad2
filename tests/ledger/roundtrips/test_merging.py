"""Documents put together from others get the least human of their origins, by brute force, wherever they are put together."""

from functools import partial
from itertools import product

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from longtail.auditing import audit
from longtail.ledger.adding import add_data
from longtail.ledger.columns import depth_of, identity, joined
from longtail.ledger.store import Ledger
from longtail.records import Origin

from .roundtrip_help import stated, write

NAMES = [origin.value for origin in Origin]
LESS_HUMAN = {
    "human": [],
    "model_edited": ["human", "human_edited"],
    "human_edited": ["human"],
    "human_selected": ["human", "model_edited", "human_edited"],
    "synthetic": ["human", "model_edited", "human_edited", "human_selected"],
    "mixed": ["human", "model_edited", "human_edited", "human_selected", "synthetic"],
    "unknown": ["human", "model_edited", "human_edited", "human_selected", "synthetic", "mixed"],
}
PARENTS = st.lists(st.tuples(st.sampled_from(NAMES), st.none() | st.integers(0, 40)), min_size=1, max_size=5)


def least_human(names):
    """Return the one that every other is more human than, by the table above."""
    (one,) = {name for name in names if all(other == name or other in LESS_HUMAN[name] for other in names)}
    return one


@given(PARENTS)
def test_the_origin_and_depth_of_what_is_made_from_documents_are_those_of_brute_force(parents):
    origins, depths = [Origin(name) for name, _ in parents], [depth for _, depth in parents]
    merged = Origin.merged(origins)
    assert merged.value == least_human({name for name, _ in parents})
    assert ("unknown" in {name for name, _ in parents}) == (merged is Origin.UNKNOWN)
    if merged is Origin.HUMAN:
        assert depth_of(merged, depths) == 0
    else:
        assert depth_of(merged, depths) == (None if None in depths else 1 + sorted(depths)[-1])


@given(PARENTS)
def test_the_origin_of_documents_joined_one_after_another_is_that_of_brute_force(parents):
    names = {name for name, _ in parents}
    wanted = "unknown" if "unknown" in names else "mixed" if len(names) > 1 else next(iter(names))
    assert joined(Origin(name) for name, _ in parents).value == wanted


def ruled(rule, one, other):
    return rule([Origin(one), Origin(other)]).value


def test_pairs_joined_by_a_program_and_tagged_by_these_rules_are_read_back_as_they_were(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("a.parquet", [{"text": f"from {name}", "n": n, "lt_id": f"a{n}", "lt_origin": name} for n, name in enumerate(NAMES)])
    connection = duckdb.connect()
    for name, rule in (("merged", Origin.merged), ("joined", joined)):
        connection.create_function(name, partial(ruled, rule), ["VARCHAR", "VARCHAR"], "VARCHAR")
        connection.execute(
            f"COPY (SELECT one.text || ' ' || other.text AS text, {name}(one.lt_origin, other.lt_origin) AS lt_origin, "
            f"[one.lt_id, other.lt_id] AS lt_parents FROM 'a.parquet' one, 'a.parquet' other) TO '{name}.csv'"
        )
    pairs = {(f"a{NAMES.index(one)}", f"a{NAMES.index(other)}"): (one, other) for one, other in product(NAMES, NAMES)}
    for name in ("merged", "joined"):
        found, odd = stated(f"{name}.csv")
        assert len(found) == len(pairs) and odd == {}
        for row in found:
            pair = set(pairs[tuple(row["lt_parents"])])
            wanted = least_human(pair) if name == "merged" else joined(map(Origin, pair)).value
            assert row["lt_origin"] == wanted
            assert "unknown" not in pair or row["lt_origin"] == "unknown"


def test_data_sets_that_share_documents_are_put_together_as_the_ledger_puts_their_statements_together(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pairs = list(product(NAMES, NAMES))
    texts = [f"the same text, number {n}, came from two places" for n in range(len(pairs))]
    for at, path in enumerate(("one.jsonl", "other.parquet")):
        write(path, [{"text": text, "lt_origin": pair[at]} for text, pair in zip(texts, pairs, strict=True)])
    with Ledger.create("ledger") as ledger:
        add_data(ledger, ["one.jsonl"])
        add_data(ledger, ["other.parquet"])
        held = {row["lt_id"]: row["lt_origin"] for batch in ledger.current(None, ("lt_id", "lt_origin")) for row in batch.to_pylist()}
    known = [{name for name in pair if name != "unknown"} or {"unknown"} for pair in pairs]
    wanted = {identity({"text": text}): least_human(each) for text, each in zip(texts, known, strict=True)}
    assert held == wanted
    write("least.csv", [{"text": text, "lt_origin": wanted[identity({"text": text})]} for text in texts])
    assert "LT104" in audit("least.csv", ledger="ledger").passed
    differing = sum(wanted[identity({"text": text})] not in ("unknown", pair[0]) for text, pair in zip(texts, pairs, strict=True))
    (finding,) = (each for each in audit("one.jsonl", ledger="ledger").findings if each.code == "LT104")
    assert finding.because.startswith(f"{differing} of {len(pairs) - 1} documents")
