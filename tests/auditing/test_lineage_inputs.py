"""What a lineage may be made of: data in order, or a file that names them; and which data set plays which role."""

import itertools

import msgspec
import pytest

import longtail
from longtail.auditing import inputs as reading
from longtail.auditing import lineage_inputs
from longtail.auditing.inputs import Sources
from longtail.auditing.lineage_inputs import Lineage, gather_lineage, key_of
from longtail.auditing.options import Options
from longtail.errors import ConfigError, ReadError, UsageError
from tests.metrics.corpora import clustered, written

WORDS = Options(views=("words_1",))
NAMES = ("gen1", "gen2", "gen3", "human", "control2", "control3")


@pytest.fixture
def folder(tmp_path):
    """Three generations, their controls and a reference, under `data`."""
    made = tmp_path / "data"
    made.mkdir()
    for seed, name in enumerate(NAMES):
        texts = written(clustered(130, seed))
        (made / f"{name}.jsonl").write_bytes(b"".join(msgspec.json.encode({"text": text}) + b"\n" for text in texts))
        (made / f"{name}.scores.jsonl").write_bytes(
            b"".join(msgspec.json.encode({"lt_id": f"d{at}", "nll": 50.0 + seed + at % 7, "tokens": 10}) + b"\n" for at in range(120))
        )
    return made


def path(folder, name):
    return str(folder / f"{name}.jsonl")


def generations(folder):
    return [path(folder, name) for name in NAMES[:3]]


def toml(folder, text):
    (folder / "lineage.toml").write_text(text)
    return str(folder / "lineage.toml")


def gathered(given, options=WORDS, **sources):
    return gather_lineage(Lineage.of(given, Sources(None, **sources)), options, None)


def test_a_file_names_data_from_its_own_folder(folder, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    named = toml(folder, 'generations = ["gen1.jsonl", "gen2.jsonl", "gen3.jsonl"]\nreference = "human.jsonl"\n')
    report = longtail.audit(lineage=[named], views=("words_1",))
    assert [(each.role, each.generation, each.path) for each in report.inputs] == [
        ("candidate", 3, path(folder, "gen3")),
        ("baseline", 1, path(folder, "gen1")),
        ("generation", 2, path(folder, "gen2")),
        ("reference", None, path(folder, "human")),
    ]
    assert [(each.generation, each.documents) for each in report.lineage.generations] == [(1, 130), (2, 130), (3, 130)]


def test_a_file_is_a_lineage_with_or_without_a_list_around_it(folder):
    named = toml(folder, 'generations = ["gen1.jsonl", "gen2.jsonl"]\nreference = "human.jsonl"\n')
    assert Lineage.of(named, Sources(None)) == Lineage.of([named], Sources(None))


def test_several_paths_in_a_list_are_one_data_set(folder):
    lines = (folder / "gen2.jsonl").read_bytes().splitlines(keepends=True)
    for part in (0, 1):
        (folder / f"part{part}.jsonl").write_bytes(b"".join(lines[part::2]))
    text = 'generations = ["gen1.jsonl", ["part0.jsonl", "part1.jsonl"]]\nreference = ["human.jsonl"]\ncontrol = [["control2.jsonl"]]\n'
    (found,) = gathered([toml(folder, text)])
    (whole,) = gathered(generations(folder)[:2], reference=path(folder, "human"), control=path(folder, "control2"))
    assert found.candidate.documents == 130
    assert key_of([found], WORDS) == key_of([whole], WORDS)


def test_what_is_given_beside_a_file_wins_for_the_reference_and_fills_in_what_the_file_leaves_out(folder):
    text = 'generations = ["gen1.jsonl", "gen2.jsonl"]\nreference = "human.jsonl"\nscores = ["a", "b"]\n'
    found = Lineage.of([toml(folder, text)], Sources(None, reference="mine", control=["c"], scores=["x", "y"]))
    assert found.rest.reference == "mine"
    assert found.controls == ("c",)
    assert found.scores == (str(folder / "a"), str(folder / "b"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('generations = ["gen1.jsonl"', "Unclosed array"),
        ('reference = "human.jsonl"', "missing required field `generations`"),
        ('generations = "gen1.jsonl"', "Expected `array`"),
        ("generations = [1, 2]", "Expected `str | array`"),
        ('generations = ["a", "b"]\nbaseline = "a"', "unknown field `baseline`"),
        ('generations = ["a", "b"]\nscores = [["a", "b"]]', "Expected `str`"),
        ("\udcff", "can't decode byte 0xff"),
    ],
)
def test_a_damaged_file_is_named_with_what_is_wrong_and_what_it_should_hold(folder, content, reason):
    (folder / "lineage.toml").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(ConfigError, match=rf"lineage\.toml: not a lineage .*({reason}).*it has generations = "):
        Lineage.of([folder / "lineage.toml"], Sources(None))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReadError, match=r"absent\.toml.*No such file.*check the path of the lineage"):
        Lineage.of([tmp_path / "absent.toml"], Sources(None))


