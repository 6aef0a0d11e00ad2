import subprocess
import sys

import pytest

from longtail.errors import ConfigError, MissingExtra
from longtail.lab.learners import FAMILIES, make

LOADED = "import sys; import longtail.lab.learners; print(sorted({'torch', 'sklearn'} & sys.modules.keys()))"


def test_importing_the_learners_imports_no_torch():
    outcome = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "[]"


@pytest.mark.parametrize("absent", ["torch", "sklearn"])
def test_a_family_without_its_extra_names_the_line_that_installs_it(monkeypatch, absent):
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(MissingExtra, match=r"^the family vae needs an optional part; run: pip install 'longtail\[torch\]'$"):
        make("vae", {}, rows=False)


def test_the_transformer_without_torch_names_the_line_that_installs_it(monkeypatch):
    from longtail.lab.learners.torch.transformer import Transformer

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"^the family transformer needs .* pip install 'longtail\[torch\]'$"):
        Transformer()


def test_the_options_of_a_family_are_listed_without_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert {"latent", "hidden", "epochs", "imbalance", "pixels", "device"} <= set(FAMILIES["vae"].settings)


def test_bad_options_are_refused_before_torch_is_looked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    for options, complaint in (
        ({"latent": 0}, "vae: latent is 0; take a whole number from 1 up"),
        ({"imbalance": 0}, "vae: imbalance is 0"),
        ({"step": 2}, "vae: step is 2"),
        ({"pixels": "blue"}, "vae: pixels is 'blue'"),
    ):
        with pytest.raises(ConfigError, match=complaint):
            make("vae", options, rows=False)


def test_a_gpu_that_is_not_there_is_refused():
    torch = pytest.importorskip("torch", reason="needs the extra torch")
    from longtail.lab.learners.torch.door import device_of

    assert device_of("cpu") == torch.device("cpu")
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    assert device_of("auto") == torch.device("cpu")
    with pytest.raises(ConfigError, match="torch finds no GPU; take auto or cpu"):
        device_of("cuda")


def test_the_number_of_threads_is_put_back():
    torch = pytest.importorskip("torch", reason="needs the extra torch")
    from longtail.lab.learners.torch.door import steady

    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError, match="by zero"), steady():
        assert torch.get_num_threads() == 1
        raise ZeroDivisionError("by zero")
    assert torch.get_num_threads() == before
