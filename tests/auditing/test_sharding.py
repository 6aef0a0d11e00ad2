"""However a data set is cut into parts, the verdict is byte for byte the same."""

import json
import random

import pytest

SAME = ("estimates", "findings", "phase", "passed", "not_measured")
BARE = ("estimates", "phase", "passed")


@pytest.fixture
def shards(five_generations, tmp_path):
    source = five_generations.lineages["replace"][-1]
    lines = source.read_bytes().splitlines(keepends=True)
    random.Random(7).shuffle(lines)
    paths = [tmp_path / f"part-{number}.jsonl" for number in range(7)]
    for number, path in enumerate(paths):
        path.write_bytes(b"".join(lines[number::7]))
    random.Random(8).shuffle(paths)
    return source, paths


@pytest.fixture
def against(five_generations):
    return ("--baseline", five_generations.lineages["replace"][0], "--reference", five_generations.human)


def parts(ran, names):
    return {name: json.dumps(ran.report[name]) for name in names}


@pytest.fixture
def reports(cli, shards, against, tmp_path):
    whole, paths = shards
    profiles = []
    for path in paths:
        profiles.append(tmp_path / f"{path.stem}.ltp")
        assert cli("profile", path, "-o", profiles[-1], "-q").code == 0
    assert cli("merge", *profiles, "-o", tmp_path / "merged.ltp", "-q").code == 0
    ways = {"whole": [whole], "files": paths, "profiles": profiles, "merged": [tmp_path / "merged.ltp"]}
    return {name: cli("audit", *data, *against, "--json") for name, data in ways.items()}


def test_seven_shards_in_any_order_give_the_verdict_of_one_pass(reports):
    for way in ("files", "profiles", "merged"):
        assert reports["whole"].code == reports[way].code == 1
        assert parts(reports[way], BARE) == parts(reports["whole"], BARE)
    assert reports["profiles"].report["findings"] == reports["merged"].report["findings"]
    (whole,), (merged,) = ([i for i in reports[way].report["inputs"] if i["role"] == "candidate"] for way in ("whole", "merged"))
    assert (whole["parts"], merged["parts"]) == (1, 7)
    assert (whole["documents"], whole["quarantined"]) == (merged["documents"], merged["quarantined"])
    assert len(merged["sha256"]) == 64


def test_findings_and_absences_do_not_depend_on_what_the_parts_are_called(reports):
    for way in ("files", "profiles", "merged"):
        assert parts(reports[way], SAME) == parts(reports["whole"], SAME)


def test_the_order_of_the_paths_does_not_matter(cli, shards):
    _, paths = shards
    there, back = (cli("audit", *order, "--view", "words_1", "--json").report for order in (paths, paths[::-1]))
    for report in (there, back):
        report["created_at"] = report["timing"] = report["command"] = report["inputs"][0]["path"] = None
    assert there == back


def test_profiles_of_fewer_types_are_audited_alike_and_not_with_others(cli, shards, five_generations, tmp_path):
    few, human, plain = tmp_path / "few.ltp", tmp_path / "human.ltp", tmp_path / "plain.ltp"
    for data, made, asked in ((shards[0], few, 2048), (five_generations.human, human, 2048), (shards[0], plain, None)):
        assert cli("profile", data, "-o", made, "-q", *(("--types", asked) if asked else ())).code == 0
    ran = cli("audit", few, "--reference", human, "--json")
    assert ran.code == 1 and "LT301" in {finding["code"] for finding in ran.report["findings"]}
    refused = cli("audit", plain, "--reference", human)
    assert refused.code == 2 and "types kept (262,144 and 2,048)" in refused.err
    assert cli("profile", shards[0], "-o", plain, "--types", 5).code == 2
