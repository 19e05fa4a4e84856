"""The attacker who undoes the anonymizer: he learns what can be undone, on people he has not seen."""

from types import SimpleNamespace

import cv2
import numpy as np
import torch

from gaitbench.evaluation.attacks.deanonymize import RestoreSettings, _learn, _undo


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


def test_what_can_be_undone_is_undone_in_spite_of_noise():
    run = SimpleNamespace(
        suite=SimpleNamespace(seed=0, effort=0.5), progress=SimpleNamespace(update=lambda *_: None)
    )
    (learn, _), (look, _) = bodies(120, 0), bodies(30, 1)
    given, probes = shown(learn, 2), shown(look, 3)
    settings = RestoreSettings(width=6)
    given, learn, seen = (torch.from_numpy(a) for a in (given, learn, probes))
    found = _undo(_learn(run, settings, given, learn), seen)
    assert found.shape == probes.shape and found.min() >= 0 and found.max() <= 1
    before, after = (np.square(x - look).mean() for x in (probes, found))
    assert after < 0.5 * before, "an attacker who changes nothing undoes nothing"
    again = _undo(_learn(run, settings, given, learn), seen)
    assert np.array_equal(found, again)
