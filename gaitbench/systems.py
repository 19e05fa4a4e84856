"""What a system must offer to be tested: the protocols of anonymizers, colorizers, recognizers and picture measures.

Nothing is inherited: a class that has these attributes and methods is one. What it gives is looked at whenever it is
called (`gaitbench.evaluation.stages.checked`); what it is given are read-only copies. Settings in a suite
(``{name = "mine", settings = {width = 8}}``) come as keyword arguments, or as the fields of the dataclass that a
parameter ``settings`` takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.datasets.sequence import GaitSequence

__all__ = [
    "Anonymizer", "Borrower", "Colorizer", "Measure", "MeasuringRecognizer", "PoseReader", "Progress",
    "RankingRecognizer", "Recognizer", "Trained",
]  # fmt: skip

#: Told the share that is done, 0 to 1, and a line of text.
Progress = Callable[[float, str], None]


@runtime_checkable
class Trained(Protocol):
    """What anonymizers and colorizers have in common.

    A class may also offer ``applied``, a tuple of the settings that play no part in training: one set of weights serves
    all their values.
    """

    #: As registered.
    name: Any
    #: False: `fit` learns nothing, so nothing is kept; True if it is not said.
    trainable: Any
    #: A frozen dataclass of every choice of the system's; part of the keys of all that it makes.
    settings: Any

    def state(self) -> dict[str, NDArray[Any]]:
        """Everything that was fitted, as arrays by name; it is kept as safetensors."""
        ...

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> Self:
        """Take over what `state` gave. A keyword ``device`` is filled in where there is one."""
        ...

    def card(self) -> dict[str, Any]:
        """What it was trained on and how, as JSON values; kept beside the weights."""
        ...


@runtime_checkable
class Anonymizer(Trained, Protocol):
    """Silhouettes in, anonymized silhouettes out; registry `ANONYMIZERS`, entry points ``gaitbench.anonymizers``."""

    def fit(
        self,
        sequences: Sequence[GaitSequence],
        *,
        seed: int,
        device: str = "cpu",
        effort: float = 1.0,
        progress: Progress | None = None,
    ) -> Self:
        """Learn from the people of the role `models`.

        Parameters
        ----------
        sequences : sequence of GaitSequence
            Silhouettes bool (T, h, w), of one size, without pictures.
        seed : int
            Of everything that is drawn, 0 to 2**32 - 1: equal seeds give equal weights, bit by bit.
        device : str
            ``cpu``, ``cuda`` or ``cuda:N``.
        effort : float
            Above 0; scales the training steps (1: as in the suite `quick`).
        progress : callable, optional
        """
        ...

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """The silhouettes of another body, bool (T, h, w) as ``sequence.silhouettes``, not empty in every frame.

        `rng` is the only source of chance: a function of the run's seed, the system's name and the sequence.
        """
        ...


@runtime_checkable
class PoseReader(Protocol):
    """An anonymizer that reads the pose from a silhouette and says what it read: an attacker may read by it, too."""

    def pose_codes(self, silhouettes: NDArray[np.bool_], angle: int) -> NDArray[np.floating[Any]]:
        """Pose codes of consecutive frames of one sequence, floats (T, k).

        Parameters
        ----------
        silhouettes : bool array (T, h, w)
            None of them empty.
        angle : int
            In degrees.
        """
        ...


@runtime_checkable
class Borrower(Protocol):
    """A recognizer that attacks with a part of an anonymizer; the run lends it the trained one before `fit`."""

    #: Which anonymizer, as suites spell it.
    system: str

    def borrow(self, anonymizer: Anonymizer) -> None:
        """Take over what is needed of a trained anonymizer."""
        ...


@runtime_checkable
class Colorizer(Trained, Protocol):
    """The original's pictures and new silhouettes in, painted people out; registry `COLORIZERS`."""

    def fit(
        self,
        sequences: Sequence[GaitSequence],
        *,
        seed: int,
        device: str = "cpu",
        effort: float = 1.0,
        progress: Progress | None = None,
        anonymized: Sequence[NDArray[np.bool_]] | None = None,
    ) -> Self:
        """Learn to paint the silhouettes of one anonymizer.

        Parameters
        ----------
        sequences : sequence of GaitSequence
            With ``rgb`` uint8 (T, h, w, 3).
        seed, device, effort, progress
            As of `Anonymizer.fit`.
        anonymized : sequence of bool arrays (T, h, w), optional
            What the anonymizer makes of each sequence: the suite's first one, or that which an attribute ``taught_by``
            names.
        """
        ...

    def colorize(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.floating[Any]]:
        """Paint the new silhouettes.

        Parameters
        ----------
        rgb : uint8 array (T, h, w, 3)
            The original's pictures, RGB, background and all.
        silhouettes, anonymized : bool arrays (T, h, w)
            The original's and the new ones.

        Returns
        -------
        floats (T, h, w, 3)
            In [0, 1]; zero outside `anonymized`.
        """
        ...


