import json

import pytest

MATRIX = "0,1,0; 0,0,1; 0.8,0,0"


def test_a_cycle_with_a_path_to_real_data_settles_and_says_so(cli):
    ran = cli("lab", "network", MATRIX, "--option", "known_variance=true", "--replicates", "200")
    assert (ran.code, ran.err) == (0, "")
    assert "model 3 learns from 20 real, 80 of model 1" in ran.out
    assert "Spectral radius 0.9283, below 1" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_closed_group_is_told_apart(cli):
    ran = cli("lab", "network", "0,1;1,0", "--option", "known_variance=true", "--replicates", "50")
    assert "Spectral radius 1.0000: a group of models has no path to real data" in ran.out


def test_the_json_carries_every_model_beside_its_closed_form(cli, tmp_path):
    ran = cli("lab", "network", MATRIX, "--option", "known_variance=true", "--replicates", "50", "--json", "--out", tmp_path / "n.json")
    told = json.loads(ran.out)
    assert sorted(told["series"]) == sorted(told["theory"]) == ["mean_square_1", "mean_square_2", "mean_square_3"]
    assert told["rows"] == [[0, 0, 100, 0], [0, 0, 0, 100], [20, 80, 0, 0]]
    assert (tmp_path / "n.json").read_text() == ran.out


def test_a_matrix_is_read_from_a_file(cli, tmp_path):
    (tmp_path / "m.csv").write_text("0,1,0\n0,0,1\n0.8,0,0\n")
    given = ("--option", "known_variance=true", "--replicates", "20", "--json")
    assert cli("lab", "network", tmp_path / "m.csv", *given).out == cli("lab", "network", MATRIX, *given).out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("0,1;a,0",), "'a'"),
        (("0,1",), "shape (1, 2)"),
        (("0.6,0.6;0,0",), "sum to more than 1"),
        ((MATRIX, "--option", "known"), "NAME=VALUE"),
        ((MATRIX, "--series", "entropy"), "entropy"),
        ((MATRIX, "--samples", "0"), "samples is 0"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_one_line(cli, arguments, named):
    ran = cli("lab", "network", *arguments)
    assert ran.code == 2
    assert named in ran.err and ran.err.count("\n") == 1
