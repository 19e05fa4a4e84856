"""Lazy registries: a name leads to a module attribute that is imported when it is asked for.

Third parties join through entry points (group ``gaitbench.<kind>s``); a built-in name cannot be taken over.
"""

from __future__ import annotations

import functools
import importlib
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from gaitbench.errors import ConfigError
from gaitbench.nearest import nearest

__all__ = [
    "ANONYMIZERS",
    "COLORIZERS",
    "DATASETS",
    "METRICS",
    "RECOGNIZERS",
    "REGISTRIES",
    "TABLES",
    "Registry",
    "with_packages",
]


class Registry:
    """Names of one kind of thing, with the place each is imported from.

    Parameters
    ----------
    kind : str
        What is registered, in the singular ("anonymizer"); used in messages and as entry-point group.
    builtin : dict of str to str
        ``name -> "module:attribute"``.

    Examples
    --------
    >>> r = Registry("metric", {"sqrt": "math:sqrt"})
    >>> r.get("sqrt")(9.0)
    3.0
    >>> r.get("sqr")
    Traceback (most recent call last):
        ...
    gaitbench.errors.ConfigError: unknown metric 'sqr'; did you mean 'sqrt'? Known: sqrt
    """

    def __init__(self, kind: str, builtin: dict[str, str]) -> None:
        self.kind = kind
        self._builtin = dict(builtin)

    def _external(self) -> dict[str, metadata.EntryPoint]:
        return {p.name: p for p in self._points() if p.name not in self._builtin}

    def _points(self) -> metadata.EntryPoints:
        found: metadata.EntryPoints = _installed(*_searched()).select(group=f"gaitbench.{self.kind}s")
        return found

    def shadowed(self) -> dict[str, str]:
        """Names that third parties give and that are built in, with where they come from: they are not used."""
        return {p.name: _place(p) for p in self._points() if p.name in self._builtin}

    def names(self) -> list[str]:
        """All names, built-in ones first, in order of registration."""
        return [*self._builtin, *sorted(self._external())]

    def origin(self, name: str) -> str:
        """Where a name comes from: ``built in``, or the installed package and what it names."""
        if name in self._builtin:
            return "built in"
        return _place(self._external()[name])

    def foreign(self) -> dict[str, str]:
        """Names of third parties, with where each comes from."""
        return {name: self.origin(name) for name in sorted(self._external())}

    def broken(self, name: str) -> str:
        """Why a third party's thing cannot be loaded, on one line; empty where it can, or is built in."""
        if name in self._builtin:
            return ""
        try:
            self.get(name)
        except ConfigError as error:
            return str(error)
        return ""

    def _loaded(self, point: metadata.EntryPoint) -> Any:
        """What a third party's entry point names; a package that fails on import is named, whatever it raises."""
        try:
            return point.load()
        except (Exception, SystemExit) as error:
            why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise ConfigError(
                f"{self.kind} {point.name} of {self.origin(point.name)} cannot be loaded ({why}); mend or remove it"
            ) from error

    def get(self, name: str) -> Any:
        """Import and return what `name` stands for.

        Raises
        ------
        ConfigError
            If the name is unknown; the message offers the nearest one.
        """
        if name in self._builtin:
            module, _, attribute = self._builtin[name].partition(":")
            return getattr(importlib.import_module(module), attribute)
        external = self._external()
        if name in external:
            rivals = [p for p in self._points() if p.name == name]
            if len(rivals) > 1:
                who = " and ".join(sorted(_place(p) for p in rivals))
                raise ConfigError(f"{self.kind} {name} is named by {who}; remove one of these packages")
            return self._loaded(external[name])
        known = self.names()
        raise ConfigError(f"unknown {self.kind} {name!r}{nearest(name, known)}")


def _searched() -> tuple[tuple[str, int], ...]:
    """Where packages are looked for, with the time of the last change of each."""
    found = []
    for place in sys.path:
        try:
            found.append((place, Path(place).stat().st_mtime_ns))
        except OSError:
            found.append((place, 0))
    return tuple(found)


@functools.lru_cache(maxsize=1)
def _installed(
    *searched: tuple[str, int],
) -> Any:  # its class differs between 3.11 and 3.12; `select` does not
    """Entry points of all packages: read once, not once a name (a hundred packages take 30 ms)."""
    return metadata.entry_points()


def _place(point: metadata.EntryPoint) -> str:
    """The package of an entry point, and what it names."""
    package = point.dist.name if point.dist is not None else "an installed package"
    return f"{package} ({point.value})"


