from dataclasses import replace

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.pictures import references
from gaitbench.evaluation.pictures.quality import PictureScores, score_rows
from gaitbench.evaluation.pictures.references import compare_pictures, view_of
from gaitbench.evaluation.rows.pictures.ablation_rows import gain_of
from gaitbench.evaluation.rows.pictures.quality_rows import (
    adjusted_rows,
    corrected,
    difference_rows,
    quality_rows,
    set_rows,
)
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.stages.paint import paint
from gaitbench.metrics.measure import Measure
from gaitbench.store import Store
from gaitbench.suites import load_suite


@pytest.fixture
def run(tmp_path):
    return RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))


def pictures(oracle=False):
    rng = np.random.default_rng(0)
    masks = np.zeros((2, 64, 44), bool)
    masks[:, 10:60, 15:30] = True
    rgb = rng.integers(0, 256, (2, 64, 44, 3), dtype=np.uint8)
    return GaitSequence(
        SequenceKey("081", "nm-05", 90), masks, rgb, np.arange(1, 3, dtype=np.int32), 2,
        masks if oracle else None, rgb if oracle else None, np.full_like(rgb, 7),
    )  # fmt: skip


def test_reference_original_is_black_outside_its_own_silhouette():
    p = pictures()
    _, target, region = view_of(p.rgb / 255, p, p.silhouettes, "original")
    assert region is None and not target[~p.silhouettes].any()
    np.testing.assert_array_equal(target[p.silhouettes], p.rgb[p.silhouettes] / 255)


def test_reference_truth_exists_for_the_oracle_alone():
    p = pictures()
    assert view_of(p.rgb / 255, p, p.silhouettes, "truth") is None
    _, target, region = view_of(p.rgb / 255, pictures(True), p.silhouettes, "truth")
    assert region.dtype == bool and target.shape == (2, 64, 44, 3)


def test_untouched_picture_keeps_its_colours():
    p = pictures()
    np.testing.assert_array_equal(
        paint(None, p, p.silhouettes), view_of(p.rgb / 255, p, p.silhouettes, "original")[1]
    )


def test_reference_overlap_counts_where_both_silhouettes_are():
    p = pictures()
    other = np.roll(p.silhouettes, 5, axis=2)
    shown, _, region = view_of(p.rgb / 255, p, other, "overlap")
    np.testing.assert_array_equal(region, other & p.silhouettes)
    assert np.isinf(compare_pictures(shown, p, other, "overlap", ["psnr"])).all()


def test_reference_scene_puts_the_painted_person_back_over_the_empty_scene():
    p = pictures()
    painted = np.where(p.silhouettes[..., None], 128 / 255, 0.0)
    shown, target, region = view_of(painted, p, p.silhouettes, "scene")
    assert (
        region is None
        and (shown[p.silhouettes] == 128 / 255).all()
        and (shown[~p.silhouettes] == 7 / 255).all()
    )
    np.testing.assert_array_equal(target, p.rgb / 255)
    assert view_of(painted, replace(p, plate=None), p.silhouettes, "scene") is None


def test_pictures_are_measured_as_8_bits():
    p = pictures()
    nearly = p.rgb / 255 * p.silhouettes[..., None]
    nearly = np.clip(nearly + np.random.default_rng(1).uniform(-0.0019, 0.0019, nearly.shape), 0, 1)
    nearly *= p.silhouettes[..., None]
    for reference in ("overlap", "original"):
        psnr, ssim = compare_pictures(nearly, p, p.silhouettes, reference, ["psnr", "ssim"])
        assert np.isinf(psnr).all()
        np.testing.assert_allclose(ssim, 1.0)


@pytest.mark.parametrize("reference", ["overlap", "truth"])
def test_what_lies_outside_a_region_does_not_count(reference):
    p = pictures(True)
    other = np.roll(p.silhouettes, 5, axis=2)
    shown = p.rgb / 255 * other[..., None]
    names = ["psnr", "ssim", "gmsd", "sharpness"]
    found = compare_pictures(shown, p, other, reference, names)
    np.testing.assert_allclose(found[1], 1.0)  # it was 0.5 where the background stood in the reference alone
    region = view_of(shown, p, other, reference)[2]
    rgb, changed = p.rgb.copy(), np.random.default_rng(2).integers(0, 256, p.rgb.shape, dtype=np.uint8)
    rgb[~region] = changed[~region]
    elsewhere = replace(p, rgb=rgb, oracle_rgb=rgb)
    shown = np.where(region[..., None], np.clip(shown + 0.1, 0, 1), shown)
    np.testing.assert_array_equal(
        compare_pictures(shown, p, other, reference, names),
        compare_pictures(shown, elsewhere, other, reference, names),
    )