@runtime_checkable
class Recognizer(Protocol):
    """An attacker's means to tell people apart; registry `RECOGNIZERS`, entry points ``gaitbench.recognizers``.

    It is a `MeasuringRecognizer` or a `RankingRecognizer` too. An attribute ``reads`` says what its samples are;
    without it they are ``gei``:

    ``gei``
        Gait energy images, float32 (n, h, w) in [0, 1].
    ``silhouettes``
        A list of n bool arrays (T, h, w).
    ``pictures``
        A list of n uint8 arrays (K, h, w, 3), RGB, black outside of the person.

    An attribute ``reads_order``, True, says that it reads silhouettes one after another at the suite's rate: it is then
    not asked where frames are spread over the walk (the input ``resegmented``).

    A parameter ``seed`` of the class is given the suite's seed.
    """

    def fit(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike, walk: ArrayLike | None = None) -> Self:
        """Learn from the people of the role `recognizer`.

        Parameters
        ----------
        X : n samples
        y : str array (n,)
            Subjects.
        angle : int array (n,)
            Degrees.
        walk : str array (n,), optional
            Such as ``nm-01``.
        """
        ...

    def enroll(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike) -> Self:
        """Set the gallery, in place of one that is set: m samples, their subjects and angles."""
        ...


@runtime_checkable
class MeasuringRecognizer(Recognizer, Protocol):
    """A recognizer that measures each gallery entry."""

    def distances(self, X: ArrayLike, *, angle: ArrayLike) -> NDArray[np.float32]:
        """Distance of each of n probes to each gallery entry, float (n, m), finite, small is alike."""
        ...


@runtime_checkable
class RankingRecognizer(Recognizer, Protocol):
    """A recognizer that ranks people; it is asked angle by angle of the gallery if it cannot measure entries."""

    def rank(self, X: ArrayLike, *, angle: ArrayLike) -> tuple[NDArray[np.str_], NDArray[np.float32]]:
        """Enrolled people of each of n probes, best first, and their distances, both (n, P): each person once."""
        ...


@runtime_checkable
class Measure(Protocol):
    """A picture measure as a value (`gaitbench.metrics.measure.Measure`); a plain function joins as one, too."""

    @property
    def name(self) -> str:
        """As suites, records and tables spell it."""
        ...

    @property
    def direction(self) -> Any:
        """``higher`` or ``lower`` is better, a number that is best, or None."""
        ...

    @property
    def unit(self) -> str:
        """Empty for a number without one."""
        ...

    @property
    def temporal(self) -> bool:
        """It reads consecutive frames."""
        ...

    def __call__(
        self,
        shown: NDArray[np.float64],
        target: NDArray[np.float64],
        *,
        region: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.float64]:
        """Values of N pictures, float (N,); T - 1 of them for T consecutive frames if it is temporal.

        Parameters
        ----------
        shown, target : float arrays (N, h, w, 3) in [0, 1]
        region : bool array (N, h, w), optional
            Where to look; everywhere if None. NaN where there is nothing to look at.
        """
        ...
