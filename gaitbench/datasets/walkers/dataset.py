"""The data set ``walkers``: articulated people on ten walks, seen by eleven cameras, rendered on request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.attributes import Person
from gaitbench.datasets.sequence import ANGLES, WALKS, Recording, SequenceKey, TrueMasks
from gaitbench.datasets.walkers.bodies.body import BONES, Body
from gaitbench.datasets.walkers.bodies.motion import Motion
from gaitbench.datasets.walkers.cameras.camera import HEIGHT, WIDTH, Camera, camera_at
from gaitbench.datasets.walkers.cameras.film import Shadow, composite, expose, lit
from gaitbench.datasets.walkers.cameras.occluders import Occluder, sample_occluder
from gaitbench.datasets.walkers.cameras.raster import Hits, Levels, rasterize
from gaitbench.datasets.walkers.cameras.scenes import LIGHTS, SCENES, background_plate
from gaitbench.datasets.walkers.figures.outfits import Bag, Outfit
from gaitbench.datasets.walkers.people import cast_of
from gaitbench.datasets.walkers.single_thread import one_thread
from gaitbench.errors import ConfigError, DataError

__all__ = ["RENDER_VERSION", "Annotations", "Walkers"]

#: Grows whenever a pixel or a label may change: part of the fingerprint.
RENDER_VERSION = 6
#: Share of sequences with something in front, and with frames missing.
OCCLUDED, DROPPED = 0.15, 0.10
#: Frames of the empty scene that come with a recording.
EMPTY_FRAMES = 6


@dataclass(frozen=True)
class Annotations:
    """Ground truth of one sequence.

    Parameters
    ----------
    labels : uint8 array (T, H, W)
        Part of the whole person in each pixel (index into ``PARTS``), 0 where there is none; what stands in
        front of the person is ignored.
    joints : float64 array (T, B, 3)
        World positions in metres of the joints of `bones`.
    projected : float64 array (T, B, 3)
        The same in the picture: column, row (pixels, centres at halves) and depth (metres).
    bones : tuple of str
        Names of the joints.
    phase : float64 array (T,)
        Gait phase in cycles, growing; 0 is a right heel strike.
    period : float
        Length of a gait cycle in frames.
    occluder : bool array (H, W)
        Pixels covered by something in front of the person.
    frame_numbers : int32 array (T,)
        1-based numbers of the frames.
    """

    labels: NDArray[np.uint8]
    joints: NDArray[np.float64]
    projected: NDArray[np.float64]
    bones: tuple[str, ...]
    phase: NDArray[np.float64]
    period: float
    occluder: NDArray[np.bool_]
    frame_numbers: NDArray[np.int32]


class Walkers:
    """Rendered walkers (satisfies `gaitbench.datasets.sequence.Dataset`).

    Parameters
    ----------
    seed : int
        Seed of the whole set.
    subjects : int
        Number of people, named "001", "002", ...
    length : int
        Frames of a video, 10 to 90.
    fps : float
        Frames per second.
    """

    name = "walkers"
    rendered = True
    #: No file is read: there is nothing to say of how.
    in_memory = True

    def __init__(self, seed: int = 0, subjects: int = 124, length: int = 60, fps: float = 25.0) -> None:
        if seed < 0:
            raise ConfigError(f"walkers: seed {seed}; give 0 or a larger whole number")
        if not 1 <= subjects <= 9999:
            raise ConfigError(f"walkers: {subjects} subjects asked for; give a number from 1 to 9999")
        if not 10 <= length <= 90:
            raise ConfigError(f"walkers: sequences of {length} frames asked for; give a length from 10 to 90")
        self.seed, self.subjects, self.length, self.fps = seed, subjects, length, fps
        self._cast = cast_of(seed, length, fps)

    def __getstate__(self) -> dict[str, object]:
        return {"seed": self.seed, "subjects": self.subjects, "length": self.length, "fps": self.fps}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    # -- the protocol -----------------------------------------------------------------------------------
    def fingerprint(self) -> str:
        """Hash of the renderer's version and of every parameter."""
        text = f"walkers:{RENDER_VERSION}:{self.seed}:{self.subjects}:{self.length}:{self.fps}"
        return hashlib.sha256(text.encode()).hexdigest()

    def keys(self) -> list[SequenceKey]:
        """All subjects x 10 walks x 11 angles, sorted."""
        return sorted(
            SequenceKey(f"{s:03d}", w, a) for s in range(1, self.subjects + 1) for w in WALKS for a in ANGLES
        )

    @one_thread
    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Render one sequence.

        Parameters
        ----------
        key : SequenceKey
        frames : int or None
            Only the first `frames` frames (dropped ones not counted); the same pictures as of a longer request.
        video : bool
            False: no pictures, the true silhouettes instead (the whole person, nothing in front).

        Raises
        ------
        DataError
            If the key is not one of `keys`.
        """
        self._check(key)
        numbers, total = self._numbers(key, frames)
        if not video:
            masks = self.true_masks(key, body=key.subject, frames=frames, rgb=False).masks
            return Recording(key, None, None, masks, numbers, total)
        scene, occluder, plate = self._scene(key)
        light, ambient, strength = self._light(key, scene)
        camera = self._camera(key)
        motion = self._cast.motion(key.subject, key.walk, key.subject)
        levels = partial(self._cast.figure, key.subject, key.walk, key.subject)
        gains, offsets = self._exposure(key)
        last = int(numbers[-1])
        shadow = Shadow(camera, _spots(motion), strength)
        out = np.empty((len(numbers), HEIGHT, WIDTH, 3), dtype=np.uint8)
        frame = np.empty_like(plate)
        wanted = {int(n) - 1: i for i, n in enumerate(numbers)}
        for t, hits in enumerate(self._seen(levels, motion, camera, light, last)):
            if t not in wanted:
                continue
            np.copyto(frame, plate)
            shadow.fall(frame, t)
            composite(frame, hits, lit(hits, ambient))
            if occluder is not None:  # over the scene as over the person: where nobody is, the empty scene
                occluder.cover(frame)
            expose(frame, gains[EMPTY_FRAMES + t], offsets[EMPTY_FRAMES + t], out[wanted[t]])
        if occluder is not None:
            plate = occluder.stand_in(plate)
        empty = np.empty((EMPTY_FRAMES, HEIGHT, WIDTH, 3), dtype=np.uint8)
        for i in range(EMPTY_FRAMES):
            expose(plate, gains[i], offsets[i], empty[i])
        return Recording(key, out, empty, None, numbers, total)

    def load_walk(
        self, subject: str, walk: str, angles: Sequence[int], *, frames: int | None = None, video: bool = True
    ) -> Iterable[Recording]:
        """Render a walk as the cameras at `angles` saw it; the motion is worked out once."""
        for angle in angles:
            yield self.load(SequenceKey(subject, walk, angle), frames=frames, video=video)

    @one_thread
    def true_masks(
        self, key: SequenceKey, *, body: str, frames: int | None = None, rgb: bool | Sequence[int] = True
    ) -> TrueMasks:
        """The clothes, colouring and load of `key` on the body, hair and gait of `body`.

        Same camera, instants, start phase and course as `key`. The silhouette is the whole person: what stands
        in front and where clothes resemble the background do not matter.

        Parameters
        ----------
        key : SequenceKey
        body : str
            Subject whose body and gait are drawn; ``key.subject`` gives the truth of the sequence itself.
        frames : int or None
            As in `load`.
        rgb : bool or sequence of int
            Also the pictures (the lit person over black); a sequence names the 0-based positions among the
            returned frames that get one (those past the end are passed over), the other pictures are zero.

        Raises
        ------
        DataError
            If `key`, or `body` on its walk, is not one of `keys`.
        """
        self._check(key)
        self._check(SequenceKey(body, key.walk, key.angle))
        numbers, _ = self._numbers(key, frames)
        light, ambient, _ = self._light(key, self._scene_name(key))
        motion = self._cast.motion(key.subject, key.walk, body)
        levels = partial(self._cast.figure, key.subject, key.walk, body)
        masks = np.zeros((len(numbers), HEIGHT, WIDTH), dtype=bool)
        direction = None if rgb is False else light
        pictures = None if rgb is False else np.zeros((len(numbers), HEIGHT, WIDTH, 3), dtype=np.uint8)
        shown = set(range(len(numbers)) if isinstance(rgb, bool) else (int(i) for i in rgb))
        wanted = {int(n) - 1: i for i, n in enumerate(numbers)}
        for t, hits in enumerate(self._seen(levels, motion, self._camera(key), direction, int(numbers[-1]))):
            if t not in wanted:
                continue
            h, w = hits.index.shape
            box = (wanted[t], slice(hits.top, hits.top + h), slice(hits.left, hits.left + w))
            masks[box] = hits.index > 0
            if pictures is not None and wanted[t] in shown:
                pictures[box] = lit(hits, ambient)[..., :3]
        return TrueMasks(masks, pictures, numbers)

    @one_thread
    def annotations(self, key: SequenceKey, *, frames: int | None = None) -> Annotations:
        """Part labels, joints, phase and period of a sequence (see `Annotations`)."""
        self._check(key)
        numbers, _ = self._numbers(key, frames)
        _, occluder, _ = self._scene(key)
        camera = self._camera(key)
        motion = self._cast.motion(key.subject, key.walk, key.subject)
        levels = partial(self._cast.figure, key.subject, key.walk, key.subject)
        labels = np.zeros((len(numbers), HEIGHT, WIDTH), dtype=np.uint8)
        wanted = {int(n) - 1: i for i, n in enumerate(numbers)}
        for t, hits in enumerate(self._seen(levels, motion, camera, None, int(numbers[-1]))):
            if t in wanted:
                h, w = hits.index.shape
                box = labels[wanted[t], hits.top : hits.top + h, hits.left : hits.left + w]
                box[...] = hits.parts
        at = numbers - 1
        joints = motion.origins[at]
        cover = np.zeros((HEIGHT, WIDTH), dtype=bool) if occluder is None else occluder.mask
        return Annotations(
            labels, joints, camera.project(joints), BONES, motion.phase[at], motion.period, cover, numbers
        )

    # -- who and what -----------------------------------------------------------------------------------
    def body(self, subject: str) -> Body:
        """The build of `subject`."""
        return self._cast.person(subject)[0]

    def person(self, subject: str) -> Person:
        """Sex and stature of `subject` (satisfies `gaitbench.datasets.attributes.KnowsPeople`).

        Raises
        ------
        DataError
            If there is no such walker.
        """
        self._check(SequenceKey(subject, WALKS[0], ANGLES[0]))
        body = self.body(subject)
        return Person("female" if body.sex == "female" else "male", body["stature"])

    def outfit(self, subject: str) -> Outfit:
        """The clothes of `subject` on normal walks."""
        return self._cast.person(subject)[2]

    def bag(self, subject: str, walk: str) -> Bag | None:
        """What `subject` carries on `walk`."""
        return self._cast.bag(subject, walk)

    # -- what is drawn: other walkers say otherwise ---------------------------------------------------------
    def _seen(
        self, levels: Levels, motion: Motion, camera: Camera, light: NDArray[np.float64] | None, last: int
    ) -> Iterator[Hits]:
        return rasterize(levels, motion, camera, light, last)

    # -- the film: where the cameras stand and what light there is, another session says otherwise ------
    def _camera(self, key: SequenceKey) -> Camera:
        return camera_at(key.angle)

    def _plate(self, key: SequenceKey, scene: str) -> NDArray[np.uint8]:
        return background_plate(scene, key.angle)

    def _light(self, key: SequenceKey, scene: str) -> tuple[NDArray[np.float64], float, float]:
        return LIGHTS[scene]

    def _check(self, key: SequenceKey) -> None:
        known = key.subject.isdigit() and len(key.subject) >= 3 and 1 <= int(key.subject) <= self.subjects
        if not (known and key.walk in WALKS and key.angle in ANGLES):
            raise DataError(
                f"walkers have no sequence {key}; subjects run from 001 to {self.subjects:03d}, walks are "
                f"{', '.join(WALKS)}, angles {', '.join(map(str, ANGLES))}"
            )

    def _numbers(self, key: SequenceKey, frames: int | None) -> tuple[NDArray[np.int32], int]:
        """Frame numbers that reached the disk (first `frames`), and frames of the video up to there."""
        rng = self._cast.rng("drops", key.subject, key.walk, key.angle)
        kept = np.ones(self.length, dtype=bool)
        if rng.random() < DROPPED:
            for start in rng.integers(3, self.length, size=int(rng.integers(1, 4))):
                kept[start : start + int(rng.integers(1, 5))] = False
        numbers = (np.flatnonzero(kept) + 1).astype(np.int32)
        if frames is None or frames >= len(numbers):
            return numbers, self.length
        if frames < 1:
            raise DataError(f"{key}: {frames} frames asked for; give at least 1, or none for all")
        return numbers[:frames], int(numbers[frames - 1])

    def _scene_name(self, key: SequenceKey) -> str:
        return SCENES[int(self._cast.rng("scene", key.subject, key.walk).integers(len(SCENES)))]

    def _scene(self, key: SequenceKey) -> tuple[str, Occluder | None, NDArray[np.uint8]]:
        """Name of the scene, what stands in front, and the scene's picture without either."""
        scene = self._scene_name(key)
        plate = self._plate(key, scene)
        rng = self._cast.rng("scene", key.subject, key.walk, key.angle)
        occluder = sample_occluder(rng, scene) if rng.random() < OCCLUDED else None
        return scene, occluder, plate

    def _exposure(self, key: SequenceKey) -> tuple[NDArray[np.float64], list[tuple[int, int]]]:
        """Gain and noise window of the empty frames and then of every frame of the video."""
        rng = self._cast.rng("film", key.subject, key.walk, key.angle)
        n = EMPTY_FRAMES + self.length
        t = np.arange(n) / self.fps
        a, b, c = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.4), rng.uniform(0.004, 0.012)
        gains = 1.0 + c * np.sin(2 * np.pi * b * t + a) + rng.normal(0, 0.0012, n)
        offsets = rng.integers(0, 160, size=(n, 2))
        return gains, [(int(r), int(c)) for r, c in offsets]


def _spots(motion: Motion) -> NDArray[np.float64]:
    """Contact shadow: a wide soft spot under the body and a dark one under each foot (T, 3, x y radius)."""
    joints = motion.origins
    pelvis = joints[:, BONES.index("pelvis"), :2]
    spots = [np.concatenate([pelvis, np.full((len(pelvis), 1), 0.32)], axis=1)]
    for side in "lr":
        foot = 0.5 * (joints[:, BONES.index(f"foot_{side}")] + joints[:, BONES.index(f"toes_{side}")])
        # The higher the foot, the wider its spot.
        radius = 0.13 + 0.5 * np.maximum(0.0, foot[:, 2:] - 0.06)
        spots.append(np.concatenate([foot[:, :2], radius], axis=1))
    return np.stack(spots, axis=1)
