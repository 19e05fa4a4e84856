"""The attacker who undoes the anonymizer: he learns what can be undone, on people he has not seen."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError
from gaitbench.evaluation.attacks.restoring.learning import RestoreSettings, learn
from gaitbench.evaluation.attacks.restoring.networks import GeiRestorer, SilhouetteRestorer
from gaitbench.evaluation.attacks.restoring.restore import _learn, undo_geis, undo_silhouettes
from gaitbench.training import Validation


def bodies(count, seed):
    """Blurred upright bodies float32 (n, 64, 44), each with a width of its own, and that width."""
    rng = np.random.default_rng(seed)
    wide = rng.uniform(5.0, 11.0, count)
    x = np.abs(np.arange(44) - 21.5)[None, None] < wide[:, None, None]
    rows = (np.arange(64) > 3) & (np.arange(64) < 61)
    sharp = (x & rows[None, :, None]).astype(np.float32)
    return np.stack([cv2.GaussianBlur(p, (0, 0), 1.5) for p in sharp]), wide


def shown(original, seed):
    """Narrowed to three quarters, and moved sideways by an amount that nobody can know."""
    rng = np.random.default_rng(seed)
    out = []
    for picture in original:
        narrow = np.zeros_like(picture)
        narrow[:, 5:38] = cv2.resize(picture, (33, 64), interpolation=cv2.INTER_AREA)
        out.append(np.roll(narrow, int(rng.integers(-2, 3)), axis=1))
    return np.stack(out)


def people(count, each=3):
    return [SequenceKey(f"{n // each:03d}", "nm-01", 90) for n in range(count)]


def made_run(effort):
    """What of a run a training needs."""
    return SimpleNamespace(
        suite=SimpleNamespace(seed=0, effort=effort), progress=SimpleNamespace(update=lambda *_: None)
    )


def test_what_can_be_undone_is_undone_in_spite_of_noise():
    (learnt, _), (look, _) = bodies(120, 0), bodies(30, 1)
    given, probes = shown(learnt, 2), shown(look, 3)
    settings = RestoreSettings(width=4)

    def found():
        net = GeiRestorer(4)
        taken = _learn(made_run(0.05), settings, net, people(120), given, learnt, "gei")
        return undo_geis(net, probes), taken

    first, taken = found()
    assert taken <= 100 and first.shape == probes.shape and first.min() >= 0 and first.max() <= 1
    before, after = (np.square(x - look).mean() for x in (probes, first))
    assert after < 0.5 * before, "an attacker who changes nothing undoes nothing"
    assert np.array_equal(first, found()[0])


def films(count, seed):
    """Silhouettes bool (n, 9, 64, 44) of bodies that sway, and what a system shows of them: narrower, in front."""
    sharp = bodies(count, seed)[0] > 0.5
    sway = [round(4 * np.sin(2 * np.pi * t / 9)) for t in range(9)]
    film = np.stack([np.roll(sharp, s, axis=2) for s in sway], axis=1)
    less = np.zeros_like(film)
    less[..., 4:] = film[..., :-4]
    return film, film & less


def test_silhouettes_are_undone_frame_by_frame():
    (truth, given), (look, probes) = films(60, 0), films(9, 1)
    net = SilhouetteRestorer(6)
    _learn(made_run(0.05), RestoreSettings(width=6), net, people(60), list(given), list(truth), "silhouettes")
    found = np.stack([undo_silhouettes(net, one) for one in probes])
    assert found.shape == probes.shape and found.dtype == np.bool_
    before, after = ((x != look).mean() for x in (probes, found))
    assert after < 0.5 * before
    # another frame 6 is seen by those around it alone, and the film keeps its order
    other = probes[0].copy()
    other[6] = probes[1, 6]
    again = undo_silhouettes(net, other)
    assert np.array_equal(again[:4], found[0, :4]) and not np.array_equal(again[6], found[0, 6])


def test_the_training_ends_when_held_out_people_gain_no_more_and_keeps_the_best():
    looks = iter([0.5, 0.3, 0.4, 0.45, 0.6, 0.2])
    net, kept = torch.nn.Linear(1, 1), []

    def loss(rows, draws):
        if draws is not None:  # learning, of people who are not held out
            assert not {keys[i].subject for i in rows} & held
            return net(torch.ones(1, 1)).square().mean()
        held.update(keys[i].subject for i in rows)
        kept.append(net.weight.item())
        return torch.tensor(next(looks))

    keys, held = people(30), set()
    validation = Validation(0.2)
    held.update(keys[i].subject for i in validation.split_people([k.subject for k in keys], 0)[1])
    settings = RestoreSettings(steps=100, every=2, patience=3)
    assert learn(made_run(1.0), settings, net, keys, loss) == 10
    assert len(held) == 2 and net.weight.item() == kept[1], "the second look was the best"


def test_one_person_cannot_be_held_out():
    rows = list(bodies(4, 0)[0])
    with pytest.raises(DataError, match="fewer than two training people"):
        _learn(made_run(0.1), RestoreSettings(), GeiRestorer(2), people(4, 4), rows, rows, "gei")


def test_who_is_undone_to_nothing_stays_as_shown():
    net = SilhouetteRestorer(2)
    torch.nn.init.constant_(net.leave.bias, -99.0)
    film = films(1, 0)[1][0]
    assert np.array_equal(undo_silhouettes(net, film), film)
