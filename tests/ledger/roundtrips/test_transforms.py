"""Tags through what people do to data sets: they are there afterwards, or LT104 names what lost them."""

import re

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from longtail.auditing import audit
from longtail.ledger import Tags, tag
from longtail.ledger.adding import add_data
from longtail.ledger.columns import NAMES, identity
from longtail.ledger.store import Ledger
from longtail.records import Origin

from .roundtrip_help import provenance, read, stated, write

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore:The default formatting of datetime")  # of the programs tried here

TEXTS = [f"document {n} says what there is to say, in words, of the year {1000 + n}" for n in range(60)]
SAID = {
    "human": {"lt_depth": 0, "lt_model": None, "lt_parents": None, "lt_decoding": None},
    "synthetic": {"lt_depth": 2, "lt_model": "m@1", "lt_parents": ["p", "q"], "lt_decoding": '{"temperature":0.7}'},
    "unknown": {"lt_depth": None, "lt_model": None, "lt_parents": None, "lt_decoding": None},
}


def row(n):
    origin = ("human", "synthetic", "unknown")[n % 3]
    text = TEXTS[n]
    known = {"text": text, "n": n, "lt_id": identity({"text": text}), "lt_origin": origin, "lt_evidence": "signed", "lt_source": "here"}
    time = pa.scalar(1_700_000_000_123_456 + n, pa.timestamp("us", tz="UTC")).as_py()
    return known | SAID[origin] | {"lt_time": time, "lt_license": "MIT", "lt_weight": 0.5}


ROWS = [row(n) for n in range(60)]
WANTED = {each["lt_id"]: {name: each[name] for name in NAMES} for each in ROWS}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    write(folder / "all.parquet", [{name: value for name, value in each.items() if name != "n"} for each in ROWS])
    with Ledger.create(folder / "ledger") as made:
        add_data(made, [str(folder / "all.parquet")])
    return folder / "ledger"


@pytest.fixture(scope="module")
def datasets():
    library = pytest.importorskip("datasets")
    library.disable_progress_bars()
    return library


@pytest.fixture
def data(datasets, tmp_path):
    """The rows as `longtail tag` wrote them, opened with `datasets`."""
    write(tmp_path / "data.saved", ROWS)
    tag(str(tmp_path / "data.saved"), str(tmp_path / "tagged"), Tags(origin=Origin.UNKNOWN))
    return datasets.load_from_disk(str(tmp_path / "tagged"))


def verdict(path, ledger, **more):
    report = audit(str(path), ledger=ledger, **more)
    for finding in report.findings:
        if finding.code == "LT104":
            return "fail", finding
    return ("pass" if "LT104" in report.passed else "not_measured"), None


def even(row):
    return row["n"] % 2 == 0


KEEPING = {
    "map": lambda ds: ds.map(lambda row: {"length": len(row["text"])}),
    "map in batches": lambda ds: ds.map(lambda rows: {"upper": [text.upper() for text in rows["text"]]}, batched=True, batch_size=7),
    "map of the text": lambda ds: ds.map(lambda row: {"text": row["text"].upper()}),
    "filter": lambda ds: ds.filter(even),
    "shuffle": lambda ds: ds.shuffle(seed=3),
    "sort": lambda ds: ds.sort("n", reverse=True),
    "select": lambda ds: ds.select([5, 3, 3, 59]),
    "shard": lambda ds: ds.shard(4, 1),
    "remove of another column": lambda ds: ds.remove_columns(["n"]),
    "flatten": lambda ds: ds.map(lambda row: {"meta": {"k": row["n"]}}).flatten(),
    "split": lambda ds: ds.train_test_split(0.25, seed=1)["train"],
    "map to several": lambda ds: ds.map(lambda rows: {name: [each for each in rows[name] for _ in "ab"] for name in rows}, batched=True),
}


@pytest.mark.parametrize("name", KEEPING)
def test_tags_survive_what_datasets_does_and_every_way_that_it_writes(name, data, ledger):
    after = KEEPING[name](data)
    ids = after["lt_id"][:]
    assert len(ids) and set(ids) <= set(WANTED)
    after.to_parquet("a.parquet")
    after.to_json("a.jsonl")
    after.to_csv("a.csv")
    after.save_to_disk("a.saved")
    for path in ("a.parquet", "a.jsonl", "a.csv", "a.saved"):
        found, odd = stated(path)
        assert [each["lt_id"] for each in found] == ids and odd == {}
        cut = milliseconds if path == "a.jsonl" else dict  # what `to_json` keeps of a time
        assert [cut(each) for each in found] == [cut(WANTED[each]) for each in ids]
    assert verdict("a.parquet" if name != "map of the text" else "a.saved", ledger)[0] == "pass"


