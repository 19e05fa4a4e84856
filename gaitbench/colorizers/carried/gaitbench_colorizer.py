"""Our own colorizer, `gaitbench`: clothes carried from body to body along a corrected field, as sharp as they were.

Ours altogether. Beyond `warp`: rows are matched first (neck to neck, hem to hem), a small bundled network corrects the
field (arms, legs, loads) and the shading, cubic sampling and an unsharp mask keep the texture sharp, and rows that a
frame lacks are taken from the nearest frame that has them. A run trains nothing of it. See ``docs/colorizers.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.colorizers.carried.fields import carry, inner, match_rows, row_field, sharpen, widen
from gaitbench.colorizers.training_free import TrainingFreeColorizer, TrainingFreeSettings
from gaitbench.errors import ConfigError

if TYPE_CHECKING:
    from gaitbench.colorizers.carried.correction import FieldCorrection

__all__ = ["GaitbenchColorizer", "GaitbenchColorizerSettings", "base_field", "complete_rows"]

#: Frames worked on at a time.
_CHUNK = 64


@dataclass(frozen=True)
class GaitbenchColorizerSettings(TrainingFreeSettings):
    """Choices of `gaitbench`; all ours. Lengths in 64ths of the crop's height.

    Parameters
    ----------
    erosion : int
        Taken off the original silhouette before colours are read.
    sigma : float
        Of the Gaussian that smooths shift and stretch across the body.
    reach, stiffness, row_sigma : float
        Of the matching of rows, see `fields.match_rows`; reach 0 leaves rows where they are.
    corrected : bool
        Whether the bundled network corrects the field and the shading (`correction.FieldCorrection`).
    sharpen, sharpen_sigma : float
        Strength and width of the unsharp mask inside the new body, see `fields.sharpen`; 0 leaves it out. Chosen so
        that pictures of people held out have about the gradients of the true ones, see ``docs/colorizers.md``.
    coverage : float
        An outline pixel is painted as the share ``min(1, coverage * n / 9)`` of its colour, n being how many of
        the 3 x 3 pixels around it are inside: the picture is one over black, and an outline seen by a camera is
        mixed with what is behind. 0 paints whole pixels. It makes no colour truer, see ``docs/colorizers.md``.
    """

    erosion: int = 1
    sigma: float = 8.0
    reach: float = 4.0
    stiffness: float = 0.005
    row_sigma: float = 4.0
    corrected: bool = True
    sharpen: float = 0.55
    sharpen_sigma: float = 0.7
    coverage: float = 0.0

    def __post_init__(self) -> None:
        if not all(v >= 0 for v in (self.erosion, self.reach, self.coverage, self.sharpen)):
            raise ConfigError("gaitbench: erosion, reach, coverage and sharpen must be 0 or more")
        if not all(v > 0 for v in (self.sigma, self.stiffness, self.row_sigma, self.sharpen_sigma)):
            raise ConfigError("gaitbench: sigma, stiffness, row_sigma and sharpen_sigma must be above 0")


class GaitbenchColorizer(TrainingFreeColorizer):
    """Colorizer that matches the rows of both bodies and carries the texture along.

    Frames may be all of a sequence or a few; rows without an original pixel (an occluder, an empty silhouette)
    borrow those of the nearest frame that has them. A sequence without any original silhouette is painted black.

    Parameters
    ----------
    settings : GaitbenchColorizerSettings, optional
    correction : FieldCorrection, optional
        Network that corrects the field; the bundled one if None.
    """

    name: ClassVar[str] = "gaitbench"

    def __init__(
        self, settings: GaitbenchColorizerSettings | None = None, correction: FieldCorrection | None = None
    ) -> None:
        self.settings: GaitbenchColorizerSettings = settings or GaitbenchColorizerSettings()
        self._correction = correction

    def _paint(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        s = self.settings
        rgb, silhouettes = complete_rows(rgb, silhouettes)
        painted = np.empty(rgb.shape, np.float32)
        for begin in range(0, len(rgb), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            old, new = silhouettes[part], anonymized[part]
            wide, x, y = base_field(rgb[part], old, new, s)
            shade = None
            if s.corrected:
                # torch is imported when something is corrected
                from gaitbench.colorizers.carried.correction import bundled_correction, correct_field

                x, y, shade = correct_field(self._correction or bundled_correction(), wide, old, new, x, y)
            made = carry(wide, x, y, cubic=True)
            if shade is not None:
                made = np.minimum(made * shade[..., None], 1.0)
            if s.sharpen:
                made = sharpen(made, new, strength=s.sharpen, sigma=s.sharpen_sigma)
            painted[part] = made
        if s.coverage:
            for picture, mask in zip(painted, anonymized, strict=True):
                share = cv2.blur(mask.astype(np.float32), (3, 3), borderType=cv2.BORDER_REPLICATE)
                picture *= np.minimum(1.0, s.coverage * share)[..., None]
        return painted


def base_field(
    rgb: NDArray[np.uint8],
    old: NDArray[np.bool_],
    new: NDArray[np.bool_],
    settings: GaitbenchColorizerSettings,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Widened pictures, and where each pixel of the new bodies comes from in them, before any correction.

    Parameters
    ----------
    rgb : uint8 array (T, h, w, 3)
    old, new : bool arrays (T, h, w)

    Returns
    -------
    pictures : float32 array (T, h, w, 3)
        In [0, 1], see `fields.widen`.
    x, y : float32 arrays (T, h, w)
    """
    s = settings
    rows: NDArray[np.float64] = np.broadcast_to(np.arange(rgb.shape[1], dtype=float), old.shape[:2])
    if s.reach:
        rows = match_rows(old, new, reach=s.reach, stiffness=s.stiffness, sigma=s.row_sigma)
    x, y = row_field(old, new, rows, sigma=s.sigma)
    return widen(rgb, inner(old, s.erosion)), x, y


def complete_rows(
    rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Give rows in which a frame has no body pixel the row of the nearest frame that has one.

    Parameters
    ----------
    rgb : uint8 array (T, h, w, 3)
    silhouettes : bool array (T, h, w)

    Returns
    -------
    rgb, silhouettes
        As given where nothing is missing or no frame can help; the earlier of two equally near frames helps.
    """
    known: NDArray[np.bool_] = np.any(silhouettes, axis=2)
    missing = np.argwhere(~known & known.any(0))
    if not len(missing):
        return rgb, silhouettes
    rgb, silhouettes = rgb.copy(), silhouettes.copy()
    for row in np.unique(missing[:, 1]):
        have = np.flatnonzero(known[:, row])
        lack = np.flatnonzero(~known[:, row])
        lend = have[np.abs(have[None, :] - lack[:, None]).argmin(1)]
        rgb[lack, row] = rgb[lend, row]
        silhouettes[lack, row] = silhouettes[lend, row]
    return rgb, silhouettes