DATASETS = Registry(
    "dataset",
    {
        "walkers": "gaitbench.datasets.walkers:Walkers",
        "casia-b": "gaitbench.datasets.sources.casia_b:CasiaB",
        "manifest": "gaitbench.datasets.sources.tables.manifest:ManifestOriginals",
        "opengait": "gaitbench.datasets.sources.opengait:OpenGait",
        "ou-mvlp": "gaitbench.datasets.sources.ou_mvlp:OuMvlp",
        "pictures": "gaitbench.datasets.sources.pattern:PatternFolder",
        "npz": "gaitbench.datasets.sources.npz:NpzFolder",
        "imported": "gaitbench.datasets.sources.imported.tree:ImportedSet",
    },
)
ANONYMIZERS = Registry(
    "anonymizer",
    {
        "model-1": "gaitbench.anonymizers.model1.anonymizer:Model1",
        "model-2": "gaitbench.anonymizers.model2.anonymizer:Model2",
        "deform": "gaitbench.anonymizers.deform:Deform",
        "blur": "gaitbench.anonymizers.coarsen:Blur",
        "pixelate": "gaitbench.anonymizers.coarsen:Pixelate",
        "original": "gaitbench.anonymizers.controls:Original",
        "someone-else": "gaitbench.anonymizers.controls:SomeoneElse",
        "constant": "gaitbench.anonymizers.controls:Constant",
        "oracle": "gaitbench.anonymizers.controls:Oracle",
    },
)
COLORIZERS = Registry(
    "colorizer",
    {
        "model-1": "gaitbench.colorizers.extraction:ColorExtraction",
        "baseline": "gaitbench.colorizers.learned.baseline:Baseline",
        "proposed": "gaitbench.colorizers.learned.proposed:Proposed",
        "baseline-gated": "gaitbench.colorizers.learned.gated:BaselineGated",
        "proposed-gated": "gaitbench.colorizers.learned.gated:ProposedGated",
        "nearest": "gaitbench.colorizers.nearest:Nearest",
        "warp": "gaitbench.colorizers.warp:Warp",
        "gaitbench": "gaitbench.colorizers.carried.gaitbench_colorizer:GaitbenchColorizer",
    },
)
RECOGNIZERS = Registry(
    "recognizer",
    {
        "robust-vtm": "recognizer:RobustVTM",
        "tsvd-vtm": "recognizer:TruncatedVTM",
        "gei-lda": "recognizer:GeiLda",
        "gei-nn": "recognizer:GeiNearestNeighbor",
        "set-cnn": "recognizer:SetCnn",
        "gait-dynamics": "recognizer:GaitDynamics",
        "gait-tcn": "recognizer:GaitTcn",
        "pose-code": "gaitbench.evaluation.attacks.pose_code:PoseCode",
        "by-cycle": "recognizer:ByCycle",
        "appearance": "recognizer:Appearance",
        "robust-vtm-bundled": "gaitbench.evaluation.attacks.bundled:BundledVTM",
        "plain-colours": "gaitbench.evaluation.attacks.plain_colours:PlainColours",
    },
)
RUNGS = Registry(
    "rung",
    {
        "ignorant": "gaitbench.evaluation.attacks.rungs.ignorant:Ignorant",
        "lazy-informed": "gaitbench.evaluation.attacks.rungs.lazy_informed:LazyInformed",
        "semi-informed": "gaitbench.evaluation.attacks.rungs.semi_informed:SemiInformed",
        "joint": "gaitbench.evaluation.attacks.rungs.joint:Joint",
        "informed": "gaitbench.evaluation.attacks.rungs.informed:Informed",
        "linked": "gaitbench.evaluation.attacks.rungs.linked:Linked",
        "de-anonymize": "gaitbench.evaluation.attacks.rungs.deanonymize:DeAnonymize",
    },
)
METRICS = Registry(
    "metric",
    {
        "psnr": "gaitbench.metrics.measure:PSNR",
        "ssim": "gaitbench.metrics.measure:SSIM",
        "gmsd": "gaitbench.metrics.measure:GMSD",
        "sharpness": "gaitbench.metrics.measure:SHARPNESS",
        "flicker": "gaitbench.metrics.measure:FLICKER",
    },
)
#: Measures of what stays useful (`gaitbench.metrics.utility.UtilityMeasure`).
UTILITIES = Registry(
    "utility_measure",
    {
        "cadence": "gaitbench.evaluation.utility.measures:CADENCE",
        "opening": "gaitbench.evaluation.utility.measures:OPENING",
        "symmetry": "gaitbench.evaluation.utility.measures:SYMMETRY",
    },
)
#: Tables of the report in the order in which they stand in their chapter.
TABLES = Registry(
    "table",
    {
        "verdict": "gaitbench.reporting.tables.verdict:VERDICT",
        "ladder": "gaitbench.reporting.tables.attacks:LADDER",
        "galleries": "gaitbench.reporting.tables.protocols.galleries:GALLERIES_BESIDE",
        "sessions": "gaitbench.reporting.tables.protocols.sessions:SESSIONS",
        "worst-case": "gaitbench.reporting.tables.worst:WORST_CASE",
        "success-by-angle": "gaitbench.reporting.tables.success:BY_ANGLE",
        "attackers": "gaitbench.reporting.tables.worst:ATTACKERS",
        "control-attacks": "gaitbench.reporting.tables.attacks:CONTROL_ATTACKS",
        "controls": "gaitbench.reporting.tables.controls:CONTROLS_MEAN",
        "gallery-size": "gaitbench.reporting.tables.people:GALLERY_SIZE",
        "subject-tail": "gaitbench.reporting.tables.people:SUBJECT_TAIL",
        "gaps": "gaitbench.reporting.tables.gaps:GAPS",
        "pooled": "gaitbench.reporting.tables.pooled:POOLED",
        "assigned": "gaitbench.reporting.tables.pooled:ASSIGNED",
        "criteria": "gaitbench.reporting.tables.criteria:CRITERIA",
        "attributes": "gaitbench.reporting.tables.attributes:ATTRIBUTES",
        "competence": "gaitbench.reporting.tables.competence:COMPETENCE",
        "slides-claims": "gaitbench.reporting.tables.pictures.claims:SLIDES_CLAIMS",
        "plain-textural": "gaitbench.reporting.tables.pictures.slides:PLAIN_TEXTURAL",
        "incomplete-complete": "gaitbench.reporting.tables.pictures.slides:INCOMPLETE_COMPLETE",
        "differences": "gaitbench.reporting.tables.pictures.quality:DIFFERENCES",
        "margins": "gaitbench.reporting.tables.pictures.margins:MARGINS",
        "trainings": "gaitbench.reporting.tables.pictures.trainings:TRAININGS",
        "ablations": "gaitbench.reporting.tables.pictures.measures:ABLATIONS",
        "picture-measures": "gaitbench.reporting.tables.pictures.measures:PICTURE_MEASURES",
        "utility": "gaitbench.reporting.tables.utility:UTILITY",
        "utility-again": "gaitbench.reporting.tables.utility:UTILITY_AGAIN",
        "front": "gaitbench.reporting.tables.pictures.front:FRONT",
        "sweep": "gaitbench.reporting.tables.pictures.sweep:SWEEP",
        "equal-success": "gaitbench.reporting.tables.pictures.sweep:EQUAL_SUCCESS",
        "naturalness": "gaitbench.reporting.tables.pictures.measures:NATURALNESS",
        "ratings": "gaitbench.reporting.tables.pictures.ratings:RATINGS",
        "quality-all-references": "gaitbench.reporting.tables.pictures.quality:ALL_REFERENCES",
        "controls-by-angle": "gaitbench.reporting.tables.controls:CONTROLS_BY_ANGLE",
        "success-other": "gaitbench.reporting.tables.success:OTHER",
        "cmc": "gaitbench.reporting.tables.people:CMC",
        "matrices": "gaitbench.reporting.tables.people:MATRICES",
    },
)
REGISTRIES: tuple[Registry, ...] = (
    DATASETS,
    ANONYMIZERS,
    COLORIZERS,
    RECOGNIZERS,
    RUNGS,
    METRICS,
    UTILITIES,
    TABLES,
)


def with_packages(message: str) -> str:
    """A message of failure with the package of each third party's thing that it names, where it does not say it yet."""
    for name, origin in _foreign(tuple(sys.path)):
        named = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", message)
        if named and origin not in message:
            message = f"{message} [{name}: {origin}]"
    return message


@functools.lru_cache(maxsize=4)
def _foreign(_path: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Every third party's name; reading what is installed for each failed sequence would outlast the run."""
    return tuple(item for registry in REGISTRIES for item in registry.foreign().items())
