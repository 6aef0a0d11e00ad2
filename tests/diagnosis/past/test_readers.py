"""Each kind of record on folders of its own: what it says, and what it says where it cannot."""

import hashlib
import json
import os

import pytest

from longtail.diagnosis.past import dvc, hub, ledgers, manifests, mlflow, names
from longtail.diagnosis.past.told import RECORDS, by_trust
from longtail.ledger.node import Edge, Node
from longtail.ledger.store import Ledger
from tests.diagnosis.past.conftest import manifest, rows


def test_every_kind_is_in_the_catalogue_once_and_by_trust():
    assert by_trust() == ("manifests", "ledger", "git", "dvc", "hugging face", "mlflow", "file names")


@pytest.mark.parametrize("entry", list(RECORDS), ids=lambda entry: entry.name)
def test_a_folder_without_records_gives_a_reason(entry, folder):
    found = entry.member(str(folder.path))
    assert found.told == ()
    assert found.reason


@pytest.mark.parametrize("entry", list(RECORDS), ids=lambda entry: entry.name)
def test_foreign_and_damaged_files_raise_nothing(entry, folder):
    for name in (
        "config.json",
        "dataset_info.json",
        "trainer_state.json",
        "README.md",
        "x.dvc",
        "dvc.lock",
        "meta.yaml",
        "v1.jsonl",
        "v1.parquet",
    ):
        folder.write(name, b"\xff\x00{[")
        folder.write(f"v2/{name}", b"---\n")
    folder.write("v3/ledger.json", "{")
    folder.write("v4/config.json", "[1, 2]")
    folder.write("a.manifest.json", "{}")
    entry.member(str(folder.path))


def test_manifests_are_read_and_other_json_is_passed_over(folder):
    folder.write(
        "m2.json", manifest(2, 8, 2, output="v2.jsonl", sha256="ab", previous="cd", created_at="2024-02-01", depths={"0": 8, "1": 2})
    )
    folder.write("settings.json", '{"generation": "x"}')
    folder.write("bad.manifest.json", "{")
    found = manifests.read(str(folder.path))
    (told,) = found.told
    assert (told.name, told.number, told.sha256, told.previous, told.rows) == ("v2", 2, "ab", "cd", 10)
    assert told.shares == {"human": 0.8, "synthetic": 0.2}
    assert told.depths == {"0": 0.8, "1": 0.2}
    assert found.damaged == ("bad.manifest.json",)


def test_rows_that_a_manifest_leaves_are_of_unknown_origin(folder):
    folder.write("m.json", json.dumps({"generation": 1, "rows": 10, "origins": {"human": 6, "synthetic": 1}}))
    assert manifests.read(str(folder.path)).told[0].shares == {"human": 0.6, "synthetic": 0.1, "unknown": 0.3}


def test_a_manifest_that_states_no_origin_says_nothing_of_it(folder):
    folder.write("m.json", json.dumps({"generation": 1, "rows": 10}))
    assert manifests.read(str(folder.path)).told[0].shares == {}


def test_checkpoints_of_a_ledger_say_what_they_were_trained_on(folder):
    with Ledger.create(folder.path / "ledger") as ledger:
        ledger.record(
            Node(name="d1", kind="dataset", rows=10, origins={"human": 10}, depths={"0": 10}, sha256="aa"),
            Node(name="d2", kind="dataset", rows=20, origins={"human": 5, "synthetic": 15}, depths={"0": 5, "1": 15}, sha256="bb"),
            Node(name="v1", kind="checkpoint", parents=(Edge(node="d1", role="trained_on"),), time="2024-01-01"),
            Node(
                name="v2",
                kind="checkpoint",
                parents=(Edge(node="d1", role="trained_on"), Edge(node="d2", role="trained_on"), Edge(node="v1", role="initialised_from")),
            ),
        )
    told = ledgers.read(str(folder.path)).told
    assert [(each.name, each.rows) for each in told] == [("v1", 10), ("v2", 30)]
    assert told[0].sha256 == "aa"
    assert told[1].shares == {"human": 0.5, "synthetic": 0.5}
    assert told[1].depths == {"0": 0.5, "1": 0.5}
    assert told[1].parents == ("d1", "d2", "v1")


def test_a_model_that_a_ledger_names_and_never_recorded_is_gone(folder):
    with Ledger.create(folder.path / "ledger") as ledger:
        ledger.record(
            Node(name="out", kind="dataset", rows=5, origins={"synthetic": 5}, parents=(Edge(node="v1", role="generated_by"),)),
            Node(name="v2", kind="checkpoint", parents=(Edge(node="out", role="trained_on"),)),
        )
    told = ledgers.read(str(folder.path)).told
    assert [(each.name, each.is_gone) for each in told] == [("v1", True), ("v2", False)]


def test_a_damaged_ledger_is_named(folder):
    folder.write("old/ledger.json", "{}")
    found = ledgers.read(str(folder.path))
    assert found.told == ()
    assert found.damaged[0].startswith("old/ledger.json")


def test_dvc_is_read_out_of_its_cache(folder):
    content = rows(8, 0.25)
    md5 = hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
    folder.write(f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}", content)
    folder.write("data/v3.jsonl.dvc", f"outs:\n- md5: {md5}\n  size: {len(content)}\n  hash: md5\n  path: v3.jsonl\n")
    (told,) = dvc.read(str(folder.path)).told
    assert (told.name, told.rows, told.shares) == ("v3", 8, {"human": 0.75, "synthetic": 0.25})
    assert told.sha256 == hashlib.sha256(content.encode()).hexdigest()


