"""A small set-based convolutional network in the style of GaitSet, behind the attackers' interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from recognizer.attackers.one_space import SilhouetteAttacker
from recognizer.checks import check_count

if TYPE_CHECKING:
    from recognizer.attackers.set_cnn_network import SetNetwork

__all__ = ["SetCnn"]

#: Sets that pass through the network together: half again as fast as one by one, and small enough for the caches.
_TOGETHER = 8
#: The usual cuts of the pyramid (GaitSet has 16, too), and the rows of the picture that a strip has at least.
_PYRAMID, _ROWS = (1, 2, 4, 8), 8


def _batch_norm(name: str, axis: str) -> dict[str, str]:
    """Axes of a batch normalisation's arrays."""
    parts = dict.fromkeys(("weight", "bias", "running_mean", "running_var"), axis)
    return {f"weights_/{name}.{part}": axes for part, axes in {**parts, "num_batches_tracked": ""}.items()}


class SetCnn(SilhouetteAttacker):
    """Name people by a convolutional network that reads sets of silhouettes, whatever their order and number.

    Parameters
    ----------
    steps : int
        Training steps.
    people, samples, frames : int
        A step looks at `people` training subjects, `samples` sets of each, `frames` frames of each set.
    looks : int
        Frames of a set, evenly spread, that are looked at when people are enrolled and named; all of a shorter set.
    channels : three ints
        Of the frame-level convolutions.
    strips : sequence of int
        Cuts of the horizontal pyramid; each strip has at least eight rows of the pictures. Of the usual ones, 1, 2, 4
        and 8, those are taken that fit the pictures' height; others are refused where they do not.
    code : int
        Length of each strip's code.
    learning_rate, weight_decay : float
        Of AdamW; the rate rises over a twentieth of the steps and falls with half a cosine.
    margin : float
        Of the triplets.
    class_weight, smoothing : float
        Of the cross-entropy beside the triplets, and its label smoothing.
    threads : int
        Of torch while this attacker works; set here so that the same seed gives the same bytes, and put back.
    seed : int

    Attributes
    ----------
    weights_ : dict of str to array
        Of the network.
    size_ : int64 array (2,)
        Height and width of the pictures.
    loss_ : float64 array (steps,)
    gallery_codes_ : float32 array (m, parts * code)

    References
    ----------
    Chao, He, Zhang, Feng: GaitSet: regarding gait as a set for cross-view gait recognition, AAAI 2019.
    Hermans, Beyer, Leibe: In defense of the triplet loss for person re-identification, arXiv:1703.07737, 2017.
    """

    name: ClassVar[str] = "set-cnn"
    _shapes: ClassVar[dict[str, str]] = {
        "angles_": "K",
        "size_": "2",
        "loss_": "steps",
        "weights_/frame.0.weight": "first 1 5 5",
        **_batch_norm("frame.1", "first"),
        "weights_/frame.3.weight": "second first 3 3",
        **_batch_norm("frame.4", "second"),
        "weights_/frame.7.weight": "third second 3 3",
        **_batch_norm("frame.8", "third"),
        "weights_/set.0.weight": "third third 3 3",
        **_batch_norm("set.1", "third"),
        "weights_/set.3.weight": "third third 3 3",
        **_batch_norm("set.4", "third"),
        "weights_/project": "parts third code",
        **_batch_norm("normalise", "codes"),
        "weights_/classify": "parts code people",
    }

    def __init__(
        self,
        *,
        steps: int = 600,
        people: int = 8,
        samples: int = 5,
        frames: int = 4,
        looks: int = 14,
        channels: Sequence[int] = (16, 32, 64),
        strips: Sequence[int] = _PYRAMID,
        code: int = 64,
        learning_rate: float = 2e-3,
        weight_decay: float = 5e-4,
        margin: float = 0.3,
        class_weight: float = 1.0,
        smoothing: float = 0.1,
        threads: int = 2,
        seed: int = 0,
    ) -> None:
        self.steps = steps
        self.people = people
        self.samples = samples
        self.frames = frames
        self.looks = looks
        self.channels = channels
        self.strips = strips
        self.code = code
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.margin = margin
        self.class_weight = class_weight
        self.smoothing = smoothing
        self.threads = threads
        self.seed = seed

    @contextmanager
    def _threads(self) -> Iterator[None]:
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(check_count("threads", self.threads, 1, 256, "threads of torch"))
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def _fit(
        self,
        x: list[NDArray[np.uint8]],
        subjects: NDArray[np.str_],
        angles: NDArray[np.int64],
        walks: NDArray[np.str_] | None,
    ) -> None:
        import torch

        from recognizer.attackers.set_cnn_training import Schedule, train

        for name in ("steps", "people", "samples", "frames", "looks", "code"):
            low = 2 if name in ("people", "samples") else 1
            check_count(name, getattr(self, name), low, 10**6, "see the class")
        _counts("channels", self.channels, 3)
        height, width = x[0].shape[1:]
        most = max(self._cuts(height))
        if height < _ROWS * most or width < 8:
            raise ValueError(
                f"pictures of {(height, width)} are too small for {most} strips; give at least "
                f"{_ROWS * most} rows and 8 columns, or fewer strips"
            )
        names, codes = np.unique(subjects, return_inverse=True)
        self.size_ = np.array([height, width], dtype=np.int64)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            network = self._build(len(names))
        schedule = Schedule(
            self.steps, self.people, self.samples, self.frames, self.learning_rate, self.weight_decay,
            self.margin, self.smoothing, self.class_weight,
        )  # fmt: skip
        try:
            losses = train(network, x, codes, schedule, np.random.default_rng(self.seed))
        except FloatingPointError as error:
            raise ValueError(f"the training diverged ({error}); lower learning_rate") from error
        self.loss_ = np.array(losses)
        self.weights_ = {k: v.detach().numpy().copy() for k, v in network.state_dict().items()}

    def _build(self, classes: int) -> SetNetwork:
        from recognizer.attackers.set_cnn_network import SetNetwork

        return SetNetwork(self.channels, self._cuts(int(self.size_[0])), self.code, classes)

    def _cuts(self, height: int) -> tuple[int, ...]:
        """The cuts of the pyramid for pictures of this height: of the usual ones those that fit."""
        cuts = _counts("strips", self.strips)
        return tuple(n for n in cuts if n == 1 or height >= _ROWS * n) if cuts == _PYRAMID else cuts

    def _encode_gallery(
        self, sets: list[NDArray[np.uint8]], angles: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Codes (n, parts * code) of sets, `looks` frames of each looked at."""
        import torch

        network = self._build(self.weights_["classify"].shape[2])
        network.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in self.weights_.items()})
        network.eval()
        seen = [
            np.unique(np.linspace(0, len(one) - 1, min(self.looks, len(one))).round().astype(int))
            for one in sets
        ]
        counts = np.array([len(frames) for frames in seen])
        codes = np.empty((len(sets), network.project.shape[0] * network.project.shape[2]), dtype=np.float32)
        with torch.inference_mode():
            for count in np.unique(counts):
                alike = np.flatnonzero(counts == count)
                for start in range(0, len(alike), _TOGETHER):
                    rows = alike[start : start + _TOGETHER]
                    # Always as many sets: a code must not depend, not by a bit, on how many others there are.
                    filled = np.resize(rows, _TOGETHER)
                    frames = torch.from_numpy(np.concatenate([sets[i][seen[i], None] for i in filled]))
                    found = network(frames.float().div_(255), [int(count)] * _TOGETHER).flatten(1)
                    codes[rows] = found[: len(rows)].numpy()
        return codes

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {**super()._arrays(), **{f"weights_/{k}": v for k, v in self.weights_.items()}}

    def _sizes(self) -> dict[str, int]:
        first, second, third = _counts("channels", self.channels, 3)
        sizes = {"first": first, "second": second, "third": third, "code": self.code}
        cuts = _counts("strips", self.strips)
        if cuts == _PYRAMID:  # the pictures' height settles how many: `_restore` looks at it
            return sizes
        parts = sum(cuts)
        return {**sizes, "parts": parts, "codes": parts * self.code}

    def _restore(
        self, arrays: dict[str, NDArray[Any]], features: int, picture_shape: tuple[int, int] | None = None
    ) -> None:
        prefix = "weights_/"
        height, parts = int(arrays["size_"][0]), len(arrays["weights_/project"])
        if sum(self._cuts(height)) != parts:
            raise ValueError(f"{parts} strips do not fit pictures of {height} rows")
        self.weights_ = {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
        super()._restore(
            {k: v for k, v in arrays.items() if not k.startswith(prefix)}, features, picture_shape
        )


def _counts(name: str, values: Any, length: int | None = None) -> tuple[int, ...]:
    """A parameter of several whole numbers, each at least 1.

    Raises
    ------
    ValueError
        If it is no sequence, empty, of another `length`, or holds anything else.
    """
    wanted = "at least one whole number" if length is None else f"{length} whole numbers"
    if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray):
        raise ValueError(f"{name} must be a sequence of {wanted}, got {values!r}")
    if len(values) != length if length is not None else len(values) == 0:
        raise ValueError(f"{name} must hold {wanted}, got {values!r}")
    return tuple(check_count(f"every entry of {name}", v, 1, 4096, "a size of the network") for v in values)
