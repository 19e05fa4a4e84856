"""A run from data to figures: the order of the stages, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError, GaitbenchError
from gaitbench.evaluation.attacks.ahead import measure_ahead
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.pictures.painters import painters_of, tested_and_controls, trainings_shown
from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.pictures.trainings import over_trainings
from gaitbench.evaluation.rows.gallery_rows import Attacked, under_every_gallery
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need, needs_of_role
from gaitbench.evaluation.stages.anonymize import Anonymized
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.evaluation.stages.train_ahead import train_ahead
from gaitbench.evaluation.utility.naturalness import RealSilhouettes
from gaitbench.evaluation.utility.taught import Taught

__all__ = ["Experiment"]

_ROLES = ("recognizer", "models", "gallery", "probe")


class Experiment:
    """All stages of a suite on a data set; each is done when its result is first asked for.

    Parameters
    ----------
    run : RunContext
    labels : mapping of str to tuple of str, optional
        Hand-made labels by sequence name, which win over the computed ones.

    Examples
    --------
    >>> from gaitbench.evaluation.record import record_of  # doctest: +SKIP
    >>> from gaitbench.evaluation.run.setup import open_run  # doctest: +SKIP
    >>> record = record_of(Experiment(open_run("smoke")))  # doctest: +SKIP
    """

    def __init__(self, run: RunContext, labels: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.run = run
        self.labels = dict(labels or {})

    @cached_property
    def needs(self) -> dict[str, dict[Need, str]]:
        """Prepared sequences by role: need -> artifact key."""
        by_role = {role: needs_of_role(self.run, role) for role in _ROLES}
        tested = set(self.run.suite.split.test)
        for name in [n for n in self.run.log.missing if SequenceKey.parse(n).subject in tested]:
            text = f"{name}: the suite tests it and the data lack it; it is part of no figure"
            self.run.fail("data", f"key={name}", text)
        keys = prepare_all(self.run, [n for needs in by_role.values() for n in needs])
        return {role: {n: keys[n] for n in needs} for role, needs in by_role.items()}

    @cached_property
    def systems(self) -> Systems:
        """Anonymizers and colorizers."""
        return Systems(self.run, self.needs["models"])

    @cached_property
    def taught(self) -> Taught:
        """Readers of direction and pose."""
        return Taught(self.run, self.needs)

    @cached_property
    def real(self) -> RealSilhouettes:
        """What real people look like."""
        return RealSilhouettes(self.run, self.needs["models"])

    @cached_property
    def ladder(self) -> Ladder:
        """The attacks."""
        return Ladder(self.run, Views(self.run, self.systems, self.needs))

    @cached_property
    def features(self) -> dict[str, Features]:
        """GEIs of the untouched sequences by role; sequences that cannot be read are noted.

        Raises
        ------
        DataError
            If not one probe can be read: then there is nobody to ask about.
        """
        found = {role: self.ladder.views.originals(role) for role in ("recognizer", "gallery", "probe")}
        for role, features in found.items():
            for name, message in features.failures.items():
                self.run.fail("prepare", f"role={role}, key={name}", message)
        for need, key in self.needs["models"].items():
            prepared = load_prepared(self.run, need, key)
            if prepared.failure is not None:
                self.run.fail("prepare", f"role=models, key={need.key}", prepared.failure)
        probes = found["probe"]
        if len(probes.failures) == len(probes.keys):
            first = next(iter(probes.failures.values()))
            raise DataError(
                f"none of the {len(probes.keys)} probes can be read, so nothing is tested (first: {first})"
            )
        return found

    @cached_property
    def anonymized(self) -> dict[str, Anonymized]:
        """Anonymized probes by anonymizer: the systems under test, then the controls that the data allow."""
        names = tested_and_controls(self.run)
        original = self.features["probe"].failures
        extras = map(str, self.run.suite.extras.sweep)
        train_ahead(self.systems, "anonymizer", dict.fromkeys([*names, *extras]))
        found = {name: self.ladder.views.anonymized(name) for name in names}
        for name, part in found.items():
            for key, message in part.failures.items():
                if key not in original:
                    self.run.fail("anonymize", f"anonymizer={name}, key={key}", message)
        return found

    def anonymized_and_swept(self) -> Iterator[Anonymized]:
        """The probes of everything that is anonymized, and of what is swept; what failed whole is left out."""
        swept = map(str, self.run.suite.extras.sweep)
        for name in dict.fromkeys([*self.anonymized, *swept]):
            shown = self.ladder.views.anonymized(name)
            if shown.keys:  # else already named as a failure of its own stage
                yield shown

    @cached_property
    def attacked(self) -> Attacked:
        """What every attack found out about every system, under every gallery protocol."""
        self.anonymized  # noqa: B018  failures of the systems are noted before those of the attacks
        if set(self.run.suite.attacks.inputs) - {"silhouette"}:
            train_ahead(self.systems, "colorizer", self.run.suite.systems.colorizer_names)
        self.ladder.recognizers.ahead = lambda: measure_ahead(self.ladder)
        found = under_every_gallery(self.run, self.ladder.attacks())
        self.ladder.release()
        return found

    @property
    def outcomes(self) -> list[AnyOutcome]:
        """What every attack found out about every system, under the suite's gallery protocol."""
        return self.attacked.outcomes

    @cached_property
    def sets(self) -> dict[str, tuple[str, ...]]:
        """The sets of each probe: plain or textural (told of the walk), complete or incomplete (of the view)."""
        from gaitbench.datasets.labels import sets_of_scores, walk_scores

        scores = {n.key: load_prepared(self.run, n, key).scores for n, key in self.needs["probe"].items()}
        found = walk_scores({key: own for key, own in scores.items() if own})
        return {str(key): sets_of_scores(own, self.labels.get(str(key), ())) for key, own in found.items()}

    @cached_property
    def picture_scores(self) -> list[PictureScores]:
        """Picture measures: the untouched original, and anonymizers with every colorizer; see `painters_of`."""
        scores: list[PictureScores] = []
        train_ahead(self.systems, "colorizer", self.run.suite.systems.colorizer_names)
        painters = painters_of(self.run.suite)
        for name, part in self.anonymized.items():
            for colorizer in painters(name):
                scores += self._painted(part, colorizer)
        return scores

    def _painted(self, part: Anonymized, colorizer: str) -> list[PictureScores]:
        """Of every training of a colorizer, as one system; what attacks it, and its sample pictures, take the first."""
        if colorizer == "none":
            return quality.measure(self.run, self.systems, part, colorizer)
        try:
            seeds = self.systems.seeds("colorizer", colorizer)
            texts = trainings_shown(self.run.suite, part.name, self.systems.trainings("colorizer", colorizer))
        except GaitbenchError as error:
            self.run.fail("quality", f"anonymizer={part.name}, colorizer={colorizer}", str(error))
            return []
        found = [quality.measure(self.run, self.systems, part, text) for text in texts]
        return over_trainings(found, colorizer, trained=bool(seeds))
