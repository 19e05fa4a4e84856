"""The attribution: each step is one changed choice, and trains."""

from dataclasses import asdict

import numpy as np
import pytest
from stick_people import crowd, walk

from gaitbench.colorizers.learned.ablations import attribution_steps
from gaitbench.colorizers.learned.baseline import BaselineSettings
from gaitbench.colorizers.learned.gated import ProposedGated, ProposedGatedSettings
from gaitbench.colorizers.learned.proposed import Proposed, ProposedSettings
from gaitbench.registry import COLORIZERS
from gaitbench.suites.building import build, checked_value
from gaitbench.system_value import SystemValue


def settings(step):
    return build(COLORIZERS, step.value).settings


SMALL = {"width": 4, "steps": 2, "batch": 2, "threads": 1, "frames": 8}


def test_each_step_changes_one_choice():
    steps = {s.changed: s for s in attribution_steps()}
    assert len(steps) == len(attribution_steps())
    for step in steps.values():
        if step.after is None:
            continue
        before, after = steps[step.after], step
        if before.value.name != after.value.name:
            # from Model 1's colours to the original's own: what both share is the same
            shared = set(asdict(settings(before))) & set(asdict(settings(after)))
            assert all(asdict(settings(before))[k] == asdict(settings(after))[k] for k in shared)
            continue
        changed = {k for k, v in asdict(settings(after)).items() if v != asdict(settings(before))[k]}
        allowed = (
            {"center", "erosion"},
            {"gram", "style_weight"},
            {"mask_rows", "mask_columns", "style_weight"},
        )
        assert len(changed) == 1 or any(changed <= a for a in allowed), (step.changed, changed)
    for name, masks in (("8 masks", 8), ("64 masks", 64)):
        s = settings(steps[name])
        assert s.mask_rows * s.mask_columns == masks
        assert s.style_weight * masks == pytest.approx(ProposedSettings().style_weight * 32)


def test_it_begins_at_the_baseline_and_passes_the_proposed_one():
    steps = attribution_steps()
    assert settings(steps[0]) == BaselineSettings() and steps[0].after is None
    assert next(s for s in steps if s.changed == "proposed").value.settings == ()
    assert all(checked_value(COLORIZERS, s.value) == s.value for s in steps), "every value is one of a suite"


def test_what_is_varied_may_be_given():
    given = ProposedSettings(width=8, steps=7), BaselineSettings(width=8, steps=7)
    assert all(
        settings(s).width == 8 and settings(s).steps == 7 for s in attribution_steps(given[1], given[0])
    )


def test_all_of_them_train_and_paint():
    people, probe = crowd(subjects=(1, 2), angles=(90,)), walk(3, frames=2)
    masks = [np.roll(s.silhouettes, 1, axis=2) for s in people]
    painted = {}
    for step in attribution_steps():
        model = build(COLORIZERS, SystemValue(step.value.name, step.value.chosen | SMALL))
        model.fit(people, seed=0, anonymized=masks)
        out = model.colorize(probe.rgb, probe.silhouettes, np.roll(probe.silhouettes, 2, axis=2))
        assert np.isfinite(out).all() and all(np.isfinite(v) for h in model.history_ for v in h.values())
        painted[step.changed] = out
    names = list(painted)
    same = {(b, a) for i, a in enumerate(names) for b in names[:i] if np.array_equal(painted[a], painted[b])}
    # it differs in the silhouettes that it is given, which are the same here
    same -= {("without the adversarial term", "Model 1's colours on the silhouettes to be painted")}
    # in so few rows either radius is one pixel, and the silhouettes are the original's, moved
    same -= {("proposed", "centre = overlap eroded by 1")}
    assert not same, "a changed choice must change the pictures"


def test_the_gate_is_shut_outside_the_body():
    """Untrained weights, gates wide open: only a guarded network hides what stands behind the person."""
    probe = walk(3, frames=1)
    new = np.ones_like(probe.silhouettes)
    for guarded in (False, True):
        model = ProposedGated(ProposedGatedSettings(**{**SMALL, "guarded": guarded}))
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


def test_the_proposed_one_may_be_gated_too():
    assert ProposedSettings(network="gate", sees_silhouette=True).network == "gate"
    assert Proposed(ProposedSettings(network="gate", sees_silhouette=True)).taught_by is None
