"""What a suite may not say."""

from __future__ import annotations

import math

from gaitbench.errors import ConfigError
from gaitbench.registry import METRICS, RUNGS
from gaitbench.suites.parts import CONTROLS, GALLERIES, INPUTS, LEVELS, REFERENCES
from gaitbench.suites.suite import Suite

__all__ = ["check_suite"]

SIZES: tuple[tuple[int, int], ...] = ((64, 44), (128, 88))
#: Beyond these nothing is gained, and a slip of the finger asks for terabytes.
MOST_RESAMPLES, MOST_SAMPLES, MOST_FRAMES = 100_000, 1000, 100_000
_PLURAL = {"gallery": "galleries", "colorizer of quality.others_painted_by": "those of the suite"}


def check_suite(suite: Suite) -> None:
    """Refuse values that contradict each other or name nothing.

    Raises
    ------
    ConfigError
        With one line that says what, and what is possible.
    """

    def refuse(message: str) -> None:
        raise ConfigError(f"suite {suite.name}: {message}")

    if suite.data.size not in SIZES:
        refuse(f"data.size {list(suite.data.size)} is not offered; take [64, 44] or [128, 88]")
    if suite.data.frames is not None and suite.data.frames < 2:
        refuse("data.frames must be at least 2")
    if any(not 0 <= a <= 180 for a in suite.data.angles) or len(set(suite.data.angles)) < len(
        suite.data.angles
    ):
        refuse(f"data.angles {list(suite.data.angles)} must be different degrees from 0 to 180")
    for name, seed in (("seed", suite.seed), ("data.seed", suite.data.seed)):
        if not 0 <= seed < 2**32:
            refuse(f"{name} {seed} must be a whole number from 0 to {2**32 - 1}")
    if not 0 < suite.confidence < 1:
        refuse(f"confidence {suite.confidence} must lie between 0 and 1, for example 0.95")
    if suite.resamples < 100:
        refuse(f"resamples {suite.resamples} are too few for an interval; take 100 or more")
    if suite.resamples > MOST_RESAMPLES:
        refuse(f"resamples {suite.resamples} are more than the {MOST_RESAMPLES} that any figure is worth")
    if not 0 <= suite.samples <= MOST_SAMPLES:
        refuse(f"samples {suite.samples} must be a number of sequences from 0 to {MOST_SAMPLES}")
    if suite.data.frames is not None and suite.data.frames > MOST_FRAMES:
        refuse(
            f"data.frames {suite.data.frames} are more than {MOST_FRAMES}; leave it out to read every frame"
        )
    if not (math.isfinite(suite.effort) and suite.effort > 0):
        refuse(f"effort {suite.effort} must be a number above 0")
    if suite.systems.noise not in LEVELS:
        refuse(f"unknown systems.noise {suite.systems.noise!r}; take {', '.join(LEVELS)}")
    if suite.attacks.informed_probes < 0:
        refuse("attacks.informed_probes must be 0 (all of them) or more")
    if "linked" in suite.attacks.attackers and suite.systems.noise != "person":
        refuse(
            'attacker linked needs noise = "person" in [systems] (a pseudonym); with other noise it is lazy-informed'
        )
    if suite.training_pictures < 1:
        refuse("training_pictures must be at least 1")
    if suite.quality.frames_per_sequence < 1:
        refuse("quality.frames_per_sequence must be at least 1")
    if overlap := set(suite.walks.gallery) & set(suite.walks.probe):
        refuse(
            f"walk {sorted(overlap)[0]} is both gallery and probe; an attacker would find the very same pictures"
        )
    systems, attacks, quality = suite.systems, suite.attacks, suite.quality
    for place, named in (
        ("systems.controls", systems.controls),
        ("attacks.attackers", attacks.attackers),
        ("attacks.inputs", attacks.inputs),
        ("quality.references", quality.references),
        ("quality.measures", quality.measures),
    ):
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            refuse(f"{place} names {twice[0]!r} twice; name each once")
    painters = [str(value) for value in quality.others_painted_by]
    for kind, given, known in (
        ("control", systems.controls, CONTROLS),
        ("reference", quality.references, REFERENCES),
        ("gallery", (systems.gallery,), GALLERIES),
        ("attacker", attacks.attackers, RUNGS.names()),
        ("input", attacks.inputs, INPUTS),
        ("colorizer of quality.others_painted_by", painters, systems.colorizer_names),
    ):
        for name in given:
            if name not in known:
                refuse(f"unknown {kind} {name!r}; {_PLURAL.get(kind, kind + 's')}: {', '.join(known)}")
    for name in quality.measures:
        if name not in METRICS.names():
            METRICS.get(name)  # raises with the nearest name
