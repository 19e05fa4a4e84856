"""Measures: pure functions of arrays."""

from gaitbench.metrics.pictures import psnr, ssim
from gaitbench.metrics.statistics import SubjectBootstrap, success_rate

__all__ = ["SubjectBootstrap", "psnr", "ssim", "success_rate"]
