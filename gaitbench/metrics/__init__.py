"""Measures: pure functions of arrays. Their definitions, ranges and limits stand in docs/measures.md."""

from gaitbench.metrics.gallery_size import GalleryPoint, success_by_gallery_size
from gaitbench.metrics.identification import (
    average_precisions,
    chance_corrected,
    cmc,
    equal_error_rate,
    from_ranking,
    genuine_and_impostor,
    nearer_subjects,
    subject_distances,
    subject_tail,
    true_ranks,
)
from gaitbench.metrics.linkability import LinkabilityNull, d_sys, d_sys_null
from gaitbench.metrics.pictures import flicker, gmsd, psnr, sharpness_ratio, ssim
from gaitbench.metrics.statistics import success_rate
from gaitbench.metrics.uncertainty.bootstrap import SubjectBootstrap
from gaitbench.metrics.uncertainty.multiple_tests import holm
from gaitbench.metrics.uncertainty.resampling import Intervals

__all__ = [
    "GalleryPoint",
    "Intervals",
    "LinkabilityNull",
    "SubjectBootstrap",
    "average_precisions",
    "chance_corrected",
    "cmc",
    "d_sys",
    "d_sys_null",
    "equal_error_rate",
    "flicker",
    "from_ranking",
    "genuine_and_impostor",
    "gmsd",
    "holm",
    "nearer_subjects",
    "psnr",
    "sharpness_ratio",
    "ssim",
    "subject_distances",
    "subject_tail",
    "success_by_gallery_size",
    "success_rate",
    "true_ranks",
]
