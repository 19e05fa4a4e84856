"""The learned colorizers: the contract, determinism, what passes the network, the fair fight, and the edges."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from stick_people import crowd, walk

from gaitbench.colorizers.learned.baseline import Baseline, BaselineSettings
from gaitbench.colorizers.learned.gated import (
    BaselineGated,
    BaselineGatedSettings,
    ProposedGated,
    ProposedGatedSettings,
)
from gaitbench.colorizers.learned.proposed import Proposed, ProposedSettings
from gaitbench.colorizers.learned.settings import ColorizerSettings
from gaitbench.datasets.silhouettes.contour import deform_contours
from gaitbench.errors import ConfigError, ModelError
from gaitbench.registry import COLORIZERS

SMALL = {"width": 8, "steps": 50, "batch": 8, "threads": 1, "frames": 60}
MAKERS = {
    "baseline": lambda **more: Baseline(BaselineSettings(**{**SMALL, **more})),
    "proposed": lambda **more: Proposed(ProposedSettings(**{**SMALL, **more})),
    "baseline-gated": lambda **more: BaselineGated(BaselineGatedSettings(**{**SMALL, **more})),
    "proposed-gated": lambda **more: ProposedGated(ProposedGatedSettings(**{**SMALL, **more})),
}
DESCRIBED = ("baseline", "proposed")


@pytest.fixture(scope="module", params=list(MAKERS))
def trained(request):
    # through a bottleneck colours take longer to learn than through a gate
    more = {"steps": 500, "learning_rate": 4e-3} if request.param in DESCRIBED else {}
    return MAKERS[request.param](**more).fit(crowd(), seed=3)


def probe(frames=6, **options):
    sequence = walk(9, frames=frames, **options)
    return sequence.rgb, sequence.silhouettes, deform_contours(sequence.silhouettes, np.random.default_rng(1))


@pytest.mark.parametrize("name", list(MAKERS))
def test_registered_under_their_names(name):
    assert COLORIZERS.get(name)().name == name


def test_paints_inside_the_silhouette_and_nowhere_else(trained):
    rgb, old, new = probe()
    out = trained.colorize(rgb, old, new)
    assert out.shape == rgb.shape and out.dtype == np.float32
    assert (out[~new] == 0).all() and (out[new].max(1) > 0).mean() > 0.99
    assert out.min() >= 0 and out.max() <= 1


def test_the_center_keeps_the_originals_colors(trained):
    rgb, old, new = probe(12)
    out = trained.colorize(rgb, old, new)
    shared = old & new
    painted, wall = (
        np.abs(out - rgb / 255.0)[shared].mean(),
        np.abs(rgb[0, 0, 0] / 255.0 - rgb / 255.0)[shared].mean(),
    )
    assert painted < 0.6 * wall


@pytest.mark.parametrize("name", list(MAKERS))
def test_same_seed_same_weights(name):
    make, people = MAKERS[name], crowd(subjects=(1, 2))
    first, again, other = (make(steps=4).fit(people, seed=s).state() for s in (1, 1, 2))
    assert all(np.array_equal(first[key], again[key]) for key in first)
    assert not np.array_equal(first["network.enter.weight"], other["network.enter.weight"])


def test_state_survives_a_round_trip(trained):
    rgb, old, new = probe()
    again = type(trained)(trained.settings).load_state(trained.state())
    assert np.array_equal(trained.colorize(rgb, old, new), again.colorize(rgb, old, new))
    assert again.card() == trained.card()
    with pytest.raises(ModelError, match="lacks"):
        type(trained)(trained.settings).load_state({})
    with pytest.raises(ModelError, match="train again"):
        type(trained)(replace(trained.settings, width=4)).load_state(trained.state())


@pytest.mark.parametrize("pair", [DESCRIBED, ("baseline-gated", "proposed-gated")])
def test_a_fair_fight(pair):
    """Same network, steps, batch, rate, data: the rivals' cards differ in what belongs to targets and loss only."""
    cards = [MAKERS[name]().fit(crowd(subjects=(1, 2)), seed=0, effort=0.1).card() for name in pair]
    shared = [{k: card["settings"][k] for k in asdict(ColorizerSettings())} for card in cards]
    assert shared[0] == shared[1]
    assert cards[0]["images_seen"] == cards[1]["images_seen"] == 5 * 8
    assert cards[0]["parameters"] == cards[1]["parameters"]
    assert all("people" in card["tuning"] or "tuned" in card["tuning"] for card in cards), (
        "cards say what was tried"
    )


