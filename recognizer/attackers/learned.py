"""What attackers by a trained network have in common: training, codes of parts, discriminants of the codes, files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from recognizer.attackers.gei_lda import discriminants
from recognizer.attackers.one_space import SilhouetteAttacker
from recognizer.checks import check_count, check_share

if TYPE_CHECKING:
    import torch

    from recognizer.networks.heads import CodedNetwork

__all__ = ["LearnedAttacker", "check_counts"]

#: Samples that pass through the network together: half again as fast as one by one, and small enough for the caches.
_TOGETHER = 8
_PREFIX = "weights_/"


class LearnedAttacker(SilhouetteAttacker):
    """Name people by a network that gives a sequence one code a part, trained by triplets and classes.

    When the network has learnt, the codes of the training samples, each part brought to length one, get linear
    discriminants, as gait energy images do in `GeiLda` (ours: what of the codes stays when bag, coat and view change is
    solved for, where few steps of a gradient leave it undone). People are compared by those, brought to length one.

    A subclass gives `_network`, `_draws` and `_looked_at`, and its own parameters beside these:

    Parameters
    ----------
    steps : int
        Training steps.
    people, samples : int
        A step looks at `people` training subjects, `samples` sequences of each.
    code : int
        Length of each part's code.
    learning_rate, weight_decay : float
        Of AdamW; the rate rises over a twentieth of the steps and falls with half a cosine.
    margin : float
        Of the triplets.
    class_weight, smoothing : float
        Of the cross-entropy beside the triplets, and its label smoothing.
    energy, shrinkage : float
        Of the discriminants, as in `GeiLda`.
    threads : int
        Of torch while this attacker works; set here so that the same seed gives the same bytes, and put back.
    device : str
        Where torch works: ``cpu``, ``cuda`` or ``cuda:N``. The same bytes are promised of ``cpu`` alone.
    seed : int

    Attributes
    ----------
    weights_ : dict of str to array
        Of the network.
    size_ : int64 array (2,)
        Height and width of the pictures.
    loss_ : float64 array (steps,)
    mean_ : float32 array (parts * code,)
        Of the training codes.
    projection_ : float32 array (parts * code, discriminants)
    gallery_codes_ : float32 array (m, discriminants)
    """

    #: Version 1 compared the codes of the parts themselves.
    version: ClassVar[int] = 2
    _shapes: ClassVar[dict[str, str]] = {
        "angles_": "K", "size_": "2", "loss_": "steps", "mean_": "entries", "projection_": "entries codes",
    }  # fmt: skip

    steps: int
    people: int
    samples: int
    code: int
    learning_rate: float
    weight_decay: float
    margin: float
    class_weight: float
    smoothing: float
    energy: float
    shrinkage: float
    threads: int
    device: str
    seed: int

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
        from recognizer.networks.loop import Schedule, train

        for name in ("steps", "people", "samples", "code"):
            low = 2 if name in ("people", "samples") else 1
            check_count(name, getattr(self, name), low, 10**6, "see the class")
        check_share("energy", self.energy, one=True)
        check_share("shrinkage", self.shrinkage, zero=True, one=True)
        device = self._device()
        names, classes = np.unique(subjects, return_inverse=True)
        self.size_ = np.array(x[0].shape[1:], dtype=np.int64)
        rng = np.random.default_rng(self.seed)
        draw = self._draws(x, rng)
        network = self._built(len(names)).to(device)
        schedule = Schedule(
            self.steps, self.people, self.samples, self.learning_rate, self.weight_decay, self.margin,
            self.smoothing, self.class_weight,
        )  # fmt: skip
        try:
            losses = train(network, draw, classes, schedule, rng, device)
        except FloatingPointError as error:
            raise ValueError(f"the training diverged ({error}); lower learning_rate") from error
        self.loss_ = np.array(losses)
        self.weights_ = {k: v.detach().cpu().numpy().copy() for k, v in network.state_dict().items()}
        codes = self._part_codes(x)
        self.mean_ = codes.mean(axis=0, dtype=np.float64).astype(np.float32)
        self.projection_ = discriminants(codes - self.mean_, subjects, self.energy, self.shrinkage)

    def _built(self, classes: int) -> CodedNetwork:
        """A new network under the seed; torch's global generator stays as it was."""
        import torch

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return self._network(classes)

    def _device(self) -> torch.device:
        """Where torch works, checked."""
        import torch

        try:
            device = torch.device(self.device)
        except (RuntimeError, TypeError) as error:
            raise ValueError(f"device must be cpu, cuda or cuda:N, got {self.device!r}") from error
        if device.type == "cuda" and not torch.cuda.is_available():
            raise ValueError(f"device {self.device} is asked for, and torch sees no GPU here; take cpu")
        return device

    def _encode_gallery(self, x: list[NDArray[np.uint8]], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        """Codes (n, discriminants) of length one."""
        centred = self._part_codes(x) - self.mean_
        # one by one: a code must not depend, not by a bit, on which others are coded beside it
        codes = np.stack([row @ self.projection_ for row in centred])
        return np.asarray(codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), np.float32(1e-9)))

    def _part_codes(self, x: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Codes (n, parts * code), each part's of length one."""
        import torch

        device = self._device()
        network = self._built(self.weights_["classify"].shape[2])
        network.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in self.weights_.items()})
        network.to(device).eval()
        parts, _, code = network.project.shape
        seen = self._looked_at(x)
        counts = np.array([len(frames) for frames in seen])
        codes = np.empty((len(x), parts, code), dtype=np.float32)
        with torch.inference_mode():
            for count in np.unique(counts):
                alike = np.flatnonzero(counts == count)
                for start in range(0, len(alike), _TOGETHER):
                    rows = alike[start : start + _TOGETHER]
                    # Always as many: a code must not depend, not by a bit, on how many others there are.
                    filled = np.stack([seen[i] for i in np.resize(rows, _TOGETHER).tolist()])
                    found = network(self._tensor(filled).to(device))
                    codes[rows] = found[: len(rows)].cpu().numpy()
        codes /= np.maximum(np.linalg.norm(codes, axis=2, keepdims=True), np.float32(1e-9))
        return codes.reshape(len(x), -1)

    def _network(self, classes: int) -> CodedNetwork:
        """The network for pictures of `size_`, its weights drawn from torch's global generator."""
        raise NotImplementedError

    def _draws(self, x: list[NDArray[np.uint8]], rng: np.random.Generator) -> Any:
        """How a batch is made: (samples, generator) -> tensor; learns from the training sequences what it needs."""
        raise NotImplementedError

    def _looked_at(self, x: list[NDArray[np.uint8]]) -> Sequence[NDArray[Any]]:
        """What the network reads of each sequence, (T_i, ...), when people are enrolled and named."""
        raise NotImplementedError

    def _tensor(self, batch: NDArray[Any]) -> torch.Tensor:
        """What was looked at of several sequences, (n, T, ...), as the network takes it."""
        raise NotImplementedError

    def _axes(self, arrays: dict[str, NDArray[Any]]) -> dict[str, str]:
        if any(name not in arrays for name in self._shapes):
            return self._shapes  # what lacks is named
        self._about(arrays)
        classes = arrays.get(f"{_PREFIX}classify", np.empty((1, 1, 1)))
        state = self._built(int(classes.shape[-1])).state_dict()
        return {
            **self._shapes,
            **{_PREFIX + k: " ".join(str(n) for n in v.shape) for k, v in state.items()},
        }

    def _about(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take from a file what decides the sizes of the network."""
        if arrays["size_"].shape != (2,):
            raise ValueError("size_ does not hold height and width of the pictures")
        self.size_ = np.asarray(arrays["size_"], dtype=np.int64)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {**super()._arrays(), **{_PREFIX + k: v for k, v in self.weights_.items()}}

    def _restore(
        self, arrays: dict[str, NDArray[Any]], features: int, picture_shape: tuple[int, int] | None = None
    ) -> None:
        self.weights_ = {k.removeprefix(_PREFIX): v for k, v in arrays.items() if k.startswith(_PREFIX)}
        others = {k: v for k, v in arrays.items() if not k.startswith(_PREFIX)}
        super()._restore(others, features, picture_shape)


def check_counts(name: str, values: Any, length: int | None = None) -> tuple[int, ...]:
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
