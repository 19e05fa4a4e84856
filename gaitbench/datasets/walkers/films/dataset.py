"""The data set ``walkers`` on another film, with the same truth."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import Recording, SequenceKey, TrueMasks
from gaitbench.datasets.walkers.dataset import Annotations, Walkers
from gaitbench.datasets.walkers.films.cctv import blurred, watched
from gaitbench.datasets.walkers.films.hall import Hall
from gaitbench.datasets.walkers.films.small import compressed, halved, halved_masks
from gaitbench.datasets.walkers.single_thread import one_thread
from gaitbench.errors import ConfigError

__all__ = ["FILMS", "FilmedWalkers"]

#: Kinds of film, and what each is.
FILMS = {
    "grey": "no colours (R = G = B)",
    "small": "160 x 120 pixels, H.264 with strong compression",
    "indoor": "a hall: glossy floor, a shadow on floor and wall, lamps that flicker",
    "cctv": "a camera that watches a place: blurred by movement, noisy, H.264 with few bits",
}
#: Grows whenever a pixel of any of them may change: part of the fingerprint.
_VERSION = 1


class FilmedWalkers(Walkers):
    """Rendered walkers on a film of another kind.

    Parameters
    ----------
    film : str
        One of `FILMS`.
    seed, subjects, length, fps
        As of `Walkers`.

    Raises
    ------
    ConfigError
        If there is no such film, or as `Walkers`.
    """

    def __init__(
        self, film: str, seed: int = 0, subjects: int = 124, length: int = 60, fps: float = 25.0
    ) -> None:
        if film not in FILMS:
            raise ConfigError(f"walkers: no film {film!r}; there are {', '.join(FILMS)}")
        super().__init__(seed, subjects, length, fps)
        self.film = film

    def __getstate__(self) -> dict[str, object]:
        return {**super().__getstate__(), "film": self.film}

    def fingerprint(self) -> str:
        """Hash of the renderer's version, of the film's, and of every parameter."""
        return hashlib.sha256(f"{super().fingerprint()}:{self.film}:{_VERSION}".encode()).hexdigest()

    @one_thread
    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Render one sequence; see `Walkers.load`."""
        if self.film == "cctv" and video:
            return self._watched(key, frames)
        plain = super().load(key, frames=frames, video=video)
        if plain.frames is None or plain.background is None:
            return plain
        film, empty = plain.frames, plain.background
        if self.film == "grey":
            film, empty = _grey(film), _grey(empty)
        elif self.film == "small":
            both = compressed(halved(np.concatenate([empty, film])), self.fps)
            film, empty = both[len(empty) :], both[: len(empty)]
        else:
            truth = super().true_masks(key, body=key.subject, frames=frames, rgb=False)
            hall = self._hall(key)
            film = hall.filmed(film, truth.masks, plain.frame_numbers)
            empty = hall.flicker(empty, np.arange(-len(empty), 0))
        return replace(plain, frames=film, background=empty)

    def _watched(self, key: SequenceKey, frames: int | None) -> Recording:
        """On the film of a camera that watches a place; what blurs a frame is seen in the one after it."""
        more = super().load(key, frames=None if frames is None else frames + 1)
        plain = super().load(key, frames=frames) if frames is not None else more
        assert more.frames is not None and plain.frames is not None and plain.background is not None
        further = None if frames is None else frames + 1
        truth = super().true_masks(key, body=key.subject, frames=further, rgb=False)
        film = blurred(more.frames, truth.masks, more.frame_numbers)[: len(plain.frames)]
        rng = self._cast.rng("cctv", key.subject, key.walk, key.angle)
        empty, film = watched(plain.background, film, self.fps, rng)
        return replace(plain, frames=film, background=empty)

    def true_masks(
        self, key: SequenceKey, *, body: str, frames: int | None = None, rgb: bool | Sequence[int] = True
    ) -> TrueMasks:
        """The truth of `Walkers.true_masks`; on small film a pixel is the person's that is half covered."""
        truth = super().true_masks(key, body=body, frames=frames, rgb=rgb)
        pictures = truth.rgb
        if self.film == "small":
            masks = halved_masks(truth.masks)
            shown = None if pictures is None else halved(pictures) * masks[..., None]
            return replace(truth, masks=masks, rgb=shown)
        if self.film == "grey" and pictures is not None:
            return replace(truth, rgb=_grey(pictures))
        return truth

    def annotations(self, key: SequenceKey, *, frames: int | None = None) -> Annotations:
        """Part labels, joints, phase and period; in pixels of this film."""
        notes = super().annotations(key, frames=frames)
        if self.film != "small":
            return notes
        rows, columns = (n // 2 for n in notes.labels.shape[1:])
        labels = notes.labels.reshape(-1, rows, 2, columns, 2).max(axis=(2, 4))
        labels *= halved_masks(notes.labels > 0)
        return replace(
            notes,
            labels=labels,
            projected=notes.projected * np.array([0.5, 0.5, 1.0]),
            occluder=halved_masks(notes.occluder[None])[0],
        )

    def _scene_name(self, key: SequenceKey) -> str:
        return "indoor" if self.film == "indoor" else super()._scene_name(key)

    def _hall(self, key: SequenceKey) -> Hall:
        _, occluder, _ = self._scene(key)
        light, ambient, _ = self._light(key, "indoor")
        motion = self._cast.motion(key.subject, key.walk, key.subject)
        return Hall(
            lambda near: self._cast.figure(key.subject, key.walk, key.subject, near),
            motion, self._camera(key), light, ambient, None if occluder is None else occluder.alpha,
        )  # fmt: skip


def _grey(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures (T, H, W, 3) with their luma in the three channels."""
    planes = np.stack([np.asarray(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), np.uint8) for one in pictures])
    return np.repeat(planes[..., None], 3, axis=3)