def milliseconds(row):
    return row | {"lt_time": row["lt_time"].replace(microsecond=row["lt_time"].microsecond // 1000 * 1000)}


def test_tags_survive_data_sets_put_together_and_loaded_again(datasets, data, ledger):
    split = data.train_test_split(0.5, seed=2)
    both = datasets.concatenate_datasets([split["test"], split["train"]])
    scores = datasets.Dataset.from_dict({"score": [float(n) for n in range(60)]})
    datasets.concatenate_datasets([both, scores], axis=1).to_parquet("a.parquet")
    again = datasets.Dataset.from_parquet("a.parquet", cache_dir="cache")
    datasets.DatasetDict({"x": again.select(range(20)), "y": again.select(range(20, 60))}).save_to_disk("b")
    found, odd = stated("b")
    assert {each["lt_id"]: each for each in found} == WANTED and len(found) == 60 and odd == {}
    assert verdict("b", ledger)[0] == "pass"
    tag("b", "c", Tags(origin=Origin.UNKNOWN))
    loaded = datasets.load_from_disk("c")["y"]
    assert [provenance(each) for each in loaded] == [WANTED[each] for each in loaded["lt_id"]]


JOINS = {
    "filter": "SELECT * FROM data WHERE n % 2 = 0",
    "order": "SELECT * FROM data ORDER BY text DESC",
    "join": "SELECT data.*, score FROM data JOIN scores USING (n)",
    "left join": "SELECT data.*, score FROM data LEFT JOIN (SELECT * FROM scores WHERE n < 9) USING (n)",
    "sample": "SELECT * FROM data USING SAMPLE reservoir(20 ROWS) REPEATABLE (4)",
    "union": "SELECT * FROM data WHERE n < 30 UNION ALL BY NAME SELECT * EXCLUDE (n) FROM data WHERE n >= 30",
    "distinct": "SELECT DISTINCT ON (lt_id) * FROM (SELECT * FROM data UNION ALL SELECT * FROM data)",
}


@pytest.mark.parametrize("name", JOINS)
def test_tags_survive_what_duckdb_does_and_every_way_that_it_writes(name, ledger):
    write("data.parquet", ROWS)
    tag("data.parquet", "tagged.parquet", Tags(origin=Origin.UNKNOWN))
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Kolkata'; CREATE TABLE data AS FROM 'tagged.parquet'")
    connection.execute("CREATE TABLE scores AS SELECT n, n / 7 AS score FROM data")
    connection.execute(f"CREATE TABLE made AS {JOINS[name]}")
    for path in ("a.parquet", "a.csv", "a.json"):
        connection.execute(f"COPY made TO '{path}'")
        found, odd = stated(path)
        assert found and odd == {} and all(each == WANTED[each["lt_id"]] for each in found), path
    connection.execute("COPY (FROM 'a.csv') TO 'b.parquet'; COPY (FROM 'a.json') TO 'c.parquet'")
    assert sorted(map(repr, stated("b.parquet")[0])) == sorted(map(repr, stated("c.parquet")[0])) == sorted(map(repr, found))
    assert verdict("a.csv", ledger)[0] == "pass"
    tag("b.parquet", "d.parquet", Tags(origin=Origin.HUMAN))
    assert sorted(map(repr, stated("d.parquet")[0])) == sorted(map(repr, found))


def test_tags_survive_what_arrow_does(ledger):
    write("data.arrow", ROWS)
    tag("data.arrow", "tagged.arrow", Tags(origin=Origin.UNKNOWN))
    table = pa.ipc.open_file("tagged.arrow").read_all()
    scores = pa.table({"n": list(range(60)), "score": [n / 7 for n in range(60)]})
    made = {
        "filter": table.filter(pc.greater(table.column("n"), 20)),
        "take": table.take([9, 3, 3]),
        "sort": table.sort_by([("text", "descending")]),
        "concat": pa.concat_tables([table.slice(30), table.slice(0, 30).drop_columns(["n"])], promote_options="default"),
        "dictionary": table.set_column(table.schema.names.index("lt_source"), "lt_source", table.column("lt_source").dictionary_encode()),
        "join": table.drop_columns(["lt_parents"]).join(scores, "n"),  # Arrow joins no tables with lists
    }
    for name, after in made.items():
        pq.write_table(after, "a.parquet")
        wanted = {each: row | ({"lt_parents": None} if name == "join" else {}) for each, row in WANTED.items()}
        found, odd = stated("a.parquet")
        assert found and odd == {} and all(each == wanted[each["lt_id"]] for each in found), name
        assert verdict("a.parquet", ledger)[0] == "pass", name


def test_tags_survive_what_polars_does(ledger):
    polars = pytest.importorskip("polars")
    write("data.parquet", ROWS)
    tag("data.parquet", "tagged.parquet", Tags(origin=Origin.UNKNOWN))
    frame = polars.read_parquet("tagged.parquet")
    scores = polars.DataFrame({"n": list(range(60)), "score": [n / 7 for n in range(60)]})
    made = {
        "filter": frame.filter(polars.col("n") > 20),
        "sort": frame.sort("text", descending=True),
        "join": frame.join(scores, on="n"),
        "concat": polars.concat([frame[30:], frame[:30].drop("n")], how="diagonal"),
    }
    for name, after in made.items():
        after.write_parquet("a.parquet")
        after.write_ndjson("a.jsonl")
        after.write_ipc("a.arrow")
        for path in ("a.parquet", "a.jsonl", "a.arrow"):
            found, odd = stated(path)
            assert len(found) == len(after) and odd == {} and all(each == WANTED[each["lt_id"]] for each in found), (name, path)
        assert verdict("a.parquet", ledger)[0] == "pass", name
        tag("a.parquet", "b.parquet", Tags(origin=Origin.HUMAN))
        assert stated("b.parquet") == stated("a.parquet")


LOSING = {
    "origin removed": (lambda ds: ds.remove_columns(["lt_origin"]), 40, "unknown"),
    "all provenance removed": (lambda ds: ds.remove_columns(list(NAMES)), 40, "unknown"),
    "rows rebuilt": (lambda ds: ds.map(lambda row: {"text": row["text"]}, remove_columns=ds.column_names), 40, "unknown"),
    "origin renamed": (lambda ds: ds.rename_column("lt_origin", "origin"), 40, "unknown"),
    "id and origin renamed": (lambda ds: ds.rename_columns({"lt_origin": "origin", "lt_id": "id"}), 40, "unknown"),
    "text renamed, id kept": (lambda ds: ds.remove_columns(["lt_origin"]).rename_column("text", "content"), 40, "unknown"),
    "called human": (lambda ds: ds.map(lambda row: {"lt_origin": "human"}), 20, "human"),
    "one origin emptied": (lambda ds: ds.map(lambda row: {"lt_origin": None} if row["n"] == 4 else {}), 1, "unknown"),
    "origin is no word that is known": (lambda ds: ds.map(lambda row: {"lt_origin": "SYNTHETIC"} if row["n"] == 4 else {}), 1, "unknown"),
}


@pytest.mark.parametrize("form", ["parquet", "jsonl", "csv", "saved"])
@pytest.mark.parametrize("name", LOSING)
def test_what_lost_its_tag_is_counted_and_named(name, form, data, ledger):
    lose, count, here = LOSING[name]
    after = lose(data)
    path = f"a.{form}"
    {"parquet": after.to_parquet, "jsonl": after.to_json, "csv": after.to_csv, "saved": after.save_to_disk}[form](path)
    status, finding = verdict(path, ledger, **({"text_column": "content"} if "text renamed" in name else {}))
    assert status == "fail"
    assert finding.because.startswith(f"{count} of 40 documents that the ledger knows have lost or changed their origin")
    named = [re.fullmatch("id ([0-9a-f]{32})", line)[1] for line in finding.evidence if line.startswith("id ")]
    lost = {each["lt_id"] for each in ROWS if each["lt_origin"] != "unknown" and (count != 20 or each["lt_origin"] != "human")}
    assert len(named) == min(count, 20) and set(named) <= (lost if count > 1 else {ROWS[4]["lt_id"]})
    assert all(f" in the ledger, {here} in the data" in line for line in finding.evidence if not line.startswith("id "))


def test_losing_is_an_exit_code_and_keeping_is_none(ledger, cli):
    write("kept.jsonl", ROWS)
    write("lost.jsonl", [{"text": text} for text in TEXTS])
    kept = cli("audit", "kept.jsonl", "--ledger", ledger, "--require", "LT104", "--json")
    assert "LT104" in kept.report["passed"] and "LT104" not in {each["code"] for each in kept.report["findings"]}
    lost = cli("audit", "lost.jsonl", "--ledger", ledger, "--require", "LT104", "--json")
    assert lost.code == 1 and "LT104" in {each["code"] for each in lost.report["findings"]}


def test_a_text_under_another_name_and_without_its_id_is_another_document_but_recognised(ledger, cli):
    write("renamed.parquet", [{"n": n, "note": text} for n, text in enumerate(TEXTS)])
    assert verdict("renamed.parquet", ledger, text_column="note")[0] == "not_measured"
    found = cli("ledger", "find", ledger, "renamed.parquet", "--text-column", "note", "--json").report
    assert (found["documents"], found["known"], found["found"]) == (60, 20, 20)


def test_an_unknown_origin_that_stays_unknown_is_no_loss(ledger):
    write("a.jsonl", [{"text": each["text"]} for each in ROWS if each["lt_origin"] == "unknown"])
    assert verdict("a.jsonl", ledger)[0] == "not_measured"
    assert {each["lt_origin"] for each in stated("a.jsonl")[0]} == {"unknown"}
    assert len(read("a.jsonl")) == 20
