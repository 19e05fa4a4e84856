import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from gaitbench.metrics import psnr, ssim

OPTIONS = {
    "gaussian_weights": True,
    "sigma": 1.5,
    "use_sample_covariance": False,
    "data_range": 1.0,
    "channel_axis": -1,
}


def pictures(n=4, h=64, w=44, seed=0):
    rng = np.random.default_rng(seed)
    a = rng.random((n, h, w, 3))
    return a, np.clip(a + rng.normal(0, 0.2, a.shape), 0, 1)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(11, 40), st.integers(11, 40))
def test_agree_with_scikit_image(seed, h, w):
    a, b = pictures(2, h, w, seed)
    np.testing.assert_allclose(
        psnr(a, b),
        [peak_signal_noise_ratio(x, y, data_range=1.0) for x, y in zip(a, b, strict=True)],
        atol=1e-9,
    )
    np.testing.assert_allclose(
        ssim(a, b), [structural_similarity(x, y, **OPTIONS) for x, y in zip(a, b, strict=True)], atol=1e-9
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(11, 40), st.integers(11, 40))
def test_with_a_mirrored_border_every_pixel_of_scikit_images_map_counts(seed, h, w):
    a, b = pictures(2, h, w, seed)
    region = np.random.default_rng(seed).random(a.shape[:3]) < 0.3
    region[:, 0, 0] = True
    maps = [structural_similarity(x, y, full=True, **OPTIONS)[1] for x, y in zip(a, b, strict=True)]
    np.testing.assert_allclose(ssim(a, b, border="mirror"), [m.mean() for m in maps], atol=1e-9)
    np.testing.assert_allclose(
        ssim(a, b, region=region, border="mirror"),
        [m[r].mean() for m, r in zip(maps, region, strict=True)], atol=1e-9,
    )  # fmt: skip
    single = ssim(a.astype("f4"), b.astype("f4"), border="mirror")
    np.testing.assert_allclose(single, [m.mean() for m in maps], atol=1e-4)


def test_an_unknown_border_is_refused():
    with pytest.raises(ValueError, match="'skip' or 'mirror', not 'black'"):
        ssim(*pictures(), border="black")


def test_float32_agrees_to_1e_4():
    a, b = pictures()
    np.testing.assert_allclose(ssim(a.astype("f4"), b.astype("f4")), ssim(a, b), atol=1e-4)
    np.testing.assert_allclose(psnr(a.astype("f4"), b.astype("f4")), psnr(a, b), atol=1e-4)


def test_region_counts_only_its_pixels():
    a, b = pictures()
    region = np.zeros(a.shape[:3], bool)
    region[:, 20:40, 15:30] = True
    inside = np.where(region[..., None], b, a)
    np.testing.assert_allclose(psnr(a, b, region=region), psnr(a[:, 20:40, 15:30], b[:, 20:40, 15:30]))
    np.testing.assert_allclose(psnr(a, inside, region=region), psnr(a, b, region=region))
    _, full = zip(
        *[structural_similarity(x, y, full=True, **OPTIONS) for x, y in zip(a, b, strict=True)], strict=True
    )
    np.testing.assert_allclose(
        ssim(a, b, region=region), [f[r].mean() for f, r in zip(full, region, strict=True)], atol=1e-9
    )


@pytest.mark.parametrize("measure", [psnr, ssim])
def test_batches_shared_by_threads_give_the_values_of_single_pictures(measure):
    a, b = pictures(41, 20, 16)
    region = np.random.default_rng(1).random(a.shape[:3]) < 0.5
    for mask in (None, region):
        alone = [
            measure(a[i : i + 1], b[i : i + 1], region=None if mask is None else mask[i : i + 1])[0]
            for i in range(41)
        ]
        np.testing.assert_array_equal(measure(a, b, region=mask), alone)
    broken = a.copy()
    broken[40, 3, 3, 0] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        measure(broken, b)


def test_identical_pictures():
    a, _ = pictures()
    assert np.isinf(psnr(a, a)).all()
    np.testing.assert_allclose(ssim(a, a), 1.0)


def test_rounding_of_float32_makes_no_difference_and_one_step_of_8_bits_does():
    a = np.random.default_rng(0).integers(0, 256, (1, 128, 88, 3)) / 255.0
    rounded = a.astype(np.float32).astype(np.float64)
    assert not np.array_equal(a, rounded) and np.isinf(psnr(a, rounded)).all()
    one = a.copy()
    one[0, 5, 5, 0] = np.abs(one[0, 5, 5, 0] - 1 / 255)
    assert np.isfinite(psnr(a, one)).all() and psnr(a, one) > 90


def test_empty_region_is_undefined():
    a, b = pictures()
    nothing = np.zeros(a.shape[:3], bool)
    assert np.isnan(psnr(a, b, region=nothing)).all() and np.isnan(ssim(a, b, region=nothing)).all()


@pytest.mark.parametrize("measure", [psnr, ssim])
@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros((1, 20, 20, 3)), np.zeros((1, 20, 21, 3)), "one shape"),
        (np.zeros((20, 20, 3)), np.zeros((20, 20, 3)), "a batch axis"),
        (np.zeros((1, 20, 20, 3), np.uint8), np.zeros((1, 20, 20, 3), np.uint8), "divide 8-bit"),
        (np.full((1, 20, 20, 3), 2.0), np.zeros((1, 20, 20, 3)), r"\[0, 1\]"),
        (np.full((1, 20, 20, 3), np.nan), np.zeros((1, 20, 20, 3)), "NaN"),
    ],
)
def test_bad_input(measure, a, b, message):
    with pytest.raises(ValueError, match=message):
        measure(a, b)


@pytest.mark.parametrize("measure", [psnr, ssim])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f4"])
def test_rounding_is_forgiven_and_nothing_else(measure, dtype):
    a = np.full((3, 12, 12, 3), 0.5, dtype)
    expected = measure(a, a)
    for value, fine in (
        (-0.0, 1),
        (-1e-7, 1),
        (1 + 5e-7, 1),
        (-1e-4, 0),
        (1.01, 0),
        (-np.inf, 0),
        (np.nan, 0),
    ):
        b = a.copy()
        b[1, 2, 3, 0] = value
        if fine:
            assert measure(b, a).shape == measure(a, b).shape == expected.shape
            continue
        for pair in ((a, b), (b, a)):
            with pytest.raises(ValueError, match=r"\[0, 1\] and no NaN"):
                measure(*pair)


@pytest.mark.parametrize("measure", [psnr, ssim])
def test_layout_and_type_do_not_matter(measure):
    a, b = pictures(5, 20, 16)
    expected = measure(a, b)
    turned = [np.ascontiguousarray(p.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1) for p in (a, b)]
    np.testing.assert_array_equal(measure(*turned), expected)
    np.testing.assert_array_equal(measure(a.astype(">f8"), b), expected)
    half = a.astype("f2")
    np.testing.assert_array_equal(measure(half, b), measure(half.astype("f8"), b))


def test_ssim_needs_room_for_its_window():
    with pytest.raises(ValueError, match="smaller than"):
        ssim(np.zeros((1, 10, 20, 3)), np.zeros((1, 10, 20, 3)))
