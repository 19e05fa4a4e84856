"""A training that was stopped ends with the very weights of one that was not; another training's file is refused."""

import os
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch
from stick_people import crowd

from gaitbench.anonymizers.model1.anonymizer import Model1, Model1Settings
from gaitbench.anonymizers.model1.training import ContourTraining
from gaitbench.anonymizers.model2.adversarial import AdversarialSettings
from gaitbench.anonymizers.model2.anonymizer import Model2, Model2Settings
from gaitbench.colorizers.learned.proposed import Proposed, ProposedSettings
from gaitbench.errors import ConfigError, ModelError
from gaitbench.training import Session

PEOPLE = crowd(subjects=range(1, 4), frames=8)
#: The judge joins at step 6 of 10, so that stops lie before and after it.
ADVERSARIAL = AdversarialSettings(steps=10, encoder_steps=6, clips=3, windows=4)


def model1():
    training = ContourTraining(steps=8, clips=4, length=4, draws=6)
    return Model1(Model1Settings(points=32, heights=4, noise=4, width=4, threads=1, training=training))


def model2():
    return Model2(Model2Settings(width=4, code=4, style=4, threads=1, training=ADVERSARIAL))


def proposed(**changes):
    return Proposed(replace(ProposedSettings(width=4, steps=12, batch=3, threads=1), **changes))


def same(one, two):
    a, b = one.state(), two.state()
    return a.keys() == b.keys() and all(a[k].tobytes() == b[k].tobytes() for k in a)


def stopped(make, folder, label, step, monkeypatch):
    """Train until Ctrl-C comes in a step of `label`."""
    import gaitbench.training.phase as phase

    real = phase.Phase.after

    def after(self, number, history):
        if self._label == label and number == step:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, number, history)

    monkeypatch.setattr(phase.Phase, "after", after)
    with pytest.raises(KeyboardInterrupt, match=f"after step {step + 1} of"):
        make().fit(PEOPLE, seed=5, session=Session(folder=folder, every=1000))
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("make", "label", "step"),
    [
        (proposed, "proposed", 4),
        (model1, "model-1", 5),
        (model2, "model-2 generator", 2),
        (model2, "model-2 generator", 8),
        (model2, "model-2 encoder", 2),
    ],
)
def test_interrupted_and_resumed_is_byte_equal(make, label, step, tmp_path, monkeypatch):
    whole = make().fit(PEOPLE, seed=5)
    handler = signal.getsignal(signal.SIGINT)
    stopped(make, tmp_path, label, step, monkeypatch)
    assert signal.getsignal(signal.SIGINT) is handler
    session = Session(folder=tmp_path, every=1000, resume=True)
    again = make().fit(PEOPLE, seed=5, session=session)
    assert same(whole, again) and again.history_ == whole.history_
    assert session.phases_[-1]["taken"] == session.phases_[-1]["steps"]
    assert next(p for p in session.phases_ if p["label"] == label)["resumed_at"] == step + 1


def test_periodic_checkpoint_survives_a_kill(tmp_path):
    """What a hard kill leaves is the last periodic checkpoint; from there the end is the same."""
    whole = proposed().fit(PEOPLE, seed=5)

    class Killed(Exception):
        pass

    class Log:
        def add_scalar(self, tag, scalar_value, global_step):
            if global_step == 11:
                raise Killed

    with pytest.raises(Killed):
        proposed().fit(PEOPLE, seed=5, session=Session(folder=tmp_path, every=5, log=Log()))
    session = Session(folder=tmp_path, every=5, resume=True)
    assert same(whole, proposed().fit(PEOPLE, seed=5, session=session))
    assert session.phases_[0]["resumed_at"] == 10
    assert not list(tmp_path.glob("*.part"))


def test_a_session_without_anything_changes_nothing(tmp_path):
    plain = proposed().fit(PEOPLE, seed=5)
    assert same(plain, proposed().fit(PEOPLE, seed=5, session=Session(folder=tmp_path, every=3)))


