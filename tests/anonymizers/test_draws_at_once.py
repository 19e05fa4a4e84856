"""Many draws of one walk are those of one at a time, and each is an array of its own."""

import numpy as np
import pytest
from stick_people import crowd, walk, with_silhouettes

from gaitbench.anonymizers.deform import Deform
from gaitbench.anonymizers.model1.anonymizer import Model1, Model1Settings
from gaitbench.anonymizers.model1.training import ContourTraining


def model_1():
    few = Model1Settings(points=48, width=8, threads=1, training=ContourTraining(steps=4))
    return Model1(few).fit(crowd(subjects=range(1, 4)), seed=2)


@pytest.mark.parametrize("make", [model_1, Deform], ids=["model-1", "deform"])
def test_draws_at_once(make):
    system, probe = make(), walk(9, 90, frames=7)
    holed = probe.silhouettes.copy()
    holed[1, 12:15, 9:12] = False  # an own outline, drawn apart
    holed[2] = False
    for silhouettes in (probe.silhouettes, holed, holed[2:3]):
        sequence = with_silhouettes(probe, silhouettes)
        alone = [system.anonymize(sequence, np.random.default_rng(seed)) for seed in (1, 2, 3)]
        together = system.anonymize_draws(sequence, [np.random.default_rng(seed) for seed in (1, 2, 3)])
        assert len(together) == 3
        assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))
        assert all(not np.shares_memory(together[0], other) for other in together[1:])
        assert np.array_equal(together[0].any(axis=(1, 2)), silhouettes.any(axis=(1, 2)))
