"""The figures of the slides [T20] and what may be compared with them.

[T20] is N.-D. T. Tieu, J. Yamagishi, I. Echizen, *Color Transfer to Anonymized Gait Images While Maintaining
Anonymization*, APSIPA ASC 2020 (slides). All figures here are given there.
"""

from __future__ import annotations

from gaitbench.results.schema import SLIDES_HIGHEST, SLIDES_LOWEST, SLIDES_SYSTEM

__all__ = [
    "ABLATION_SENTENCE",
    "BAND_SENTENCE",
    "DIFFERENCE_SENTENCE",
    "LADDER_SENTENCE",
    "PICTURE_SENTENCE",
    "PSNR",
    "SEQUENCES",
    "SLIDES_SYSTEM",
    "SSIM",
    "SUCCESS_HIGH",
    "SUCCESS_LOW",
    "SUCCESS_SENTENCE",
]

#: (colorizer, set) -> mean PSNR in dB, Tables I and II.
PSNR: dict[tuple[str, str], float] = {
    ("baseline", "plain"): 24.2417, ("baseline", "textural"): 23.6273,
    ("proposed", "plain"): 24.7302, ("proposed", "textural"): 24.2822,
    ("baseline", "incomplete"): 23.9494, ("baseline", "complete"): 24.1035,
    ("proposed", "incomplete"): 24.4664, ("proposed", "complete"): 24.8346,
}  # fmt: skip

#: (colorizer, set) -> mean SSIM, Tables I and II.
SSIM: dict[tuple[str, str], float] = {
    ("baseline", "plain"): 0.9062, ("baseline", "textural"): 0.8970,
    ("proposed", "plain"): 0.9142, ("proposed", "textural"): 0.9065,
    ("baseline", "incomplete"): 0.9047, ("baseline", "complete"): 0.9042,
    ("proposed", "incomplete"): 0.9126, ("proposed", "complete"): 0.9094,
}  # fmt: skip

#: Range of the success rate over the angles, in percent; the angles' own figures are not given.
SUCCESS_LOW, SUCCESS_HIGH = SLIDES_LOWEST, SLIDES_HIGHEST

#: Sequences that train the recognizer, train the colorizers, are tested; the second is not resolved (30 x 110 = 3,300).
SEQUENCES = {"recognizer": 5_500, "models": 1_100, "test": 4_400}

#: What the band of a chart is.
BAND_SENTENCE = f"band: slides' {SUCCESS_LOW}–{SUCCESS_HIGH} % (CASIA-B)"

PICTURE_SENTENCE = (
    "The slides do not name their reference picture, and the reference alone moves PSNR by several decibels: "
    "compare the sign of a difference between colorizers, not the level."
)
SUCCESS_SENTENCE = (
    "The slides give a range over the angles of CASIA-B without |S|, gallery or chance: it shows the order "
    "of magnitude, and a figure here inside it confirms nothing."
)
LADDER_SENTENCE = (
    "The slides run one attack only, the marked cell: for every other row, and for every measure but success, they "
    "give nothing to compare with."
)
ABLATION_SENTENCE = (
    "The slides give no ablation: their rows are the colorizer as it is there, under a reference they do not name, "
    "so that only the order of colorizers may be compared, not a level."
)
DIFFERENCE_SENTENCE = (
    "The slides' proposed minus baseline is 0.49 to 0.73 dB and 0.0052 to 0.0095 SSIM over the four sets, without "
    "interval: its sign may be compared with the sign here, its size only where the reference is known to be the same."
)
