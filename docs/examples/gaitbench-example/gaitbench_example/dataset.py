"""Data set ``example-npz``: one ``SUBJECT-WALK-ANGLE.npz`` a sequence, with silhouettes and, if there are, pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from gaitbench.datasets.sequence import Recording, SequenceKey, TrueMasks
from gaitbench.errors import DataError

__all__ = ["NpzFolder"]


class NpzFolder:
    """Arrays of a folder: ``silhouettes`` bool (T, H, W); ``rgb`` uint8 (T, H, W, 3) may be missing.

    Parameters
    ----------
    root : path
    """

    #: True where people are computer-made: the report then says so wherever a figure stands.
    rendered = False

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._files = {SequenceKey.parse(path.stem): path for path in sorted(self.root.glob("*.npz"))}
        if not self._files:
            raise DataError(
                f"{self.root} has no file such as 001-nm-01-090.npz; give the folder that holds them"
            )

    @staticmethod
    def fits(root: Path) -> bool:
        """Whether `root` is of this form: asked when ``--data`` is given without ``--format``."""
        return any(root.glob("*-*-*-[0-9][0-9][0-9].npz"))

    @property
    def name(self) -> str:
        """What the report calls the data."""
        return f"npz folder {self.root.name}"

    def fingerprint(self) -> str:
        """Hash of everything that `load` reads: another file, another result."""
        whole = hashlib.sha256()
        for key in self.keys():
            whole.update(f"{key} {hashlib.sha256(self._files[key].read_bytes()).hexdigest()}\n".encode())
        return whole.hexdigest()

    def keys(self) -> list[SequenceKey]:
        """Sequences that exist, sorted."""
        return sorted(self._files)

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read one sequence: the first `frames` frames; pictures only if `video`.

        Raises
        ------
        DataError
            If the file is damaged: a failed cell of the run with this message, and the run goes on.
        """
        path = self._files[key]
        try:
            with np.load(path, allow_pickle=False) as arrays:
                silhouettes = arrays["silhouettes"]
                rgb = arrays["rgb"] if video and "rgb" in arrays.files else None
        except Exception as error:
            raise DataError(f"{path} cannot be read ({type(error).__name__}); write it again") from error
        if silhouettes.dtype != np.bool_ or silhouettes.ndim != 3:
            raise DataError(f"{path}: silhouettes must be bool (T, H, W), not {silhouettes.dtype}")
        count = len(silhouettes)
        numbers = np.arange(1, count + 1, dtype=np.int32)[:frames]
        return Recording(
            key, None if rgb is None else rgb[:frames], None, silhouettes[:frames], numbers, count
        )

    def load_walk(
        self, subject: str, walk: str, angles: Sequence[int], *, frames: int | None = None, video: bool = True
    ) -> Iterable[Recording]:
        """A walk as the cameras at `angles` saw it, one after the other."""
        for angle in angles:
            yield self.load(SequenceKey(subject, walk, angle), frames=frames, video=video)

    def true_masks(
        self, key: SequenceKey, *, body: str, frames: int | None = None, rgb: bool | Sequence[int] = True
    ) -> TrueMasks | None:
        """None: nobody knows how somebody else would have walked there."""
        return None