@pytest.mark.parametrize(
    ("key", "make", "options", "people"),
    [
        ("seed", proposed, {"seed": 6}, PEOPLE),
        ("settings", lambda: proposed(learning_rate=2.5e-3), {"seed": 5}, PEOPLE),
        ("data", proposed, {"seed": 5}, PEOPLE[:-1]),
        ("effort", proposed, {"seed": 5, "effort": 2.0}, PEOPLE),
    ],
)
def test_checkpoint_of_another_training_is_refused(key, make, options, people, tmp_path):
    proposed().fit(PEOPLE, seed=5, session=Session(folder=tmp_path))
    with pytest.raises(ModelError, match=f"belongs to another training .its {key} is") as error:
        make().fit(people, session=Session(folder=tmp_path, resume=True), **options)
    assert "\n" not in str(error.value)


def test_changed_pixels_are_other_data(tmp_path):
    proposed().fit(PEOPLE, seed=5, session=Session(folder=tmp_path))
    rgb = PEOPLE[0].rgb.copy()
    rgb[0, 0, 0, 0] ^= 1
    other = [replace(PEOPLE[0], rgb=rgb), *PEOPLE[1:]]
    with pytest.raises(ModelError, match="its data is"):
        proposed().fit(other, seed=5, session=Session(folder=tmp_path, resume=True))


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-7],
        lambda raw: b"nothing",
        lambda raw: raw.replace(b'"format_version":"1"', b'"format_version":"9"'),
        lambda raw: raw.replace(b"gaitbench-checkpoint", b"other-programs-files"),
    ],
)
def test_damaged_checkpoint_is_one_line(damage, tmp_path):
    proposed().fit(PEOPLE, seed=5, session=Session(folder=tmp_path))
    (file,) = tmp_path.iterdir()
    raw = file.read_bytes()
    assert damage(raw) != raw
    file.write_bytes(damage(raw))
    with pytest.raises(ModelError, match="remove it and train again") as error:
        proposed().fit(PEOPLE, seed=5, session=Session(folder=tmp_path, resume=True))
    assert "\n" not in str(error.value)


def test_generators_of_numpy_are_kept_too(tmp_path):
    from gaitbench.training import run_steps

    def train(folder, resume, stop):
        rng, weight = np.random.default_rng(3), torch.nn.Linear(1, 1)
        with torch.no_grad():
            weight.weight.fill_(1.0)
            weight.bias.zero_()
        optimizer = torch.optim.SGD(weight.parameters(), 0.1, momentum=0.9)
        session = Session(folder=folder, resume=resume, every=4)
        session.begin("x", None, [], seed=0, effort=1.0, device=torch.device("cpu"))

        def step(number):
            if number == stop:
                raise RuntimeError
            loss = ((weight(torch.ones(1, 1)) - float(rng.normal())) ** 2).sum()
            session.descend(loss, optimizer)
            return {"loss": loss.detach()}

        parts = {"modules": {"w": weight}, "generators": {"rng": rng}}
        run_steps(step, 10, optimizers=(optimizer,), label="x", session=session, **parts)
        return weight.weight.item()

    whole = train(tmp_path / "a", False, None)
    with pytest.raises(RuntimeError):
        train(tmp_path / "b", False, 6)
    assert train(tmp_path / "b", True, None) == whole


def test_what_cannot_be_resumed_says_so(tmp_path):
    from gaitbench.training import run_steps

    with pytest.raises(ModelError, match="cannot be resumed"):
        run_steps(lambda n: {}, 1, optimizers=(), label="x", session=Session(folder=tmp_path))
    with pytest.raises(ConfigError, match="unknown precision"):
        Session(precision="half")
    with pytest.raises(ConfigError, match="take 1 or more"):
        Session(every=0)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        proposed().fit(PEOPLE, seed=5, session=Session(folder=tmp_path / "file"))
