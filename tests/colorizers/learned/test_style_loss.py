"""The vectorised style loss against the equation written out as a loop."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitbench.colorizers.learned.masks import erode, grid_masks, nearest_masks, regions
from gaitbench.colorizers.learned.style_loss import StyleLoss, patch_features


def gram(image, mask):
    """Gr of a masked picture: inner products of its channels."""
    flat = (image * mask).flatten(1)
    return flat @ flat.T


def naive(x_rgb, phi, centre, edge, masks, features="colors"):
    """Equations 2 to 4, one image and one mask after the other, with the rules for empty cells."""
    away = nearest_masks(masks)
    total = phi.sum() * 0.0
    for x, y, inner, band in zip(x_rgb, phi, centre, edge, strict=True):
        x, y = x * inner, y * band
        if features == "patches":
            x, y = patch_features(x[None])[0], patch_features(y[None])[0]
        have = [m for m in range(len(masks)) if (inner * masks[m]).sum() > 0]
        for index, mask in enumerate(masks):
            n = (band * mask).sum()
            if n == 0 or not have:
                continue
            source = min(have, key=lambda m: (float(away[index, m]), m))
            m_l = (inner * masks[source]).sum()
            total = total + (gram(x, masks[source]) / m_l - gram(y, mask) / n).abs().sum()
    return total / len(x_rgb)


def example(seed, size=(24, 20), count=3):
    g = torch.Generator().manual_seed(seed)
    x_rgb, phi = torch.rand(2, count, 3, *size, generator=g, dtype=torch.float64)
    bodies = torch.zeros(2, count, *size, dtype=torch.float64)
    bodies[0, :, 3:20, 5:14] = 1.0
    bodies[1, :, 1:22, 3:11] = 1.0
    bodies[0, 0, 3:20, 9:12] = 0.0
    return x_rgb, phi.requires_grad_(), *bodies


def both(loss, masks, features, x_rgb, phi, centre, edge):
    fast = loss(x_rgb, phi, centre, edge)
    (fast_grad,) = torch.autograd.grad(fast, phi, retain_graph=True)
    slow = naive(x_rgb, phi, centre, edge, masks, features)
    (slow_grad,) = torch.autograd.grad(slow, phi)
    torch.testing.assert_close(fast, slow, atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(fast_grad, slow_grad, atol=1e-6, rtol=1e-6)
    return fast


@pytest.mark.parametrize("features", ["colors", "patches"])
@pytest.mark.parametrize("center", ["eroded", "overlap"])
def test_equals_the_loop_in_value_and_gradient(features, center):
    x_rgb, phi, new, old = example(0)
    masks = grid_masks(8, 4, (24, 20)).double()
    inner, band = regions(new, old, radius=1, center=center)
    assert both(StyleLoss(masks, features), masks, features, x_rgb, phi, inner, band) > 0


def test_masks_may_overlap_and_be_soft():
    x_rgb, phi, new, old = example(1)
    masks = torch.rand(7, 24, 20, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    inner, band = regions(new, old, radius=2, center="overlap")
    both(StyleLoss(masks), masks, "colors", x_rgb, phi, inner, band)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_equals_the_loop_on_random_regions(seed):
    g = torch.Generator().manual_seed(seed)
    x_rgb, phi = torch.rand(2, 2, 3, 12, 10, generator=g, dtype=torch.float64)
    regions_ = (torch.rand(2, 2, 12, 10, generator=g) < torch.rand(2, 2, 1, 1, generator=g) ** 3).double()
    centre, edge = regions_[0], regions_[1] * (1 - regions_[0])
    masks = grid_masks(4, 3, (12, 10)).double()
    both(StyleLoss(masks), masks, "colors", x_rgb, phi.requires_grad_(), centre, edge)


@pytest.mark.parametrize("empty", ["centre", "edge", "both", "one centre"])
def test_empty_regions_give_no_nan(empty):
    x_rgb, phi, new, old = example(2)
    centre, edge = regions(new, old, radius=1, center="overlap")
    if empty in ("centre", "both"):
        centre = centre * 0
    if empty in ("edge", "both"):
        edge = edge * 0
    if empty == "one centre":
        centre[0] = 0
    loss = StyleLoss(grid_masks(8, 4, (24, 20)).double())(x_rgb, phi, centre, edge)
    (grad,) = torch.autograd.grad(loss, phi)
    assert torch.isfinite(loss) and torch.isfinite(grad).all()
    assert (loss == 0) == (empty != "one centre")
    if empty == "one centre":
        assert (grad[0] == 0).all() and (grad[1] != 0).any()


def test_a_flat_picture_painted_in_its_own_color_costs_nothing():
    _, _, new, old = example(3)
    color = torch.tensor([0.2, 0.5, 0.9], dtype=torch.float64)[None, :, None, None].expand(3, 3, 24, 20)
    centre, edge = regions(new, old, radius=1, center="overlap")
    loss = StyleLoss(grid_masks(8, 4, (24, 20)).double())
    assert loss(color, color, centre, edge) < 1e-12
    assert loss(color, color * 0.5, centre, edge) > 0.1


def test_grid_is_a_partition_of_32_cells():
    masks = grid_masks(8, 4, (64, 44))
    assert masks.shape == (32, 64, 44)
    assert (masks.sum(0) == 1).all() and (masks.sum((1, 2)) == 88).all()


def test_erosion_keeps_the_middle_and_what_touches_the_border():
    body = torch.zeros(1, 9, 9)
    body[0, 2:9, 2:7] = 1
    eroded = erode(body, 1)[0]
    assert eroded[3:9, 3:6].all() and eroded.sum() == 6 * 3
    assert (erode(body, 0) == body).all()


def test_overlap_rule_leaves_background_out():
    _, _, new, old = example(4)
    eroded, _ = regions(new, old, radius=1, center="eroded")
    overlap, edge = regions(new, old, radius=1, center="overlap")
    assert (eroded * (1 - old)).sum() > 0 and (overlap * (1 - old)).sum() == 0
    assert torch.equal(overlap + edge, new)


def test_unknown_choices_are_refused():
    with pytest.raises(ValueError, match="colors"):
        StyleLoss(grid_masks(2, 2, (8, 8)), "texture")
    with pytest.raises(ValueError, match="overlap"):
        regions(torch.ones(1, 4, 4), torch.ones(1, 4, 4), radius=1, center="middle")
