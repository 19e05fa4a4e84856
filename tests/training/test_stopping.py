"""Early stopping: people held out, the best weights kept, the place recorded, resumed as it was."""

from dataclasses import replace

import pytest
import torch
from stick_people import crowd
from torch import nn

from gaitbench.anonymizers.model2.adversarial import AdversarialSettings
from gaitbench.anonymizers.model2.anonymizer import Model2, Model2Settings
from gaitbench.colorizers.learned.proposed import Proposed, ProposedSettings
from gaitbench.errors import ConfigError, ModelError
from gaitbench.training import Session, Validation, run_steps

PEOPLE = crowd(subjects=range(1, 5), frames=8)


def test_nobody_learns_and_judges():
    learn, look = Validation(0.25).split(PEOPLE, 0)
    who = [{PEOPLE[i].key.subject for i in part} for part in (learn, look)]
    assert not who[0] & who[1] and len(who[1]) == 1 and sorted(learn + look) == list(range(len(PEOPLE)))
    assert Validation(0.25).split(PEOPLE, 0) == (learn, look)
    assert any(Validation(0.25).split(PEOPLE, seed)[1] != look for seed in range(1, 9))
    assert len({PEOPLE[i].key.subject for i in Validation(0.99).split(PEOPLE, 0)[0]}) == 1
    with pytest.raises(ModelError, match="only 1"):
        Validation().split(PEOPLE[:2], 0)
    for wrong in ({"share": 0.0}, {"share": 1.0}, {"every": 0}, {"patience": 0}):
        with pytest.raises(ConfigError):
            Validation(**wrong)


def climb(values, session, steps=20):
    """A weight that counts steps; the validation reads `values` at it."""
    counter = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(counter.weight)

    def step(number):
        with torch.no_grad():
            counter.weight += 1
        return {"loss": torch.tensor(1.0)}

    history = run_steps(
        step, steps, optimizers=(), label="net", session=session, modules={"counter": counter},
        generators={"none": torch.Generator()}, validate=lambda: values[int(counter.weight.item()) // 2 - 1],
    )  # fmt: skip
    return counter.weight.item(), history


def test_stops_at_patience_with_the_best_weights():
    session = Session(validation=Validation(every=2, patience=3))
    weight, history = climb([5.0, 3.0, 4.0, 3.5, 3.0, 1.0, 0.0], session)
    assert weight == 4.0
    assert session.phases_ == [
        {"label": "net", "steps": 20, "taken": 10, "best_step": 4, "best": 3.0, "stopped_early": True}
    ]
    assert [h["validation"] for h in history if "validation" in h] == [5.0, 3.0, 4.0, 3.5, 3.0]
    assert session.summary()["validation"] == {"share": 0.2, "every": 2, "patience": 3}


def test_keeps_the_best_weights_at_the_end_too():
    session = Session(validation=Validation(every=2, patience=9))
    assert climb([5, 4, 1, 2, 3], session, steps=10)[0] == 6.0
    assert session.phases_[0]["taken"] == 10 and not session.phases_[0]["stopped_early"]


def test_validation_is_not_asked_without_a_session():
    assert climb([], None)[0] == 20.0 and climb([], Session())[0] == 20.0


def test_resumed_remembers_the_best(tmp_path):
    def session(resume):
        how = Session(folder=tmp_path, every=3, resume=resume, validation=Validation(every=2, patience=4))
        how.begin("x", None, [], seed=0, effort=1.0, device=torch.device("cpu"))
        return how

    with pytest.raises(IndexError):  # killed at the fourth look, step 8; the checkpoint stands at step 6
        climb([5, 1, 2], session(False))
    again = session(True)
    # were the looks of before forgotten, 3.0 would be the best of all
    assert climb([9, 9, 9, 4, 3, 6, 0], again)[0] == 4.0
    assert again.phases_[0]["best_step"] == 4 and again.phases_[0]["taken"] == 12


def test_systems_stop_early_and_say_so(tmp_path):
    how = Validation(0.25, every=2, patience=1)
    session = Session(validation=how)
    settings = ProposedSettings(width=4, steps=40, batch=3, threads=1, learning_rate=0.3)
    painter = Proposed(settings).fit(PEOPLE, seed=1, session=session)
    taken = session.phases_[0]["taken"]
    assert taken < 40 and session.phases_[0]["stopped_early"] and painter.card()["steps"] == taken
    assert all(torch.isfinite(torch.from_numpy(v)).all() for v in painter.state().values())

    session = Session(validation=replace(how, patience=50))
    training = AdversarialSettings(steps=3, encoder_steps=6, clips=3, windows=4)
    Model2(Model2Settings(width=4, code=4, style=4, threads=1, training=training)).fit(
        PEOPLE, seed=1, session=session
    )
    generator, encoder = session.phases_
    assert "best" not in generator and encoder["taken"] == 6 and encoder["best_step"] in (2, 4, 6)


def test_held_out_pictures_are_not_learned_from(monkeypatch):
    """With the others' clothes changed the weights change, with those of the held-out people they do not."""
    how = Validation(0.25, every=100, patience=50)
    _, look = how.split(PEOPLE, 1)

    def weights(change):
        people = [replace(s, rgb=255 - s.rgb) if i in change else s for i, s in enumerate(PEOPLE)]
        # a constant judge, so that the weights of the last step are kept whatever the held-out people say
        monkeypatch.setattr(Proposed, "_held_out_loss", lambda self, looks, device: 1.0)
        settings = ProposedSettings(width=4, steps=2, batch=3, threads=1)
        return Proposed(settings).fit(people, seed=1, session=Session(validation=how)).state()

    plain, other, learned = weights([]), weights(look), weights([i for i in range(8) if i not in look])
    assert all((plain[k] == other[k]).all() for k in plain)
    assert any((plain[k] != learned[k]).any() for k in plain)
