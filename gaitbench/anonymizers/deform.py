"""``deform``: body shape and rhythm of the silhouettes perturbed, without any training.

After the idea of Hirose et al. (silhouette deformation and texture transfer, 2022): a random change of the
static shape (how wide the body is at each height, where shoulders and hips sit) and of the motion (when each
posture is shown). The form of both is ours: no full text was at hand.

References
----------
Hirose, Nakamura, Nitta, Babaguchi: Anonymization of human gait in video based on silhouette deformation and
texture transfer, IEEE Transactions on Information Forensics and Security 17, 2022.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from gaitbench.anonymizers.distance_fields import between_frames, signed_distance
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ConfigError
from gaitbench.training_free import TrainingFree

__all__ = ["Deform", "DeformSettings"]


@dataclass(frozen=True)
class DeformSettings:
    """Choices of `deform`; all ours.

    Parameters
    ----------
    strength : float
        Standard deviation of the logarithm of the width at each height: 0.3 makes a body up to about a third
        wider or narrower there. 0 changes nothing.
    heights : int
        Heights between crown and sole at which widths are drawn; a smooth curve runs through them.
    proportion : float
        Vertical displacement of those heights, as a share of their spacing at strength 1.
    lean : float
        Sideways displacement there, as a share of the crop's width at strength 1.
    timing : float
        Standard deviation at strength 1 by which a posture comes early or late, in frames.
    beat : float
        Mean number of frames between two draws of that delay.
    """

    strength: float = 0.3
    heights: int = 7
    proportion: float = 0.6
    lean: float = 0.08
    timing: float = 6.0
    beat: float = 12.0


class Deform(TrainingFree):
    """Silhouette anonymizer: one random smooth deformation of body and timing for each sequence.

    Parameters
    ----------
    settings : DeformSettings, optional

    Raises
    ------
    ConfigError
        If `strength` is negative or there are fewer than two heights.
    """

    name: ClassVar[str] = "deform"

    def __init__(self, settings: DeformSettings | None = None) -> None:
        self.settings: DeformSettings = settings or DeformSettings()
        if self.settings.strength < 0 or self.settings.heights < 2:
            raise ConfigError(
                f"deform needs a strength of 0 or more and at least 2 heights, not {self.settings.strength} "
                f"and {self.settings.heights}"
            )

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Deform the silhouettes.

        Parameters
        ----------
        sequence : GaitSequence
            Only its silhouettes are read.
        rng : numpy.random.Generator
            Source of the deformation; the same state gives the same output.

        Returns
        -------
        bool array (T, h, w)
            Empty where the input is empty, and only there.
        """
        return self.anonymize_draws(sequence, [rng])[0]

    def anonymize_draws(
        self, sequence: GaitSequence, rngs: Sequence[np.random.Generator]
    ) -> list[NDArray[np.bool_]]:
        """`anonymize` under many draws: the distances to the outlines are found once."""
        silhouettes = sequence.silhouettes
        height, width = sequence.size
        seen = silhouettes.any(axis=(1, 2))
        places = np.flatnonzero(seen).tolist()
        own = signed_distance(silhouettes[seen])
        beyond = -float(height + width)
        found: list[NDArray[np.bool_]] = []
        for rng in rngs:
            x, y = self._body(height, width, rng)
            delays = self._delays(len(silhouettes), rng)
            out = np.zeros_like(silhouettes)
            found.append(out)
            if not places:
                continue
            field = between_frames(own, np.arange(len(own)) + delays[: len(own)])
            bent = np.empty_like(field)
            for distance, into in zip(field, bent, strict=True):
                cv2.remap(
                    distance, x, y, cv2.INTER_LINEAR, dst=into, borderMode=cv2.BORDER_CONSTANT,
                    borderValue=beyond,
                )  # fmt: skip
            # Specks of a pixel can fall between the samples; something must stay of a frame with a person.
            out[places] = bent > np.minimum(0.0, bent.max(axis=(1, 2), keepdims=True) - np.float32(0.5))
        return found

    def _body(
        self, height: int, width: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Where each pixel (h, w) of the new body is read in the old one: x and y."""
        s = self.settings
        at = np.linspace(0.0, height - 1.0, s.heights) if height > 1 else np.arange(float(s.heights))
        stretch = np.clip(rng.standard_normal(s.heights), -2.0, 2.0)
        down = np.clip(rng.standard_normal(s.heights), -2.0, 2.0)
        aside = np.clip(rng.standard_normal(s.heights), -2.0, 2.0)
        down[[0, -1]] = 0.0  # crown and sole stay: the crop's height is the person's
        aside -= aside.mean()
        rows = np.arange(height, dtype=np.float64)
        scale = np.exp(s.strength * CubicSpline(at, stretch)(rows))
        shift = s.strength * s.lean * width * CubicSpline(at, aside)(rows)
        knots = at + s.strength * s.proportion * (at[1] - at[0]) * down
        source = np.interp(rows, at, np.maximum.accumulate(knots))
        middle = (width - 1) / 2.0
        x = middle + (np.arange(width)[None] - middle - shift[:, None]) / scale[:, None]
        y = np.repeat(source[:, None], width, axis=1)
        return x.astype(np.float32), y.astype(np.float32)

    def _delays(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """By how many frames each posture comes early; neighbours never change places. float64 (T,)."""
        s = self.settings
        knots = max(2, 1 + round(count / s.beat))
        drawn = s.strength * s.timing * np.clip(rng.standard_normal(knots), -2.0, 2.0)
        if count < 2:
            return np.zeros(count)
        curve = CubicSpline(np.linspace(0.0, count - 1.0, knots), drawn, bc_type="natural")(np.arange(count))
        # Time may slow to a fifth or double, but not stand still or run back.
        pace = np.clip(1.0 + np.diff(curve), 0.2, 2.0)
        moments = curve[0] + np.concatenate([[0.0], np.cumsum(pace)])
        return cast("NDArray[np.float64]", moments - np.arange(count))