@pytest.mark.parametrize("name", DESCRIBED)
@pytest.mark.parametrize("network", ["encoder-decoder", "skips"])
def test_as_described_there_are_two_inputs_and_no_way_past_the_network(name, network):
    """With a last layer of zeros nothing of the original is left, and its silhouette is never looked at."""
    model = MAKERS[name](steps=2, network=network).fit(crowd(subjects=(1, 2)), seed=0)
    rgb, old, new = probe(2)
    assert np.array_equal(model.colorize(rgb, old, new), model.colorize(rgb, ~old, new))
    model.load_state({k: np.zeros_like(v) if "leave" in k else v for k, v in model.state().items()})
    assert (model.colorize(rgb, old, new)[new] == 0.5).all()


def test_the_gated_ones_have_a_way_past_it():
    model = MAKERS["proposed-gated"](steps=2).fit(crowd(subjects=(1, 2)), seed=0)
    rgb, old, new = probe(2)
    model.load_state({k: np.zeros_like(v) if "leave" in k else v for k, v in model.state().items()})
    assert np.abs(model.colorize(rgb, old, new) - rgb / 255.0)[old & new].max() < 0.05


def test_the_baseline_is_taught_by_model_1_and_the_others_by_what_they_will_paint():
    assert MAKERS["baseline"]().taught_by == "model-1"
    assert all(MAKERS[name]().taught_by is None for name in MAKERS if name != "baseline")


def test_the_critic_of_the_baseline_trains_and_changes_what_is_painted():
    people = crowd(subjects=(1, 2), angles=(90,))
    with_critic, without = (
        MAKERS["baseline"](steps=12, adversarial_weight=w).fit(people, seed=0) for w in (0.01, 0.0)
    )
    assert all(0 < h["fooled"] < 1 for h in with_critic.history_)
    assert not any("fooled" in h for h in without.history_)
    assert not np.array_equal(with_critic.colorize(*probe(2)), without.colorize(*probe(2)))


def test_rec_of_the_proposed_one_is_a_norm_or_a_mean_over_the_overlap():
    import torch

    from gaitbench.colorizers.learned.pairs import ColorPairs

    rgb = torch.full((2, 3, 64, 44), 0.5)
    old, new = torch.zeros(2, 2, 64, 44)
    old[:, 10:50, 10:30] = 1
    new[:, 10:50, 20:34] = 1
    outputs = torch.where((old * new)[:, None] > 0, rgb + 0.25, rgb) * new[:, None]
    terms = {}
    for rec in ("norm", "mean"):
        model = MAKERS["proposed"](rec=rec)
        model._prepare((64, 44), torch.device("cpu"))
        terms[rec] = model._loss(ColorPairs(rgb, old, new, None), outputs)
    assert float(terms["mean"]["rec"]) == pytest.approx(0.25)
    # of one picture: 40 x 10 pixels of overlap, 3 channels, over the values of a picture
    assert float(terms["norm"]["rec"]) == pytest.approx(0.25 * 400 / (64 * 44))
    assert float(terms["norm"]["style"]) == pytest.approx(float(terms["mean"]["style"]) / (3 * 64 * 44))


@pytest.mark.parametrize("frames", [1, 33])
def test_any_number_of_frames(trained, frames):
    rgb, old, new = probe(frames)
    out = trained.colorize(rgb, old, new)
    assert len(out) == frames
    # Frames do not see each other.
    assert np.allclose(out[-1:], trained.colorize(rgb[-1:], old[-1:], new[-1:]), atol=1e-5)


def test_empty_silhouettes_are_painted_black(trained):
    rgb, old, new = probe()
    nothing = np.zeros_like(new)
    assert not trained.colorize(rgb, old, nothing).any()
    assert np.isfinite(trained.colorize(rgb, nothing, new)).all()
    assert trained.colorize(rgb[:0], old[:0], new[:0]).shape == (0, 32, 22, 3)


