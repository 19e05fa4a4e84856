"""SSIM beside the packages that others use (the extra `bench`)."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gaitbench.metrics import ssim

SIZE = (64, 44)
#: Half of the window of 11 x 11 pixels.
BORDER = 5


@pytest.fixture(scope="module")
def pairs():
    """Pictures and noisy copies, float64 (6, 64, 44, 3) in [0, 1]; half of them are black on one side."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    waves = [
        0.5 + 0.4 * np.sin(x[..., None] / (2 + i) + rng.uniform(0, 6, 3)) * np.cos(y[..., None] / (3 + i))
        for i in range(6)
    ]
    a = np.stack(waves)
    a[3:, :, : SIZE[1] // 2] = 0.0
    b = np.clip(a + rng.normal(0, 0.1, a.shape), 0, 1)
    return a, b


def channels_first(pictures):
    torch = pytest.importorskip("torch")
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(pictures, -1, 1)))


def test_ssim_agrees_with_pytorch_msssim(pairs):
    theirs = pytest.importorskip("pytorch_msssim").ssim
    a, b = pairs
    expected = theirs(channels_first(a), channels_first(b), data_range=1.0, size_average=False)
    assert_allclose(ssim(a, b), expected.numpy(), rtol=0, atol=1e-6)


def test_ssim_agrees_with_torchmetrics_inside_the_border_and_not_on_it(pairs):
    functional = pytest.importorskip("torchmetrics.functional.image")
    a, b = pairs
    means, maps = functional.structural_similarity_index_measure(
        channels_first(a), channels_first(b), gaussian_kernel=True, sigma=1.5, data_range=1.0, reduction="none",
        return_full_image=True,
    )  # fmt: skip
    assert maps.shape[-2:] == SIZE
    inside = maps[..., BORDER:-BORDER, BORDER:-BORDER].mean(dim=(1, 2, 3))
    ours = ssim(a, b)
    assert_allclose(ours, inside.numpy(), rtol=0, atol=1e-6)
    # Its own mean also takes the border of five pixels, whose windows it fills with reflected pixels; ours takes only
    # pixels whose window lies inside the picture, as Wang et al. and scikit-image do.
    assert_allclose(means.numpy(), maps.mean(dim=(1, 2, 3)).numpy(), rtol=0, atol=1e-9)
    assert np.all(np.abs(means.numpy() - ours) > 1e-5)
