"""The corrected field of `gaitbench`: what it may do, what it learned, and that it can be learned again."""

import hashlib
import json

import numpy as np
import pytest
import torch

from gaitbench.colorizers.carried.correction import (
    FOLDER,
    FieldCorrection,
    bundled_correction,
    carried,
    correct_field,
)
from gaitbench.colorizers.carried.correction_training import CorrectionSettings, TruePairs, train_correction
from gaitbench.colorizers.carried.gaitbench_colorizer import (
    GaitbenchColorizer,
    GaitbenchColorizerSettings,
    base_field,
)
from gaitbench.datasets.walkers import RENDER_VERSION, Walkers
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.making.bundled_colorizer import SEED, measured, true_pairs
from gaitbench.metrics import psnr, sharpness_ratio


@pytest.fixture(scope="module")
def pairs():
    """Pictures of a walker whom the bundled weights never saw: people beyond those that trained it."""
    return TruePairs(*true_pairs(70, 72, (36, 90)))


def inputs(pairs, count=6):
    part = slice(0, count)
    return (
        *base_field(pairs.rgb[part], pairs.old[part], pairs.new[part], GaitbenchColorizerSettings()),
        part,
    )


def test_the_card_tells_of_these_weights():
    card = json.loads((FOLDER / "gaitbench.json").read_text(encoding="utf-8"))
    blob = (FOLDER / "gaitbench.safetensors").read_bytes()
    assert hashlib.sha256(blob).hexdigest() == card["weights_sha256"]
    assert card["data"]["render_version"] == RENDER_VERSION and card["data"]["seed"] == SEED
    assert len(blob) < 1_000_000


def test_nobody_of_a_suite_taught_it(tmp_path):
    run = open_run("standard", store=tmp_path)
    assert needs_of_role(run, "probe") and run.dataset.fingerprint() == Walkers(seed=0).fingerprint()
    assert Walkers(seed=SEED).fingerprint() != run.dataset.fingerprint()


def test_it_is_truer_than_the_field_alone(pairs):
    """On people beyond those that taught it: closer to the truth, and no blurred picture is how."""
    found = {}
    ways = {
        "whole": GaitbenchColorizerSettings(),
        "blurred": GaitbenchColorizerSettings(sharpen=0.0),
        "field": GaitbenchColorizerSettings(corrected=False, sharpen=0.0),
    }
    for name, settings in ways.items():
        painter = GaitbenchColorizer(settings)
        each = [slice(i, i + 1) for i in range(0, len(pairs.rgb), 3)]
        made = np.concatenate([painter.colorize(pairs.rgb[i], pairs.old[i], pairs.new[i]) for i in each])
        chosen = slice(None, None, 3)
        pair = made.astype(float), pairs.truth[chosen] / 255.0
        region = pairs.new[chosen]
        found[name] = [float(np.nanmean(m(*pair, region=region))) for m in (psnr, sharpness_ratio)]
    assert found["blurred"][0] > found["whole"][0] > found["field"][0] + 0.1
    assert found["blurred"][1] < 0.8 < found["whole"][1] < 1.2


def test_what_the_card_tells_is_measured_on_the_weights_it_lies_beside(pairs):
    few = TruePairs(*(getattr(pairs, name)[:4] for name in ("rgb", "truth", "old", "new")))
    idle = FieldCorrection(4)
    with torch.no_grad():
        for parameter in idle.parameters():
            parameter.zero_()
    found = measured(few, idle)
    assert found["corrected"] == pytest.approx(found["not_corrected"], abs=1e-3)
    bundled = measured(few, bundled_correction())
    assert bundled["not_corrected"] == found["not_corrected"]
    assert bundled["corrected"]["psnr"] > found["corrected"]["psnr"] + 0.05


def test_frames_do_not_depend_on_their_company(pairs):
    wide, x, y, part = inputs(pairs)
    network = bundled_correction()
    whole = correct_field(network, wide, pairs.old[part], pairs.new[part], x, y)
    alone = correct_field(network, wide[2:3], pairs.old[2:3], pairs.new[2:3], x[2:3], y[2:3])
    for a, b in zip(whole, alone, strict=True):
        np.testing.assert_allclose(a[2:3], b, atol=1e-4)


def test_twice_the_size_is_the_same_field_in_twice_the_pixels(pairs):
    wide, x, y, part = inputs(pairs)
    network = bundled_correction()
    small = correct_field(network, wide, pairs.old[part], pairs.new[part], x, y)
    twice = [np.repeat(np.repeat(a, 2, 1), 2, 2) for a in (wide, pairs.old[part], pairs.new[part])]
    large_x, large_y = (2.0 * np.repeat(np.repeat(a, 2, 1), 2, 2) + 0.5 for a in (x, y))
    large = correct_field(network, *twice, large_x.astype(np.float32), large_y.astype(np.float32))
    for field, base, big, wide_base in ((small[0], x, large[0], large_x), (small[1], y, large[1], large_y)):
        moved, twice_moved = field - base, (big - wide_base)[:, ::2, ::2] / 2.0
        assert np.abs(moved - twice_moved).mean() < 0.1 * np.abs(moved).mean() + 0.02


def test_corrections_and_shades_are_bounded():
    torch.manual_seed(0)
    network = FieldCorrection(4)
    with torch.no_grad():
        network.leave.weight *= 1e4
    pictures, masks = torch.rand(2, 3, 32, 16), torch.ones(2, 32, 16)
    x, y = torch.zeros(2, 32, 16), torch.zeros(2, 32, 16)
    at_x, at_y, shade = network(pictures, masks, masks, x, y)
    assert at_x.abs().max() <= 8 and at_y.abs().max() <= 8 and shade.min() >= 0.5 and shade.max() <= 1.5


def test_sampling_at_its_own_place_is_the_picture():
    picture = torch.rand(1, 3, 8, 6)
    y, x = torch.meshgrid(torch.arange(8.0), torch.arange(6.0), indexing="ij")
    torch.testing.assert_close(carried(picture, x[None], y[None]), picture, atol=1e-4, rtol=0)


def test_training_again_gives_the_same_weights_and_learns(pairs):
    settings = CorrectionSettings(width=4, steps=12, batch=4)
    few = TruePairs(pairs.rgb[:8], pairs.truth[:8], pairs.old[:8], pairs.new[:8])
    first, losses = train_correction(few, settings, seed=3)
    again, _ = train_correction(few, settings, seed=3)
    for a, b in zip(first.state_dict().values(), again.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    assert all(np.isfinite(v) for row in losses for v in row.values())
    longer, _ = train_correction(few, CorrectionSettings(width=4, steps=120, batch=4), seed=3)
    assert _error(longer, few) < _error(first, few)


def _error(network, pairs):
    wide, x, y, part = inputs(pairs, 8)
    x, y, shade = correct_field(network, wide, pairs.old[part], pairs.new[part], x, y)
    made = (
        carried(torch.from_numpy(wide).permute(0, 3, 1, 2), torch.from_numpy(x), torch.from_numpy(y))
        * torch.from_numpy(shade)[:, None]
    )
    error = np.abs(made.permute(0, 2, 3, 1).numpy() - pairs.truth / 255.0)
    return float(error[pairs.new].mean())