@pytest.mark.parametrize("name", list(MAKERS))
@pytest.mark.parametrize("center", ["overlap", "eroded"])
def test_training_on_silhouettes_that_do_not_touch_the_body(name, center):
    people = crowd(subjects=(1, 2), angles=(90,))
    aside = []
    for s in people:
        mask = np.zeros_like(s.silhouettes)
        mask[:, 2:12, :4] = True
        aside.append(mask)
    more = {"center": center} if "proposed" in name else {}
    model = MAKERS[name](steps=3, **more).fit(people, seed=0, anonymized=aside)
    assert all(np.isfinite(value).all() for value in model.state().values())


@pytest.mark.parametrize("gram", ["colors", "patches"])
def test_options_of_the_proposed_one_train(gram):
    model = MAKERS["proposed"](steps=3, gram=gram, sees_silhouette=False, mask_rows=4, mask_columns=2)
    rgb, old, new = probe(2)
    fitted = model.fit(crowd(subjects=(1, 2)), seed=0)
    assert np.array_equal(fitted.colorize(rgb, old, new), fitted.colorize(rgb, ~old, new))


def test_bad_settings_and_data_are_refused():
    for wrong in (
        {"center": "middle"},
        {"gram": "texture"},
        {"mask_rows": 0},
        {"erosion": -1},
        {"rec": "sum"},
    ):
        with pytest.raises(ConfigError, match="proposed"):
            ProposedSettings(**wrong)
    with pytest.raises(ConfigError, match="model-1, extraction"):
        BaselineSettings(targets="nobody")
    with pytest.raises(ConfigError, match="encoder-decoder, skips, gate"):
        BaselineSettings(network="unet")
    with pytest.raises(ConfigError, match="needs both"):
        ProposedSettings(guarded=True)
    with pytest.raises(ModelError, match="RGB"):
        MAKERS["baseline"]().fit(crowd(rgb=False), seed=0)
    with pytest.raises(ModelError, match="RGB"):
        MAKERS["proposed"]().fit([], seed=0)
    with pytest.raises(ModelError, match="differ in size"):
        MAKERS["proposed"]().fit([walk(1), walk(2, size=(64, 44))], seed=0)
    with pytest.raises(ModelError, match="match"):
        MAKERS["proposed"]().fit([walk(1)], seed=0, anonymized=[])
    with pytest.raises(ModelError, match="not trained"):
        MAKERS["proposed"]().colorize(*probe())


def test_mismatched_arrays_are_refused(trained):
    rgb, old, new = probe()
    with pytest.raises(ModelError, match="one length"):
        trained.colorize(rgb, old, new[:-1])


def test_larger_crops_work_with_the_same_weights(trained):
    rgb, old, new = probe(2, size=(128, 88))
    assert trained.colorize(rgb, old, new).shape == (2, 128, 88, 3)


def test_the_gate_begins_open_on_the_body_only_and_keeps_its_gradient():
    import torch

    from gaitbench.colorizers.learned.networks import ColorNet

    torch.manual_seed(0)
    net = ColorNet(8, 2, gate=True)
    with torch.no_grad():
        net.leave.weight *= 0.1
    body = torch.zeros(1, 2, 32, 32)
    body[:, 0], body[:, 1, :, :16] = 1, 1  # x_bi everywhere, the original on the left half
    scene = torch.ones(1, 3, 32, 32)
    out = net(scene, body)
    assert (
        out[..., :14].min() > 0.9 and out[..., 18:].max() < 0.7
    )  # left: copied; right: painted, grey at first
    with torch.no_grad():
        net.leave.bias += 200.0  # gates pushed as far open as they go
    net.zero_grad()
    out = net(scene * 0.3, body)
    out[..., 18:].sum().backward()
    assert net.leave.bias.grad.abs().max() > 1e-6


def test_neither_rival_ends_by_copying_the_background(trained):
    rgb, old, new = probe(12)
    out = trained.colorize(rgb, old, new)
    edge = (
        new & ~old
    )  # as described, both see the background and may paint it: only a gate is built against it
    assert np.abs(out - rgb / 255.0)[edge].mean() > 0.02
