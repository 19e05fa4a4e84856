"""What attackers see: the sequences of each role, untouched or as a system shows them under a draw of noise. Kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features, Rows, gei_of
from gaitbench.evaluation.attacks.observe import observe
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.anonymize import Anonymized, anonymize
from gaitbench.evaluation.stages.known_noise import content_of, enrolled_under, load_enrolled
from gaitbench.evaluation.stages.systems import Systems

__all__ = ["Views"]


class Views:
    """Every set of rows of a run, made when it is first asked for.

    Parameters
    ----------
    run : RunContext
    systems : Systems
    needs : dict of role to (dict of Need to str)
        Prepared sequences of the roles `recognizer`, `gallery` and `probe`.
    aliases : dict of str to str, optional
        Systems that silhouette attackers see under another name: `evaluate` shows them an aligned variant.
    fixed : sequence of str
        Systems that cannot be run again: their output was handed in.
    """

    def __init__(
        self,
        run: RunContext,
        systems: Systems,
        needs: dict[str, dict[Need, str]],
        aliases: dict[str, str] | None = None,
        fixed: Sequence[str] = (),
    ) -> None:
        self.run = run
        self.systems = systems
        self.needs = needs
        self.aliases = dict(aliases or {})
        self.fixed = frozenset(fixed)
        self._seen: dict[tuple[Any, ...], Features] = {}
        self._anonymized: dict[tuple[str, str, str], Anonymized] = {}

    def release(self) -> None:
        """Give back the memory of the rows; they come again when they are asked for."""
        self._seen.clear()

    def forget(self, anonymizer: str) -> None:
        """Give back the memory of one system's rows, of which nothing more is asked for soon; untouched ones stay."""
        shown = {anonymizer, self.aliases.get(anonymizer, anonymizer)} - {"original"}
        self._seen = {place: rows for place, rows in self._seen.items() if place[0] not in shown}

    def anonymized(self, name: str, role: str = "probe", draw: str = "probe") -> Anonymized:
        """The sequences of a role as an anonymizer shows them under a noise draw."""
        place = (name, role, draw)
        if place not in self._anonymized:
            self._anonymized[place] = anonymize(self.run, self.systems, name, self.needs[role], draw)
        return self._anonymized[place]

    def originals(self, role: str, reads: str = "gei", source: str = "silhouette") -> Features:
        """The untouched sequences of a role."""
        place = ("original", role, reads, source)
        if place not in self._seen:
            self._seen[place] = observe(self.run, self.systems, self.needs[role], reads=reads, source=source)
        return self._seen[place]

    def _name(self, cell: Cell) -> str:
        """The system as this attack sees it."""
        if cell.attack.input == "silhouette":
            return self.aliases.get(cell.anonymizer, cell.anonymizer)
        return cell.anonymizer

    def shown(self, cell: Cell, role: str, draw: str, reads: str) -> Features:
        """The sequences of a role as the attacked system shows them."""
        name = self._name(cell)
        place = (name, cell.colorizer, cell.attack.input, role, draw, reads)
        if place not in self._seen:
            untouched = name == "original" and cell.attack.input != "silhouette"
            self._seen[place] = observe(
                self.run, self.systems, self.needs[role], reads=reads, source=cell.attack.input,
                anonymized=None if untouched else self.anonymized(name, role, draw),
                colorizer=cell.colorizer,
            )  # fmt: skip
        return self._seen[place]

    def redraws(self, cell: Cell) -> bool:
        """Whether the system can be run again under other noise: not where its output was handed in as files."""
        return cell.anonymizer not in self.fixed

    def enrolled_under(self, cell: Cell, reads: str, noises: Sequence[SequenceKey]) -> list[Features]:
        """The gallery as the system shows it under the noise of each of these sequences, at that sequence's angle."""
        gallery = self.needs["gallery"]
        keys = enrolled_under(self.run, self.systems, self._name(cell), gallery, dict.fromkeys(noises))
        return [self._enrolled(gallery, keys[noise], noise.angle, reads) for noise in noises]

    def _enrolled(self, gallery: dict[Need, str], key: str, angle: int, reads: str) -> Features:
        ordered = sorted(n.key for n in gallery if n.key.angle == angle)
        failures = dict(self.run.store.expect_meta("known-noise", key))

        def source() -> Rows:
            found = load_enrolled(self.run, key)[0]
            nothing = np.zeros((1, *self.run.suite.data.size), dtype=bool)
            masks = [found.get(str(k), nothing) for k in ordered]
            if reads == "silhouettes":
                return masks
            blank = np.zeros(self.run.suite.data.size, dtype=np.float32)
            return np.stack([gei_of(m) if m.any() else blank for m in masks])

        return Features(source, tuple(ordered), failures, key, content=lambda: content_of(self.run, key))
