import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from scipy.signal import convolve2d

from gaitbench.metrics import flicker, gmsd, psnr, sharpness_ratio, ssim


def pictures(n=3, h=40, w=30, seed=0, noise=0.15):
    rng = np.random.default_rng(seed)
    a = gaussian_filter(rng.random((n, h, w, 3)), (0, 2, 2, 0))
    a = (a - a.min()) / (a.max() - a.min())
    return a, np.clip(a + rng.normal(0, noise, a.shape), 0, 1)


def authors_gmsd(x, y):
    """The authors' steps on 0..255, by generic convolution, one picture at a time."""
    maps = []
    for picture in (x, y):
        grey = 255 * (picture @ [0.299, 0.587, 0.114])
        # "same" of an even kernel starts at the second row of "full"
        small = convolve2d(grey, np.full((2, 2), 0.25), mode="full")[1:, 1:][::2, ::2]
        prewitt = np.array([[1, 0, -1]] * 3) / 3
        across = convolve2d(small, prewitt, mode="same")
        down = convolve2d(small, prewitt.T, mode="same")
        maps.append(np.sqrt(across**2 + down**2))
    g, h = maps
    similarity = (2 * g * h + 170) / (g**2 + h**2 + 170)
    return np.sqrt(np.mean((similarity - similarity.mean()) ** 2)), similarity


@pytest.mark.parametrize("size", [(40, 30), (41, 30), (33, 27)])
def test_gmsd_agrees_with_an_independent_computation(size):
    a, b = pictures(3, *size)
    np.testing.assert_allclose(
        gmsd(a, b), [authors_gmsd(x, y)[0] for x, y in zip(a, b, strict=True)], atol=1e-12
    )


def test_gmsd_of_known_pictures():
    a, b = pictures(130, 16, 12)
    assert (gmsd(a, a) == 0).all()
    np.testing.assert_allclose(gmsd(a, b), gmsd(b, a))
    np.testing.assert_allclose(gmsd(a, b)[129:], gmsd(a[129:], b[129:]))
    little, much = pictures(3, noise=0.02), pictures(3, noise=0.3)
    assert (gmsd(*little) < gmsd(*much)).all()


def test_gmsd_in_a_region():
    a, b = pictures()
    region = np.zeros(a.shape[:3], bool)
    region[:2, 9:21, 8:20] = True
    expected = [authors_gmsd(x, y)[1][5:10, 4:10].std() for x, y in zip(a[:2], b[:2], strict=True)]
    np.testing.assert_allclose(gmsd(a, b, region=region)[:2], expected)
    assert np.isnan(gmsd(a, b, region=region)[2])


def test_sharpness_of_known_pictures():
    a, _ = pictures()
    np.testing.assert_allclose(sharpness_ratio(a, a), 1.0)
    np.testing.assert_allclose(sharpness_ratio(0.5 * a, a), 0.25)
    blurred = gaussian_filter(a, (0, 1.5, 1.5, 0))
    assert (sharpness_ratio(blurred, a) < 0.8).all()
    assert np.isnan(sharpness_ratio(a, np.full_like(a, 0.3))).all()


def test_sharpness_counts_differences_inside_the_region_only():
    a, b = pictures(1, 12, 10)
    region = np.zeros(a.shape[:3], bool)
    region[:, 3:8, 2:7] = True
    inside = (slice(None), slice(3, 8), slice(2, 7))
    np.testing.assert_allclose(sharpness_ratio(b, a, region=region), sharpness_ratio(b[inside], a[inside]))
    cut_out = np.where(region[..., None], b, 0.0)  # a hard outline is no texture
    np.testing.assert_allclose(
        sharpness_ratio(cut_out, a, region=region), sharpness_ratio(b, a, region=region)
    )
    # energy by hand: neighbours in a row and in a column
    energy = [np.sum(np.diff(p[0], axis=0) ** 2) + np.sum(np.diff(p[0], axis=1) ** 2) for p in (b, a)]
    np.testing.assert_allclose(sharpness_ratio(b, a), energy[0] / energy[1])


def test_flicker_by_hand():
    reference = np.zeros((4, 6, 5, 3))
    reference[1:] += 0.1  # the light goes on between 0 and 1
    output = reference.copy()
    output[2] += 0.3  # one frame blinks
    np.testing.assert_allclose(flicker(output, reference), [0, 0.3, 0.3], atol=1e-12)
    np.testing.assert_allclose(flicker(np.zeros_like(output), reference), [-0.1, 0, 0])
    assert flicker(output[:1], reference[:1]).shape == (0,)


def test_flicker_counts_pixels_of_both_frames_and_forgives_a_shift():
    rng = np.random.default_rng(0)
    walk = np.stack(
        [np.roll(rng.random((8, 9, 3)) if i == 0 else np.zeros((8, 9, 3)), i, 1) for i in range(1)]
    )
    frames = np.stack([np.roll(walk[0], i, axis=1) for i in range(4)])
    np.testing.assert_allclose(flicker(np.roll(frames, 2, axis=1), frames), 0, atol=1e-12)
    region = np.zeros(frames.shape[:3], bool)
    region[0, 2:6] = region[1, 4:8] = region[3] = True
    noisy = np.clip(frames + rng.normal(0, 0.1, frames.shape), 0, 1)
    expected = [np.abs(p[1, 4:6] - p[0, 4:6]).mean() for p in (noisy, frames)]
    found = flicker(noisy, frames, region=region)
    assert found[0] == pytest.approx(expected[0] - expected[1])
    assert np.isnan(found[1:]).all()


@pytest.mark.parametrize("measure", [psnr, ssim, gmsd, sharpness_ratio, flicker])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_tensors_in_tensors_out(measure, dtype):
    a, b = (torch.from_numpy(x).to(dtype) for x in pictures())
    region = torch.zeros(a.shape[:3], dtype=torch.bool)
    region[:, 6:30, 8:25] = True
    for mask in (None, region):
        found = measure(a, b, region=mask)
        assert isinstance(found, torch.Tensor) and found.dtype == torch.float64
        expected = measure(a.numpy(), b.numpy(), region=None if mask is None else mask.numpy())
        assert isinstance(expected, np.ndarray) and expected.dtype == np.float64
        np.testing.assert_allclose(found.numpy(), expected, atol=1e-12)


@pytest.mark.parametrize("measure", [gmsd, sharpness_ratio, flicker])
def test_bad_input(measure):
    a, b = pictures()
    with pytest.raises(ValueError, match="one shape"):
        measure(a, b[:, 1:])
    with pytest.raises(ValueError, match="divide 8-bit"):
        measure((255 * a).astype("u1"), (255 * b).astype("u1"))
    with pytest.raises(ValueError, match="bool region"):
        measure(a, b, region=np.ones(a.shape[:3]))