def test_crown_and_shoes_at_the_border_of_the_crop_count():
    p = pictures()
    masks = p.silhouettes.copy()
    masks[:, 60:, 15:30] = True
    p = replace(p, silhouettes=masks)
    painted = p.rgb / 255 * masks[..., None]
    painted[:, 62:, 15:30] = 0.5
    region = masks & (np.arange(64) >= 60)[None, :, None]
    shown, target, _ = view_of(painted, p, region, "overlap")
    (found,) = compare_pictures(painted, p, region, "overlap", ["ssim"])
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1.0}
    options |= {"channel_axis": -1}
    maps = [structural_similarity(x, y, full=True, **options)[1] for x, y in zip(shown, target, strict=True)]
    np.testing.assert_allclose(found, [m[r].mean() for m, r in zip(maps, region, strict=True)], atol=1e-6)
    assert (found < 0.9).all()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (lambda x, m: np.ones_like(x, np.float32), "outside the anonymized silhouette"),
        (lambda x, m: 2.0 * m[..., None] * np.ones(3), r"outside \[0, 1\]"),
        (lambda x, m: np.nan * m[..., None] * np.ones(3), r"outside \[0, 1\]"),
        (lambda x, m: np.zeros((1, 2, 2, 3)), "expected"),
    ],
)
def test_a_colorizer_that_breaks_the_contract_is_named(value, message):
    class Broken:
        name = "broken"

        def colorize(self, rgb, silhouettes, anonymized):
            return value(rgb, anonymized)

    with pytest.raises(GaitbenchError, match=message) as caught:
        paint(Broken(), pictures(), pictures().silhouettes)
    assert "broken" in str(caught.value)


