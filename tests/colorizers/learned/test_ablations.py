"""Every ablation is one changed choice, and trains."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from stick_people import crowd, walk

from gaitbench.colorizers.learned.ablations import ablation_variants
from gaitbench.colorizers.learned.proposed import Proposed, ProposedSettings

SMALL = {"width": 4, "steps": 2, "batch": 2, "threads": 1, "frames": 8}


def test_each_changes_its_own_choice_and_no_more():
    base = ProposedSettings()
    allowed = {
        "center eroded by 2": {"center", "erosion"},
        "center overlap, eroded by 1": {"erosion"},
        "Gram of patches": {"gram", "style_weight"},
        "8 masks": {"mask_rows", "mask_columns", "style_weight"},
        "64 masks": {"mask_rows", "style_weight"},
        "without L_Style": {"style_weight"},
        "two inputs only": {"sees_silhouette"},
        "way through shut outside the body": {"guarded"},
    }
    variants = ablation_variants()
    assert list(variants) == list(allowed)
    for name, settings in variants.items():
        changed = {k for k, v in asdict(settings).items() if v != asdict(base)[k]}
        assert changed <= allowed[name] and changed, name
    for name, masks in (("8 masks", 8), ("64 masks", 64)):
        s = variants[name]
        assert s.mask_rows * s.mask_columns == masks
        assert s.style_weight * masks == pytest.approx(base.style_weight * 32)


def test_what_is_varied_may_be_given():
    given = ProposedSettings(width=8, steps=7)
    assert all(s.width == 8 and s.steps == 7 for s in ablation_variants(given).values())


def test_all_of_them_train_and_paint():
    people, probe = crowd(subjects=(1, 2), angles=(90,)), walk(3, frames=2)
    painted = {}
    for name, settings in {"as it is": ProposedSettings(), **ablation_variants()}.items():
        model = Proposed(replace(settings, **SMALL)).fit(people, seed=0)
        out = model.colorize(probe.rgb, probe.silhouettes, np.roll(probe.silhouettes, 2, axis=2))
        assert np.isfinite(out).all() and all(np.isfinite(v) for h in model.history_ for v in h.values())
        painted[name] = out
    names = list(painted)
    same = [(a, b) for i, a in enumerate(names) for b in names[:i] if np.array_equal(painted[a], painted[b])]
    assert not same, "a changed choice must change the pictures"


def test_the_way_through_is_shut_outside_the_body():
    """Untrained weights, gates wide open: only a guarded network hides what stands behind the person."""
    probe = walk(3, frames=1)
    new = np.ones_like(probe.silhouettes)
    for guarded in (False, True):
        model = Proposed(ProposedSettings(**{**SMALL, "guarded": guarded}))
        model.fit(crowd(subjects=(1,), angles=(90,)), seed=0, effort=0.1)
        state = {k: np.zeros_like(v) if "leave" in k else v for k, v in model.state().items()}
        bias = np.zeros_like(state["network.leave.bias"])
        bias[12:] = 40.0
        model.load_state({**state, "network.leave.bias": bias})
        out = model.colorize(probe.rgb, probe.silhouettes, new)
        shown = np.abs(out - probe.rgb / 255.0).max(-1) < 1e-3
        assert shown[probe.silhouettes].all()
        behind = out[~probe.silhouettes]
        # the painted colour is grey; an unguarded gate lets a good part of the scene through
        scene = probe.rgb[~probe.silhouettes] / 255.0
        share = (np.abs(behind - 0.5) / np.maximum(np.abs(scene - 0.5), 1e-3)).mean()
        assert share < 1e-2 if guarded else share > 0.3
