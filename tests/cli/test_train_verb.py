"""``gaitbench train``: weights and card from a tiny suite, Ctrl-C and --resume, bad input in one line."""

import json
import os
import signal
import sys

import numpy as np
import pytest

from gaitbench import cli
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.training import phase
from gaitbench.training.weights import load_system

SUITE = """
effort = 0.001
training_pictures = 2
[data]
size = [64, 44]
frames = 8
angles = [90]
[split]
recognizer = "001"
models = "051-052"
test = "081"
[systems]
anonymizers = ["blur"]
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-02"]
probe = ["nm-05"]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("train")
    (folder / "tiny.toml").write_text(SUITE)
    return folder


def train(monkeypatch, capsys, place, *arguments):
    """Run the verb in this process: exit code and what it said."""
    given = ["--suite", str(place / "tiny.toml"), "--store", str(place / "store"), "--jobs", "1", "--quiet",
             "--device", "cpu"]  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["gaitbench", "train", *map(str, arguments), *given])
    code = 0
    try:
        cli.main()
    except SystemExit as stop:
        code = stop.code
    said = capsys.readouterr()
    return code, said.out, said.err


def _a_run_finds_it(place, trained):
    """The store holds the weights under the key that a suite asks for: the suite trains nothing again."""
    run = open_run(str(place / "tiny.toml"), store=place / "store", jobs=1, device="cpu")
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    mine = trained.state()
    assert all(np.array_equal(v, mine[k]) for k, v in systems.colorizer("proposed").state().items())
    assert all(stage.cached for stage in run.log.stages)


def test_a_colorizer_is_trained_interrupted_and_resumed(place, monkeypatch, capsys):
    whole, cut = place / "whole", place / "cut"
    code, out, _ = train(monkeypatch, capsys, place, "colorizer", "proposed", "--output", whole)
    assert code == 0 and str(whole) in out and sorted(p.name for p in whole.iterdir()) == [
        "card.json", "weights.safetensors",
    ]  # fmt: skip
    card = json.loads((whole / "card.json").read_text())
    told = card["training"]
    assert (card["kind"], card["name"], card["version"]) == ("colorizer", "proposed", "0.1.0")
    assert told["subjects"] == ["051", "052"] and told["partner"] == "blur" and told["effort"] == 0.001
    assert told["dataset"]["name"] == "walkers" and len(told["dataset"]["fingerprint"]) > 16
    assert told["phases"] == [{"label": "proposed", "steps": 5, "taken": 5}]
    assert told["seconds"] > 0 and told["losses"][0]["step"] == 0 and told["losses"][-1]["step"] == 4
    _a_run_finds_it(place, load_system(whole))

    real = phase.Phase.after

    def after(self, number, history):
        if number == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, number, history)

    with monkeypatch.context() as patch:
        patch.setattr(phase.Phase, "after", after)
        code, _, err = train(monkeypatch, capsys, place, "colorizer", "proposed", "--output", cut)
    assert code == 130 and "--resume" in err and not (cut / "card.json").exists()
    code, _, err = train(monkeypatch, capsys, place, "colorizer", "proposed", "--output", cut)
    assert code == 2 and "unfinished training" in err and err.count("\n") == 1
    other = ("colorizer", "proposed", "--output", cut, "--resume", "--seed", "9")
    with monkeypatch.context() as patch:  # refused before any data are looked at
        patch.setattr("gaitbench.making.train_system.prepare_all", None)
        code, _, err = train(monkeypatch, capsys, place, *other)
    assert code == 2 and "its seed is 0, now 9" in err and err.count("\n") == 1
    code, _, _ = train(monkeypatch, capsys, place, "colorizer", "proposed", "--output", cut, "--resume")
    assert code == 0 and not (cut / "checkpoints").exists()
    assert (cut / "weights.safetensors").read_bytes() == (whole / "weights.safetensors").read_bytes()
    assert json.loads((cut / "card.json").read_text())["training"]["phases"][0]["resumed_at"] == 3
    code, _, err = train(monkeypatch, capsys, place, "colorizer", "proposed", "--output", cut, "--resume")
    assert code == 2 and "finished training and no checkpoint" in err and err.count("\n") == 1
    assert (cut / "weights.safetensors").read_bytes() == (whole / "weights.safetensors").read_bytes()


def test_resume_without_a_checkpoint_says_that_it_begins_anew(place, tmp_path, monkeypatch, capsys, caplog):
    code, _, _ = train(
        monkeypatch, capsys, place, "colorizer", "proposed", "--output", tmp_path / "new", "--resume"
    )
    assert code == 0 and "there is no checkpoint" in caplog.text and "begins anew" in caplog.text


def test_settings_and_seed_of_a_value_and_no_mistaken_weights(place, tmp_path, monkeypatch, capsys):
    """The seeds of a suite are not those of one training: no weights go under the key of another seed."""
    text = "seeds = [7, 8]\n" + SUITE
    (tmp_path / "seeds.toml").write_text(text)

    def trained(name):
        output = tmp_path / name.replace("[", "-").replace("]", "")
        given = ["train", "colorizer", name, "--output", str(output), "--suite", str(tmp_path / "seeds.toml"),
                 "--store", str(tmp_path / "store"), "--jobs", "1", "--quiet", "--device", "cpu"]  # fmt: skip
        monkeypatch.setattr(sys, "argv", ["gaitbench", *given])
        cli.main()
        return json.loads((output / "card.json").read_text())

    plain, third = trained("proposed-gated"), trained("proposed-gated[seed=8,width=4]")
    assert (plain["training"]["seed"], third["training"]["seed"], third["settings"]["width"]) == (0, 8, 4)
    run = open_run(str(tmp_path / "seeds.toml"), store=tmp_path / "store", jobs=1, device="cpu")
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    has = {
        name: run.store.has("models", systems.weights_key("colorizer", name))
        for name in ("proposed-gated", "proposed-gated[seed=0]", "proposed-gated[seed=8,width=4]")
    }
    assert has == {
        "proposed-gated": False, "proposed-gated[seed=0]": True, "proposed-gated[seed=8,width=4]": True,
    }, "the suite begins with seed 7"  # fmt: skip


def test_a_training_that_cannot_stop_early_says_so(place, tmp_path, monkeypatch, capsys):
    arguments = ("--validation", "0.5", "--effort", "0.01")
    code, _, err = train(
        monkeypatch, capsys, place, "anonymizer", "model-1", *arguments, "--output", tmp_path / "m"
    )
    assert code == 0 and "model-1 took every step" in err and err.count("\n") == 1
    code, _, err = train(
        monkeypatch, capsys, place, "colorizer", "proposed", *arguments, "--output", tmp_path / "c"
    )
    assert code == 0 and "took every step" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["anonymizer", "model-3"], "did you mean 'model-2'"),
        (["colorizer", "propose"], "did you mean 'proposed'"),
        (["colorizer", "nearest"], "nothing to train"),
        (["anonymizer", "constant"], "nothing to train"),
        (["colorizer", "proposed", "--effort", "0"], "above 0"),
        (["colorizer", "proposed", "--effort", "nan"], "above 0"),
        (["colorizer", "proposed", "--precision", "fp16"], "needs a GPU"),
        (["colorizer", "proposed", "--precision", "double"], "unknown precision"),
        (["colorizer", "proposed", "--checkpoint-every", "0"], "take 1 or more"),
        (["colorizer", "proposed", "--validation", "1.5"], "between 0 and 1"),
        (["colorizer", "proposed", "--patience", "0", "--validation", "0.5"], "1 or more"),
    ],
)
def test_bad_input_is_one_line(arguments, message, place, tmp_path, monkeypatch, capsys):
    output = tmp_path / "out"
    code, _, err = train(monkeypatch, capsys, place, *arguments, "--output", output)
    assert code == 2 and message in err and err.count("\n") == 1
    assert not output.exists()


def test_places_that_cannot_be_written(place, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    inside = tmp_path / "file" / "x"
    code, _, err = train(monkeypatch, capsys, place, "colorizer", "proposed", "--output", inside)
    assert code == 2 and "cannot be written" in err and err.count("\n") == 1


def test_log_without_tensorboard(place, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    options = ("--log-dir", tmp_path / "log", "--output", tmp_path / "out")
    code, _, err = train(monkeypatch, capsys, place, "colorizer", "proposed", *options)
    assert code == 2 and "pip install tensorboard" in err and err.count("\n") == 1


def test_log_gets_the_losses(place, tmp_path, monkeypatch, capsys):
    """A stand-in for TensorBoard's writer, which is an optional package."""
    import types

    noted = []

    class SummaryWriter:
        def __init__(self, folder):
            noted.append(folder)

        def add_scalar(self, tag, scalar_value, global_step):
            noted.append((tag, global_step))

        def close(self):
            noted.append("closed")

    fake = types.SimpleNamespace(SummaryWriter=SummaryWriter)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", fake)
    options = ("--log-dir", tmp_path / "log", "--output", tmp_path / "out")
    code, _, _ = train(monkeypatch, capsys, place, "colorizer", "proposed", *options)
    assert code == 0 and noted[0] == str(tmp_path / "log") and noted[-1] == "closed"
    assert ("proposed/rec", 0) in noted and ("proposed/style", 4) in noted
