"""Many bodies from one walk: the network's own function, and nothing of one draw in another."""

import numpy as np
import pytest
import torch
from stick_people import crowd, walk

from gaitbench.anonymizers.model2 import anonymizer
from gaitbench.anonymizers.model2.adversarial import AdversarialSettings
from gaitbench.anonymizers.model2.anonymizer import Model2, Model2Settings
from gaitbench.anonymizers.model2.drawing import WalkDrawer
from gaitbench.anonymizers.model2.networks import SilhouetteGenerator
from gaitbench.training import initialise, torch_generator

TINY = Model2Settings(
    code=4, style=4, width=8, threads=1,
    training=AdversarialSettings(steps=4, encoder_steps=4, clips=6, windows=16),
)  # fmt: skip


@pytest.fixture(scope="module")
def trained():
    return Model2(TINY).fit(crowd(subjects=range(1, 4)), seed=3)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("bodies", [1, 5])
def test_logits_are_the_generators(share, bodies):
    draws = torch_generator(1)
    net = SilhouetteGenerator(4, 3, 2, 8, (32, 48))
    initialise(net, draws)
    with torch.no_grad():
        for layer in (net.see, net.draw, net.grow):  # biases that matter
            layer.bias.normal_(generator=draws)
    codes, styles = torch.randn(5, 4, generator=draws), torch.randn(bodies, 3, generator=draws)
    own, drawn = torch.rand(2, 5, 32, 48, generator=draws)
    drawn = drawn[:bodies]
    with torch.inference_mode():
        walker = WalkDrawer(net, codes, share * own if share else None, share, 1)
        expected = net(
            codes, styles.expand(5, -1), share * own + (1 - share) * drawn, torch.full((5,), share),
            torch.ones(5, dtype=torch.int64),
        )  # fmt: skip
        for _ in range(2):  # a second draw finds the walk as the first did
            found = walker.logits(styles, (1 - share) * drawn)
            assert torch.allclose(found, expected, atol=1e-5, rtol=0.0)


@pytest.mark.parametrize("settings", [{}, {"granularity": "frame"}, {"strength": 1.0}, {"strength": 0.0}])
def test_draws_are_those_of_one_at_a_time_whatever_the_batch(trained, monkeypatch, settings):
    system = Model2(Model2Settings(**{**vars(TINY), **settings})).load_state(trained.state())
    probe = walk(9, 90, frames=7)
    probe.silhouettes[2] = False
    alone = [system.anonymize(probe, np.random.default_rng(seed)) for seed in (1, 2)]
    monkeypatch.setattr(anonymizer, "_TOGETHER", 4)
    together = system.anonymize_draws(probe, [np.random.default_rng(seed) for seed in (1, 2)])
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))
    assert not together[0][2].any() and together[0][[0, 1, 3, 4, 5, 6]].any(axis=(1, 2)).all()
