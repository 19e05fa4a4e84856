"""Galleries that single probes are held against, each read once: what stays of them are codes."""

from __future__ import annotations

import copy

from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.stages.checked import sealed_rows
from gaitbench.registry import RECOGNIZERS
from gaitbench.system_value import base_name
from gaitbench.systems import MeasuringRecognizer
from recognizer.attackers.attacker import Attacker

__all__ = ["Enrolments"]

#: Bytes of codes that are kept; galleries beyond them are read again (ours).
MOST = 256 * 2**20


class Enrolments:
    """Fitted recognizers with galleries in them.

    The attacker ``informed`` enrols the same people under the noise of every probe, and once more for the strangers who
    bear that noise; a system that draws nothing shows the same under all noise. Galleries that are equal to the bit
    (`Features.content`) are read once. Of our own recognizers alone: what a third party's keeps between two galleries
    cannot be known.
    """

    def __init__(self) -> None:
        self._kept: dict[str | None, Attacker] = {}
        self._of: tuple[str, str] | None = None
        self._bytes = 0

    def enrolled(
        self, model: MeasuringRecognizer, recognizer: str, training: str, gallery: Features
    ) -> MeasuringRecognizer:
        """The recognizer with a gallery enrolled; `model` itself, or a copy that later galleries leave alone.

        Parameters
        ----------
        model : MeasuringRecognizer
            Fitted; whatever is enrolled in it is replaced.
        recognizer, training : str
            Its text, and the hash of what it has learnt from; codes of others are given up.
        gallery : Features
            Rows that failed are left out.
        """
        entries = gallery.usable()
        if self._of != (recognizer, training):
            self._kept, self._of, self._bytes = {}, (recognizer, training), 0
        ours = RECOGNIZERS.origin(base_name(recognizer)) == "built in"
        content = gallery.content() if ours and gallery.content is not None else None
        if content in self._kept:
            return self._kept[content]
        model.enroll(sealed_rows(entries.x), entries.subjects, angle=entries.angles)
        if content is None or not isinstance(model, Attacker):
            return model
        # the next gallery gives the model other arrays, and writes into none of these
        found = copy.copy(model)
        if self._bytes + found.gallery_codes_.nbytes <= MOST:
            self._kept[content], self._bytes = found, self._bytes + found.gallery_codes_.nbytes
        return found