def scores(colorizer, psnr, keys, ssim=None):
    psnr = np.asarray(psnr, float)
    return PictureScores(
        "model-2", colorizer, "original", tuple(keys), tuple([0, 1] * (len(keys) // 2)),
        {"psnr": psnr, "ssim": psnr / 100 if ssim is None else np.asarray(ssim)},
    )  # fmt: skip


KEYS = [SequenceKey(s, "nm-05", 90) for s in ("081", "081", "082", "082")]
SETS = {"081-nm-05-090": ("plain", "complete"), "082-nm-05-090": ("textural", "complete")}


def test_means_by_set_count_infinite_pictures(run):
    rows = quality_rows(run, [scores("a", [20, 30, np.inf, 10], KEYS)], SETS)
    by_set = {r.set: r for r in rows}
    assert by_set["plain"].psnr == 25 and by_set["plain"].n == 2 and by_set["plain"].infinite == 0
    assert by_set["textural"].psnr == 10 and by_set["textural"].infinite == 1
    assert by_set["complete"].psnr == 20 and by_set["complete"].n == 4
    assert by_set["incomplete"].n == 0 and by_set["incomplete"].psnr is None


def test_differences_are_paired_even_when_one_lacks_a_picture(run):
    a = scores("proposed", [21, 31, 41, 51], KEYS)
    b = scores("baseline", [20, 40], KEYS[1:3])
    b = PictureScores(b.anonymizer, b.colorizer, b.reference, b.keys, (1, 0), b.values)
    rows = difference_rows(run, [a, b], SETS, "proposed", "baseline")
    both = next(r for r in rows if r.set == "complete" and r.measure == "psnr")
    assert both.n == 2 and both.difference == pytest.approx(((31 - 20) + (41 - 40)) / 2)
    assert {r.set for r in rows} == {"plain", "textural", "complete"}


def test_set_shares():
    rows = {r.set: r for r in set_rows(SETS)}
    assert rows["plain"].sequences == 1 and rows["plain"].share == 50.0 and rows["complete"].share == 100.0


def test_score_rows_mean_of_a_sequence():
    rows = score_rows([scores("a", [20, 30, np.inf, 10], KEYS)], SETS).to_dict("records")
    value = {(r["key"], r["measure"]): r["value"] for r in rows}
    assert value["081-nm-05-090", "psnr"] == 25 and value["082-nm-05-090", "psnr"] == 10
    assert len(rows) == 4


def test_a_sequence_without_a_measured_pixel_is_not_called_identical():
    rows = score_rows([scores("a", [np.nan, np.nan, np.inf, np.inf], KEYS)], SETS).to_dict("records")
    value = {(r["key"], r["measure"]): r["value"] for r in rows}
    assert np.isnan(value["081-nm-05-090", "psnr"]) and np.isinf(value["082-nm-05-090", "psnr"])


def test_p_values_are_corrected_over_all_rows_that_are_read(run):
    rng = np.random.default_rng(1)
    keys = [SequenceKey(f"{s:03d}", "nm-05", 90) for s in range(81, 121) for _ in range(2)]
    sets = {str(k): (("plain", "textural")[i // 2 % 2], "complete") for i, k in enumerate(keys)}
    base = rng.normal(20, 3, len(keys))
    better = scores("proposed", base + 0.5 + rng.normal(0, 0.2, len(keys)), keys)
    rows = corrected(
        difference_rows(run, [better, scores("baseline", base, keys)], sets, "proposed", "baseline")
    )
    psnr = [r for r in rows if r.measure == "psnr"]
    assert len(psnr) == 3 and all(r.ci_low > 0 and r.p_value <= r.p_holm < 0.05 for r in psnr)
    smallest = min(
        rows, key=lambda r: r.p_value
    )  # corrected by as many as are read, not by the sets of one measure
    assert smallest.p_holm == pytest.approx(min(1.0, len(rows) * smallest.p_value))
    sign = np.where(np.arange(len(keys)) // 4 % 2, 0.2, -0.2)  # half of each set is better, half is worse
    shown = [scores("proposed", base + sign, keys), scores("baseline", base, keys)]
    rows = corrected(difference_rows(run, shown, sets, "proposed", "baseline"))
    assert all(r.ci_low < 0 < r.ci_high and r.p_holm > 0.05 for r in rows if r.measure == "psnr")


def test_gains_of_the_attribution_are_paired_with_the_step_before(run):
    rng = np.random.default_rng(1)
    keys = [SequenceKey(f"{s:03d}", "nm-05", 90) for s in range(81, 121) for _ in range(2)]
    base = rng.normal(20, 3, len(keys))
    before, after = scores("a", base, keys), scores("b", base + 0.5 + rng.normal(0, 0.1, len(keys)), keys)
    members = np.arange(len(keys)) < 60
    gain, low, high = gain_of(run, after, before, members)
    assert 0.4 < low < gain < high < 0.6
    assert gain_of(run, after, None, members) == (None, None, None)
    same = scores("c", np.full(len(keys), np.inf), keys)
    assert gain_of(run, same, before, members) == (None, None, None)


def test_adjusted_means_do_not_see_how_the_angles_are_spread(run):
    """From the side pictures score 4 dB less, whatever the set; incomplete ones are mostly from the side."""
    keys, sets, psnr = [], {}, []
    for s in range(81, 121):
        for angle, side in ((0, 0.0), (90, 4.0), (180, 1.0)):
            for walk in ("nm-05", "bg-01", "cl-01", "cl-02", "nm-06"):
                key = SequenceKey(f"{s:03d}", walk, angle)
                broken = walk != "nm-05" if angle == 90 else walk == "nm-05" and angle == 0
                sets[str(key)] = ("plain", "incomplete" if broken else "complete")
                keys.append(key)
                psnr.append(24.0 - side - 0.5 * broken)
    rows = {r.set: r for r in quality_rows(run, [_one_each(keys, psnr)], sets)}
    assert rows["complete"].psnr - rows["incomplete"].psnr > 2.0
    rows = {r.set: r for r in adjusted_rows(run, [_one_each(keys, psnr)], sets)}
    # 180 degrees has no incomplete one and counts in neither
    assert rows["complete"].psnr == pytest.approx(22.0) and rows["incomplete"].psnr == pytest.approx(21.5)
    assert rows["textural"].psnr is None and rows["plain"].psnr is None  # there is nothing to compare with


def _one_each(keys, psnr):
    psnr = np.asarray(psnr)
    return PictureScores(
        "model-2", "a", "overlap", tuple(keys), (0,) * len(keys), {"psnr": psnr, "ssim": psnr / 100}
    )


def test_a_temporal_measure_of_a_third_party_gets_neighbouring_frames(monkeypatch):
    """It joins as a value that says so; the run asks it for pairs, and NaN stands where there is no next frame."""
    seen = []

    def change(shown, target, *, region=None):
        seen.append(len(shown))
        return np.abs(np.diff(shown, axis=0)).mean(axis=(1, 2, 3))

    value = Measure("change", change, "lower", temporal=True)
    monkeypatch.setattr(references.METRICS, "get", {"change": value}.__getitem__)
    p = pictures()
    (values,) = compare_pictures(p.rgb / 255.0, p, p.silhouettes, "original", ["change"])
    assert seen == [2] and values[0] > 0 and np.isnan(values[1])
    apart = replace(p, frame_numbers=np.array([1, 5], dtype=np.int32))
    assert np.isnan(compare_pictures(p.rgb / 255.0, apart, p.silhouettes, "original", ["change"])).all()
