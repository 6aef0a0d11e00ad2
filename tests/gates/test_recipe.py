import pytest

from longtail.errors import ConfigError, ReadError, UnknownName
from longtail.gates import Gate
from longtail.gates.recipe import presets, read_recipe


def recipe(tmp_path, text):
    path = tmp_path / "gates.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_recipe_is_gates_in_order_with_their_settings(tmp_path):
    path = recipe(
        tmp_path,
        'unsure = "hold"\nspare = []\n[[gate]]\nname = "random"\nkeep = 0.5\n[[gate]]\nname = "top"\nalpha = 0.9\ncolumn = "score"\n',
    )
    gate = Gate.read(path)
    assert [(stage.name, stage.settings) for stage in gate.stages] == [
        ("random", {"keep": 0.5}),
        ("top", {"alpha": 0.9, "column": "score"}),
    ]
    assert (gate.unsure, gate.spare) == ("hold", ())


def test_documents_of_human_origin_are_spared_where_nothing_is_said(tmp_path):
    found = read_recipe(recipe(tmp_path, '[[gate]]\nname = "random"\nkeep = 1\n'))
    assert (found.unsure, found.spare) == ("keep", ("human",))


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("gate = 3", ConfigError, "holds no gate"),
        ("", ConfigError, "holds no gate"),
        ("[[gate]]\nkeep = 1", ConfigError, "gate 1 has no name"),
        ('unsur = "keep"\n[[gate]]\nname = "random"', UnknownName, "did you mean 'unsure'"),
        ("[[gate]\n", ReadError, "is no TOML"),
        ('spare = "human"\n[[gate]]\nname = "random"', ConfigError, "write a list of origins"),
    ],
)
def test_what_is_no_recipe_is_refused_in_one_line(tmp_path, text, kind, says):
    with pytest.raises(kind, match=says) as caught:
        read_recipe(recipe(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_recipe_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(ReadError, match="synth"):
        read_recipe("nowhere/gates.toml")
    with pytest.raises(UnknownName, match="did you mean 'synth'"):
        read_recipe("sinth")


@pytest.mark.parametrize("name", presets())
def test_every_recipe_that_comes_along_says_what_it_is_for_and_names_gates_that_exist(name):
    assert presets()[name]
    assert read_recipe(name).stages
