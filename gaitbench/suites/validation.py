"""What a suite may not say beyond the type of each value (`gaitbench.suites.parts`): names and contradictions."""

from __future__ import annotations

from gaitbench.datasets.views import view_label
from gaitbench.errors import ConfigError
from gaitbench.protocol import FILM_NAMES, SETS, WALKER_KINDS
from gaitbench.registry import METRICS, RUNGS
from gaitbench.suites.parts import CONTROLS, GALLERIES, INPUTS, LEVELS, REFERENCES
from gaitbench.suites.suite import Suite

__all__ = ["check_suite"]

SIZES: tuple[tuple[int, int], ...] = ((64, 44), (128, 88))
_PLURAL = {
    "gallery": "galleries", "data.camera": "films", "data.walkers": "kinds",
    "colorizer of quality.others_painted_by": "those of the suite",
    "colorizer of attacks.resegmented_painted_by": "those of the suite",
    "recognizer of attacks.informed_recognizers": "those of attacks.recognizers",
}  # fmt: skip


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
    if len(set(suite.data.angles)) < len(suite.data.angles):
        names = ", ".join(map(view_label, suite.data.angles))
        refuse(f"data.angles {names} must be different views")
    if suite.systems.noise not in LEVELS:
        refuse(f"unknown systems.noise {suite.systems.noise!r}; take {', '.join(LEVELS)}")
    if "linked" in suite.attacks.attackers and suite.systems.noise != "person":
        refuse(
            'attacker linked needs noise = "person" in [systems] (a pseudonym); with other noise it is lazy-informed'
        )
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
    informed = [str(value) for value in attacks.informed_recognizers]
    extracted = [str(value) for value in attacks.resegmented_painted_by]
    for kind, given, known in (
        ("data.camera", (suite.data.camera,) if suite.data.camera else (), FILM_NAMES),
        ("data.walkers", (suite.data.walkers,) if suite.data.walkers else (), WALKER_KINDS),
        ("control", systems.controls, CONTROLS),
        ("reference", quality.references, REFERENCES),
        ("gallery", (systems.gallery,), GALLERIES),
        ("attacker", attacks.attackers, RUNGS.names()),
        ("input", attacks.inputs, INPUTS),
        ("colorizer of quality.others_painted_by", painters, systems.colorizer_names),
        ("colorizer of attacks.resegmented_painted_by", extracted, systems.colorizer_names),
        ("recognizer of attacks.informed_recognizers", informed, attacks.recognizer_names),
    ):
        for name in given:
            if name not in known:
                refuse(f"unknown {kind} {name!r}; {_PLURAL.get(kind, kind + 's')}: {', '.join(known)}")
    _check_margins(suite)
    _check_kept(suite)
    for name in quality.measures:
        if name not in METRICS.names():
            METRICS.get(name)  # raises with the nearest name


def _check_margins(suite: Suite) -> None:
    """Every claim names colorizers, a measure, a reference and a set that the run will have, and two of something."""
    quality = suite.quality
    measures = ("psnr", "ssim", *quality.measures)
    for number, claim in enumerate(quality.margins, start=1):
        where = f"suite {suite.name}: quality.margins, claim {number}:"
        for kind, name, known in (
            ("colorizer", claim.a, suite.systems.colorizer_names),
            ("colorizer", claim.b, suite.systems.colorizer_names),
            ("measure", claim.measure, measures),
            ("reference", claim.reference_of(quality.references), quality.references),
            ("set", claim.set, ("all", *SETS)),
        ):
            if name not in known:
                raise ConfigError(f"{where} {kind} {name!r} is none of the suite's: {', '.join(known)}")
        if claim.a == claim.b:
            raise ConfigError(f"{where} {claim.a} is held against itself; name two colorizers")
        if claim in quality.margins[: number - 1]:
            raise ConfigError(f"{where} stands there twice; name each claim once")


def _check_kept(suite: Suite) -> None:
    """Recognizers that are kept to some attackers are the suite's, as are these."""
    attacks, seen = suite.attacks, set()
    for kept in attacks.kept:
        where = f"suite {suite.name}: attacks.kept:"
        known = attacks.recognizer_names
        if kept.recognizer not in known:
            raise ConfigError(
                f"{where} unknown recognizer {kept.recognizer!r}; those of attacks.recognizers: {', '.join(known)}"
            )
        if kept.recognizer in seen:
            raise ConfigError(f"{where} {kept.recognizer} stands there twice; name it once")
        seen.add(kept.recognizer)
        for name in kept.attackers:
            if name not in attacks.attackers:
                raise ConfigError(
                    f"{where} {name!r} is none of the suite's attackers: {', '.join(attacks.attackers)}"
                )
