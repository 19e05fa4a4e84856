"""Measures of pictures (N, H, W, 3) in [0, 1]: one value a picture."""

from gaitbench.metrics.pictures.flickering import flicker
from gaitbench.metrics.pictures.gradient_similarity import gmsd
from gaitbench.metrics.pictures.psnr_ssim import psnr, ssim
from gaitbench.metrics.pictures.sharpness import sharpness_ratio

__all__ = ["flicker", "gmsd", "psnr", "sharpness_ratio", "ssim"]