def test_dvc_without_its_data_says_that_a_version_was_there(folder):
    folder.write("v2.jsonl.dvc", "outs:\n- md5: 0123456789012345678901234567e789\n  path: v2.jsonl\n")
    folder.write(
        "dvc.lock", "schema: '2.0'\nstages:\n  make:\n    cmd: python\n      make.py\n    outs:\n    - path: gen/v4.jsonl\n      md5: abc\n"
    )
    told = dvc.read(str(folder.path)).told
    assert [(each.name, each.rows, each.sha256) for each in told] == [("v4", None, None), ("v2", None, None)]
    assert "md5 01234567" in told[1].source


def test_what_dvc_would_not_write_is_refused_with_its_line(folder):
    folder.write("v1.jsonl.dvc", "outs:\n- &anchor\n  path: v1.jsonl\n")
    found = dvc.read(str(folder.path))
    assert found.told == ()
    assert "line 2" in found.damaged[0]


def test_hugging_face_folders_name_their_base_and_data(folder):
    folder.write("models/v2/config.json", json.dumps({"model_type": "llama", "_name_or_path": "models/v1"}))
    folder.write("models/v2/README.md", '---\nbase_model: org/base\ndatasets:\n- org/web\ntags: [a, "b"]\n---\n# Words\n')
    folder.write("models/v2/checkpoint-500/trainer_state.json", json.dumps({"global_step": 500}))
    folder.write("models/v3/adapter_config.json", json.dumps({"peft_type": "LORA", "base_model_name_or_path": "models/v2"}))
    folder.write("sets/gen4/dataset_info.json", json.dumps({"splits": {"train": {"num_examples": 12}, "test": {"num_examples": 3}}}))
    told = {each.files[0]: each for each in hub.read(str(folder.path)).told}
    assert set(told["models/v2"].parents) == {"org/base", "models/v1", "org/web"}
    assert told["models/v3"].parents == ("models/v2",)
    assert (told["sets/gen4"].name, told["sets/gen4"].rows) == ("gen4", 12)
    assert told["models/v2/checkpoint-500"].name == "v2"


def test_runs_of_mlflow_tell_time_rows_and_data_sets(folder):
    run = "mlruns/1/abc"
    folder.write("mlruns/1/meta.yaml", "artifact_location: file:///x\nexperiment_id: '1'\nlifecycle_stage: active\nname: all\n")
    folder.write(f"{run}/meta.yaml", "run_id: abc\nrun_name: train-v2\nstart_time: 1704067200000\nlifecycle_stage: active\n")
    folder.write(f"{run}/params/base_model", "v1")
    folder.write(f"{run}/inputs/i1/meta.yaml", "source_type: DATASET\nsource_id: d1\ntags:\n  mlflow.data.context: training\n")
    folder.write(f"{run}/inputs/i2/meta.yaml", "source_type: DATASET\nsource_id: d2\ntags:\n  mlflow.data.context: eval\n")
    for name, count in (("d1", 40), ("d2", 9)):
        folder.write(f"mlruns/1/datasets/{name}/meta.yaml", f"name: {name}\ndigest: 3f2a\nprofile: '{{\"num_rows\": {count}}}'\n")
    (told,) = mlflow.read(str(folder.path)).told
    assert (told.name, told.time, told.rows) == ("v2", "2024-01-01T00:00:00+00:00", 40)
    assert told.parents == ("v1", "d1@3f2a")


def test_runs_without_a_version_are_counted(folder):
    folder.write("mlruns/1/abc/meta.yaml", "run_id: abc\nrun_name: merry-fox-12\n")
    assert mlflow.read(str(folder.path)).reason == "runs without a version in their name: 1 of 1"


def test_files_are_told_by_name_in_natural_order_with_the_weakness_of_their_dates(folder):
    for at in (10, 2, 1):
        folder.write(f"v{at}/train.jsonl", rows(at))
        folder.write(f"v{at}/outputs.jsonl", rows(3))
    found = names.read(str(folder.path))
    assert [(each.name, each.rows) for each in found.told] == [("v1", 1), ("v2", 2), ("v10", 10)]
    assert all(each.is_weak for each in found.told)
    assert "weakest" in found.reason


def test_outputs_alone_are_no_training_set(folder):
    folder.write("evals/v3/outputs.jsonl", rows(3))
    (told,) = names.read(str(folder.path)).told
    assert (told.name, told.rows, told.sha256) == ("v3", None, None)
    assert told.files == ("evals/v3/outputs.jsonl",)


def test_files_that_claim_to_be_of_a_kind_are_named_and_foreign_ones_are_not(folder):
    folder.write("v1/config.json", '{"model_type": ')
    folder.write("v2/config.json", "{ not ours")
    folder.write("v3/meta.yaml", "{% set name = 1 %}")
    folder.write("v4/meta.yaml", "run_id: &x 1\nlifecycle_stage: active\n")
    assert [each.partition(" ")[0] for each in hub.read(str(folder.path)).damaged] == ["v1/config.json"]
    assert [each.partition(" ")[0] for each in mlflow.read(str(folder.path)).damaged] == ["v4/meta.yaml"]


def test_json_nested_too_deeply_and_pipes_stop_nothing(folder):
    folder.write("m.json", b"[" * 200_000)
    folder.write("v1/config.json", b'{"model_type":' * 100_000)
    os.mkfifo(folder.path / "v2.jsonl")
    assert manifests.read(str(folder.path)).told == ()
    assert len(hub.read(str(folder.path)).damaged) == 1
    assert names.read(str(folder.path)).told == ()
