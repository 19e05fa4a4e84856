"""Quality at equal success: where each curve of a sweep crosses a success, over people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics.uncertainty.resampling import subject_weights
from gaitbench.results.schema_sweep import EqualSuccess

__all__ = ["TARGETS", "Point", "equal_success"]

#: Success (percent) at which quality is compared (ours; the slides' range is 79.04 to 93.61).
TARGETS = (50.0, 80.0, 90.0)
#: Share of resamples that must reach a success before its quality has an interval.
_REACHED = 0.95


@dataclass(frozen=True)
class Point:
    """One choice of settings by person: the sums that success and the quality measures are ratios of.

    Parameters
    ----------
    sums : dict of str to tuple of float64 arrays (S,)
        Measure -> sum and count of every test person; of ``success`` M and S.
    """

    sums: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]

    def value(self, measure: str, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """The ratio, for each resample (B, S) of people; NaN where nobody counts."""
        top, bottom = self.sums[measure]
        drawn = np.ones((1, len(top))) if weights is None else weights
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(drawn @ top / (drawn @ bottom), dtype=np.float64)


def equal_success(
    resamples: int, seed: int, confidence: float, name: str, painter: str, points: Sequence[Point]
) -> Iterator[EqualSuccess]:
    """Quality at each of `TARGETS`, linear between the settings that lie around it.

    Parameters
    ----------
    resamples, seed, confidence
        Of the bootstrap over people; success and quality are drawn together.
    name, painter : str
        The curve, and who painted it.
    points : sequence of Point
        One a setting, in the order of the curve; with fewer than two nothing lies between.
    """
    if len(points) < 2:
        return
    weights = subject_weights(len(points[0].sums["success"][0]), resamples, seed)
    reached = np.array([p.value("success")[0] for p in points])
    if not np.isfinite(reached).any():
        return  # nobody was named before: there is no success
    drawn = np.stack([p.value("success", weights) for p in points], axis=1)
    for measure in [m for m in points[0].sums if m != "success"]:
        exact = np.array([p.value(measure)[0] for p in points])
        held = np.stack([p.value(measure, weights) for p in points], axis=1)
        for target in TARGETS:
            value, crossings = _crossing(reached, exact, target)
            many = np.array([_crossing(x, y, target)[0] for x, y in zip(drawn, held, strict=True)])
            known = many[np.isfinite(many)]
            low = high = None
            if np.isfinite(value) and len(known) >= _REACHED * len(many):
                ends = np.quantile(known, [0.5 - confidence / 2, 0.5 + confidence / 2])
                low, high = (float(end) for end in ends)
            yield EqualSuccess(
                target, name, painter, measure, float(value) if np.isfinite(value) else None, low, high,
                float(np.nanmin(reached)), float(np.nanmax(reached)), len(points), crossings,
            )  # fmt: skip


def _crossing(
    success: NDArray[np.float64], quality_of: NDArray[np.float64], target: float
) -> tuple[float, int]:
    """Quality where a curve crosses `target`, linear between neighbours, and how often it does; NaN unless once.

    A setting whose quality is undefined (identical pictures have no PSNR) stands for nothing.
    """
    kept = np.isfinite(success) & np.isfinite(quality_of)
    x, y = success[kept] - target, quality_of[kept]
    here = [float(y[i]) for i in range(len(x)) if x[i] == 0]
    for i in range(len(x) - 1):
        if x[i] * x[i + 1] < 0:
            here.append(float(y[i] + (y[i + 1] - y[i]) * x[i] / (x[i] - x[i + 1])))
    return (here[0] if len(here) == 1 and len(x) > 1 else float("nan")), len(here)
