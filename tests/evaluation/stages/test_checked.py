"""Systems that misbehave: nothing of theirs reaches a figure, and each is one named line."""

import sys

import numpy as np
import pytest

from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.errors import ConfigError, GaitbenchError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Recognizers
from gaitbench.evaluation.pictures.references import compare_pictures
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.anonymize import anonymize
from gaitbench.evaluation.stages.checked import checked_draws, checked_masks, guarded
from gaitbench.evaluation.stages.paint import paint
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.registry import METRICS, RECOGNIZERS, Registry
from gaitbench.store import Store
from gaitbench.suites import load_suite

KEY = SequenceKey("081", "nm-05", 90)


def walk(subject="081"):
    masks = np.zeros((3, 64, 44), bool)
    masks[:, 10:60, 15:30] = True
    rgb = np.full((3, 64, 44, 3), 200, np.uint8)
    return GaitSequence(SequenceKey(subject, "nm-05", 90), masks, rgb, np.arange(1, 4, dtype=np.int32), 3)


class System:
    """An anonymizer or colorizer whose answer is `make(what it was shown)`."""

    trainable = False
    name = "rogue"
    settings = None

    def __init__(self, make):
        self.make = make

    def fit(self, *_, **__):
        return self

    def anonymize(self, sequence, rng):
        return self.make(sequence.silhouettes)

    def colorize(self, rgb, silhouettes, anonymized):
        return self.make(rgb, anonymized)


def writes(x, *_):
    x[:] = 0
    return x


def stops(*_):
    sys.exit(3)


def divides(*_):
    return 1 / 0


MASKS = {
    "read-only": writes,
    "SystemExit": stops,
    "ZeroDivisionError": divides,
    "expected bool": lambda m: m[:2],
    "uint8": lambda m: m.astype(np.uint8),
    "left 081-nm-05-090 empty": np.zeros_like,
    "object|NoneType|expected bool": lambda m: None,
    "inhomogeneous": lambda m: [[1], [1, 2]],
}


@pytest.mark.parametrize("words", MASKS)
def test_an_anonymizer_that_misbehaves_is_one_line_with_its_name(words):
    shown = walk()
    before = shown.silhouettes.copy()
    with pytest.raises(GaitbenchError, match=words) as told:
        checked_masks(System(MASKS[words]), "rogue", shown, np.random.default_rng(0))
    assert "rogue" in str(told.value) and "\n" not in str(told.value)
    np.testing.assert_array_equal(shown.silhouettes, before)


def test_what_an_anonymizer_returns_is_a_copy_of_its_own():
    shown = walk()
    masks = checked_masks(System(lambda m: m), "view", shown, np.random.default_rng(0))
    assert not np.shares_memory(masks, shown.silhouettes) and masks.flags.writeable


class Asked:
    """Counts how often it is asked; shows the walk moved by `shift(rng)` columns."""

    def __init__(self, shift):
        self.shift, self.times = shift, 0

    def anonymize(self, sequence, rng):
        self.times += 1
        return np.roll(sequence.silhouettes, self.shift(rng), axis=2)


def draws_and_ignores(rng):
    rng.random()
    return 1


def splits(rng):
    return int(rng.spawn(1)[0].integers(0, 3))


@pytest.mark.parametrize(
    ("shift", "times"),
    [
        (lambda rng: 1, 2),
        (lambda rng: int(rng.integers(0, 3)), 9),
        # what two draws happen to show alike is no proof: it has looked at the noise
        (draws_and_ignores, 9),
        (splits, 9),
    ],
    ids=["nothing", "draws", "draws in vain", "splits"],
)
def test_a_system_that_draws_nothing_is_not_asked_for_every_draw(shift, times):
    system, seeds = Asked(shift), range(9)
    together = checked_draws(system, "asked", walk(), [np.random.default_rng(s) for s in seeds])
    assert system.times == times
    alone = [checked_masks(system, "asked", walk(), np.random.default_rng(s)) for s in seeds]
    assert len(together) == 9 and all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))
    assert len(checked_draws(system, "asked", walk(), [np.random.default_rng(0)])) == 1


def test_one_array_for_two_draws_need_not_be_the_last_word():
    # no generator has moved, and yet it shows another walk each time: it is asked for each
    shown = iter(range(1, 10))
    found = checked_draws(Asked(lambda rng: next(shown)), "fickle", walk(), [np.random.default_rng(0)] * 3)
    assert len({masks.tobytes() for masks in found}) == 3


PAINTINGS = {
    "read-only": writes,
    "SystemExit": stops,
    "expected floats": lambda rgb, m: np.zeros((1, 64, 44, 3)),
    "uint8": lambda rgb, m: (rgb > 300).astype(np.uint8),
    "complex128": lambda rgb, m: np.zeros(rgb.shape, complex),
    r"outside \[0, 1\]": lambda rgb, m: np.where(m[..., None], np.nan, 0.0) + 0 * rgb,
    "outside the anonymized silhouette": lambda rgb, m: np.full(rgb.shape, 0.5),
}


@pytest.mark.parametrize("words", PAINTINGS)
def test_a_colorizer_that_misbehaves_paints_nothing(words):
    shown = walk()
    with pytest.raises(GaitbenchError, match=words) as told:
        paint(System(PAINTINGS[words]), shown, shown.silhouettes)
    assert "rogue" in str(told.value)
    assert (shown.rgb == 200).all()


