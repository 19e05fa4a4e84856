"""Model 1's colour extraction along the contour."""

import numpy as np
import pytest
from stick_people import walk

from gaitbench.colorizers.extraction import (
    ColorExtraction,
    ExtractionColorSettings,
    extract_colors,
    match_outlines,
)
from gaitbench.datasets.silhouettes.contour import contours, deform_contours, fill_contours
from gaitbench.errors import ConfigError, ModelError
from gaitbench.registry import COLORIZERS


def test_contour_and_back_keeps_the_silhouette():
    silhouettes = walk(3, size=(64, 44), frames=20).silhouettes
    back = fill_contours(*contours(silhouettes, 256), (64, 44))
    overlap = (back & silhouettes).sum((1, 2)) / (back | silhouettes).sum((1, 2))
    assert overlap.min() >= 0.97


def test_contours_begin_at_the_crown_and_skip_empty_frames():
    silhouettes = walk(3, frames=3).silhouettes.copy()
    silhouettes[1] = False
    outlines, found = contours(silhouettes, 32)
    assert found.tolist() == [True, False, True]
    assert (outlines[[0, 2], 0, 1] == outlines[[0, 2], :, 1].min(1)).all()
    assert not fill_contours(outlines, found, (32, 22))[1].any()
    single = np.zeros((1, 8, 8), bool)
    single[0, 4, 4] = True
    assert fill_contours(*contours(single, 16), (8, 8)).sum() == 1


def test_deformation_is_one_body_for_the_whole_sequence():
    silhouettes = walk(3, size=(64, 44), frames=20).silhouettes
    one, same, other = (
        deform_contours(silhouettes, np.random.default_rng(s), strength=0.3) for s in (0, 0, 1)
    )
    assert np.array_equal(one, same) and not np.array_equal(one, other)
    still = deform_contours(silhouettes, np.random.default_rng(0), strength=0.0)
    assert (still ^ silhouettes).mean() < (one ^ silhouettes).mean()
    assert deform_contours(silhouettes[:0], np.random.default_rng(0)).shape == (0, 64, 44)


def test_outlines_match_themselves_and_shifts():
    outline = contours(walk(3, size=(64, 44), frames=4).silhouettes, 48)[0]
    assert np.allclose(match_outlines(outline, outline), outline)
    moved = outline + np.float32([3.0, 0.0])
    shift = match_outlines(outline, moved) - outline
    # The crown must meet the crown; elsewhere a shift of an outline along itself may match as well.
    assert np.allclose(shift[:, 0, 0], 3.0, atol=1.5) and (shift[..., 0] > 0).mean() > 0.5


def test_the_same_silhouette_gets_its_own_colors():
    person = walk(3, size=(64, 44))
    out = extract_colors(person.rgb, person.silhouettes, person.silhouettes)
    assert np.array_equal(out, np.where(person.silhouettes[..., None], person.rgb, 0))


def test_a_wider_body_is_dressed_in_body_colors_only():
    person = walk(3, size=(64, 44), frames=2)
    wider = person.silhouettes.copy()
    wider[:, :, 1:] |= person.silhouettes[:, :, :-1]
    wider[:, :, :-1] |= person.silhouettes[:, :, 1:]
    out = extract_colors(person.rgb, person.silhouettes, wider)
    body = {tuple(c) for c in person.rgb[person.silhouettes]}
    assert {tuple(c) for c in out[wider]} <= body and not out[~wider].any()


def test_a_missing_limb_is_painted_from_elsewhere():
    """The slides' complaint: what is missing in the original cannot be extracted."""
    person = walk(3, size=(64, 44), frames=1)
    torn = person.silhouettes.copy()
    torn[:, 44:] = False
    out = extract_colors(person.rgb, torn, person.silhouettes)
    error = np.abs(out.astype(int) - person.rgb)[person.silhouettes & ~torn].mean()
    whole = extract_colors(person.rgb, person.silhouettes, person.silhouettes)
    assert error > np.abs(whole.astype(int) - person.rgb)[person.silhouettes & ~torn].mean()
    assert {tuple(c) for c in out[person.silhouettes]} <= {tuple(c) for c in person.rgb[torn]}


def test_empty_silhouettes_give_black():
    person = walk(3, frames=2)
    nothing = np.zeros_like(person.silhouettes)
    assert not extract_colors(person.rgb, nothing, person.silhouettes).any()
    assert not extract_colors(person.rgb, person.silhouettes, nothing).any()


def test_the_colorizer_extracts_and_keeps_the_protocol():
    colorizer = COLORIZERS.get("model-1")()
    assert colorizer.name == "model-1" and not colorizer.trainable
    person = walk(3, size=(64, 44), frames=3)
    wider = deform_contours(person.silhouettes, np.random.default_rng(2), strength=0.3)
    out = colorizer.fit([], seed=0).load_state({}).colorize(person.rgb, person.silhouettes, wider)
    wanted = extract_colors(person.rgb, person.silhouettes, wider, points=colorizer.settings.points)
    assert out.dtype == np.float32 and np.allclose(out, wanted / 255.0, atol=1e-6)
    assert not out[~wider].any() and out.max() <= 1.0
    assert colorizer.colorize(person.rgb[:0], wider[:0], wider[:0]).shape == (0, 64, 44, 3)


def test_the_colorizer_fails_where_the_silhouette_is_incomplete():
    """The slides' finding: colours cannot be extracted where the original's silhouette is missing."""
    person = walk(3, size=(64, 44), frames=6)
    torn = person.silhouettes.copy()
    torn[:, 40:] = False
    missing = person.silhouettes & ~torn
    colorizer = COLORIZERS.get("model-1")()
    wrong = [
        np.abs(colorizer.colorize(person.rgb, seen, person.silhouettes) - person.rgb / 255.0)[missing].mean()
        for seen in (person.silhouettes, torn)
    ]
    assert wrong[0] < 1e-6 and wrong[1] > 0.03


def test_what_does_not_go_together_is_refused():
    person = walk(3, frames=2)
    with pytest.raises(ModelError, match="one length and size"):
        COLORIZERS.get("model-1")().colorize(person.rgb, person.silhouettes[:1], person.silhouettes)
    with pytest.raises(ConfigError, match="points"):
        ColorExtraction(ExtractionColorSettings(points=2))