@pytest.mark.parametrize(
    ("given", "sources", "message"),
    [
        ((), {"reference": "r"}, "a lineage of 0 generations; give generation 1 and at least one after it"),
        (("a",), {"reference": "r"}, "a lineage of 1 generation; give"),
        (("a", "b"), {}, "needs human text to say what is rare; add --reference"),
        (("a", "b"), {"reference": "r", "baseline": "a"}, "--baseline and --lineage exclude each other"),
        (("a", "b"), {"reference": "r", "against": "a"}, "--against and --lineage exclude each other"),
        (("a", "b"), {"reference": "r", "baseline_scores": "a"}, "--baseline-scores and --lineage exclude each other"),
        (tuple("abcde"), {"reference": "r", "control": list("xyz")}, "3 controls for 5 generations; give one for all, one for each after"),
        (tuple("abc"), {"reference": "r", "scores": list("xy")}, "2 files of scores for 3 generations; give one for each"),
    ],
)
def test_what_does_not_fit_together_is_refused(given, sources, message):
    with pytest.raises(UsageError, match=message):
        Lineage.of(given, Sources(None, **sources))


@pytest.mark.parametrize("how", [{"data": "a", "lineage": ["a", "b"]}, {}], ids=["both", "neither"])
def test_an_audit_is_of_data_or_of_a_lineage(how):
    with pytest.raises(UsageError, match="audit needs either data or a lineage; give one of them"):
        longtail.audit(**how, reference="r")


@pytest.mark.parametrize(
    ("controls", "expected"),
    [(None, [None] * 3), ("c", list("ccc")), (["c"], list("ccc")), (list("xyz"), list("xyz")), (list("wxyz"), list("xyz"))],
)
def test_controls_serve_all_generations_or_one_each_and_that_of_the_first_is_not_needed(controls, expected):
    found = Lineage.of(list("1234"), Sources(None, reference="r", control=controls))
    assert [found.control_of(generation) for generation in (2, 3, 4)] == expected


def test_every_generation_is_held_against_the_first_its_own_control_and_its_own_scores(folder):
    scores = [path(folder, f"gen{number}.scores") for number in (1, 2, 3)]
    controls = [path(folder, "control2"), path(folder, "control3")]
    second, third = gathered(generations(folder), reference=path(folder, "human"), control=controls, scores=scores)
    alone = [longtail.profile(path(folder, name), views=("words_1",)) for name in NAMES]
    contents = {name: set(made.frequencies["documents"].run().keys.tolist()) for name, made in zip(NAMES, alone, strict=True)}
    for inputs, candidate, control in ((second, "gen2", "control2"), (third, "gen3", "control3")):
        held = {"candidate": inputs.candidate, "baseline": inputs.baseline, "control": inputs.control}
        expected = {"candidate": candidate, "baseline": "gen1", "control": control}
        assert {role: set(made.frequencies["documents"].run().keys.tolist()) for role, made in held.items()} == {
            role: contents[name] for role, name in expected.items()
        }
        assert inputs.scores.path == path(folder, f"{candidate}.scores")
        assert inputs.baseline_scores.path == scores[0]


def test_each_data_set_is_read_once(folder, monkeypatch):
    read = []

    def counted(data, *how):
        read.append(data)
        return profiled(data, *how)

    profiled = reading.counted
    monkeypatch.setattr(reading, "counted", counted)
    gathered(generations(folder), reference=path(folder, "human"), control=path(folder, "control2"), trained_on=path(folder, "control3"))
    assert sorted(read) == sorted(path(folder, name) for name in NAMES)


def test_a_control_for_all_is_listed_once_and_one_for_each_with_its_generation(folder):
    reference = path(folder, "human")
    controls = {"one": path(folder, "control2"), "each": [path(folder, "control2"), path(folder, "control3")]}
    found = {
        how: [each for each in lineage_inputs.records_of(gathered(generations(folder), reference=reference, control=control))]
        for how, control in controls.items()
    }
    of_controls = {how: [(each.generation, each.path) for each in records if each.role == "control"] for how, records in found.items()}
    assert of_controls == {
        "one": [(3, path(folder, "control2"))],
        "each": [(2, path(folder, "control2")), (3, path(folder, "control3"))],
    }


def test_the_key_of_a_lineage_depends_on_its_order_and_its_settings(folder):
    reference, given = path(folder, "human"), generations(folder)
    keys = [key_of(gathered(list(order), reference=reference), WORDS) for order in itertools.permutations(given)]
    keys += [key_of(gathered(given[1:], reference=reference), WORDS), key_of(gathered(given, reference=reference), Options(tau=0.2))]
    keys += [key_of(gathered(given, reference=reference, control=path(folder, "control2")), WORDS)]
    assert len(set(keys)) == len(keys) == 9
    assert keys[0] == key_of(gathered(given, reference=reference), WORDS)


def test_data_sets_of_unlike_seeds_are_not_compared(folder):
    first = longtail.profile(path(folder, "gen1"), views=("words_1",), seed=1)
    with pytest.raises(longtail.errors.IncompatibleSummaries, match="seed"):
        gathered([first, *generations(folder)[1:]], reference=path(folder, "human"))