def test_a_metric_that_writes_or_returns_one_number_too_few_is_named(monkeypatch):
    shown = walk()
    painted = shown.rgb / 255.0 * shown.silhouettes[..., None]
    for rogue, words in ((writes, "read-only"), (lambda a, b, region: np.zeros(1), r"\(1,\) for 3 pictures")):
        monkeypatch.setattr(
            METRICS, "get", lambda name, rogue=rogue: lambda a, b, region: rogue(a, b, region)
        )
        with pytest.raises(GaitbenchError, match=words):
            compare_pictures(painted, shown, shown.silhouettes, "original", ["ssim"])
    assert painted.max() > 0


class Recognizer:
    """Answers whatever it is told to."""

    reads = "gei"

    def __init__(self, answer, through):
        setattr(self, through, lambda X, angle: answer(X, self.names))

    def fit(self, X, y, *, angle, walk=None):
        return self

    def enroll(self, X, y, *, angle):
        self.names = np.unique(y)
        return self


def features(subjects, mark):
    rng = np.random.default_rng(len(subjects))
    keys = tuple(SequenceKey(s, "nm-01", 90) for s in subjects)
    return Features(rng.random((len(keys), 64, 44), dtype=np.float32), keys, {}, mark)


ANSWERS = [
    ("distances", lambda X, n: np.full((len(X), len(n)), np.nan), "no finite numbers"),
    ("distances", lambda X, n: np.full((len(X), len(n)), 1e300), "no finite numbers"),
    ("distances", lambda X, n: np.zeros((1, len(n))), "for 3 probes and 2"),
    ("distances", lambda X, n: np.full((len(X), len(n)), "near"), "expected floats"),
    ("distances", lambda X, n: writes(X), "read-only"),
    ("distances", lambda X, n: sys.exit(), "SystemExit"),
    ("rank", lambda X, n: (np.tile(n, (3, 1)), np.full((3, 2), np.nan)), "no finite numbers"),
    ("rank", lambda X, n: (np.tile(["x", "y"], (3, 1)), np.zeros((3, 2))), "not each of the 2 enrolled"),
    ("rank", lambda X, n: (np.tile(n[:1], (3, 2)), np.zeros((3, 2))), "not each of the 2 enrolled"),
    ("rank", lambda X, n: (n[None], np.zeros((1, 2))), r"expected \(3, 2\)"),
    ("rank", lambda X, n: n, "rogue"),
]


@pytest.mark.parametrize(("through", "answer", "words"), ANSWERS)
def test_a_recognizer_that_misbehaves_names_nobody(tmp_path, monkeypatch, through, answer, words):
    factory = type("Made", (), {"__module__": "gaitbench", "__new__": lambda c: Recognizer(answer, through)})
    monkeypatch.setattr(RECOGNIZERS, "get", lambda name: factory)
    run = RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))
    rows = features(["1", "2"], "a"), features(["1", "2"], "b"), features(["1", "2", "1"], "c")
    with pytest.raises(GaitbenchError, match=words) as told:
        Recognizers(run).distances("rogue", *rows)
    assert "rogue" in str(told.value)


def test_an_interrupt_by_the_user_is_no_failure_of_a_system():
    with pytest.raises(KeyboardInterrupt), guarded("x"):
        raise KeyboardInterrupt


def test_the_run_goes_on_behind_a_system_that_fails(tmp_path, monkeypatch):
    """Of two subjects one fails: it is a named failure, and the other one is there."""
    from gaitbench.evaluation.stages import anonymize as stage
    from gaitbench.evaluation.stages.prepared import Prepared

    run = RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path), jobs=1)
    needs = {Need(walk(s).key): s for s in ("081", "082")}

    def load(run, need, key):
        return Prepared(need.key, walk(key), None, np.zeros(0, np.int64), None, {})

    monkeypatch.setattr(stage, "load_prepared", load)
    systems = Systems(run, {})
    calls = []

    def second(masks):
        calls.append(1)
        return masks if len(calls) == 2 else stops()

    systems.offer("anonymizer", "rogue", lambda: System(second))
    found = anonymize(run, systems, "rogue", needs)
    assert list(found.failures) == ["081-nm-05-090"] and "SystemExit" in found.failures["081-nm-05-090"]
    # what failed is tried again (it may have wanted for a file), and what had been good is not lost
    systems.offer("anonymizer", "rogue", lambda: System(lambda masks: masks))
    systems._ready.clear()
    again = anonymize(run, systems, "rogue", needs)
    assert again.failures == {} and again.keys == found.keys
    systems.offer("anonymizer", "unmade", stops)
    assert set(anonymize(run, systems, "unmade", needs).failures) == {"081-nm-05-090", "082-nm-05-090"}


def test_a_package_that_fails_on_import_is_named(monkeypatch):
    class Point:
        name, value, dist = "broken", "broken_package:System", None

        def load(self):
            sys.exit("not today")

    registry = Registry("anonymizer", {})
    monkeypatch.setattr(registry, "_external", lambda: {"broken": Point()})
    with pytest.raises(ConfigError, match=r"broken of .*broken_package.*SystemExit: not today"):
        registry.get("broken")
