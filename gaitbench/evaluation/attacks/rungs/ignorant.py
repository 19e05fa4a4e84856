"""``ignorant``: knows nothing of the system (the slides' attacker)."""

from __future__ import annotations

from typing import ClassVar

from gaitbench.evaluation.attacks.rungs.rung import Rung

__all__ = ["Ignorant"]


class Ignorant(Rung):
    """Learns from and enrols untouched gaits."""

    name: ClassVar[str] = "ignorant"
