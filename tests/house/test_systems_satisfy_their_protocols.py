"""Every built-in system has the attributes of its protocol, and methods that take what the protocol gives them."""

import inspect

import numpy as np
import pytest

from gaitbench.metrics.measure import as_measure
from gaitbench.registry import ANONYMIZERS, COLORIZERS, METRICS, RECOGNIZERS
from gaitbench.systems import (
    Anonymizer,
    Colorizer,
    Measure,
    MeasuringRecognizer,
    RankingRecognizer,
    Recognizer,
)

VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def methods(protocol):
    return [
        name
        for one in reversed(protocol.__mro__)
        if getattr(one, "_is_protocol", False)
        for name, held in vars(one).items()
        if inspect.isfunction(held) and (not name.startswith("_") or name == "__call__")
        and held.__module__ == "gaitbench.systems"
    ]  # fmt: skip


def misfits(protocol, cls):
    """Why a class cannot stand for a protocol, method by method."""
    found = []
    for name in methods(protocol):
        own = getattr(cls, name, None)
        if own is None:
            found.append(f"{name} is missing")
            continue
        wanted, given = (inspect.signature(f).parameters for f in (getattr(protocol, name), own))
        takes_any = {p.kind for p in given.values()}
        for key, p in wanted.items():
            have = given.get(key)
            if have is None:
                kind = VARIADIC[p.kind is p.KEYWORD_ONLY]
                if kind not in takes_any:
                    found.append(f"{name} takes no {key}")
            elif p.kind is p.KEYWORD_ONLY and have.kind is have.POSITIONAL_ONLY:
                found.append(f"{name} takes {key} by position alone")
            elif p.kind is p.POSITIONAL_OR_KEYWORD and have.kind is have.KEYWORD_ONLY:
                found.append(f"{name} takes {key} by keyword alone")
            elif p.default is not p.empty and have.default is have.empty:
                found.append(f"{name} must be given {key}")
        positional = [k for k, p in wanted.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
        order = [k for k, p in given.items() if k in positional]
        if order and order != [k for k in positional if k in order]:
            found.append(f"{name} takes its arguments in another order")
        for key, p in given.items():
            if key not in wanted and p.default is p.empty and p.kind not in VARIADIC:
                found.append(f"{name} wants {key}, which nobody gives")
    return found


@pytest.mark.parametrize("name", ANONYMIZERS.names())
def test_anonymizers(name):
    cls = ANONYMIZERS.get(name)
    assert misfits(Anonymizer, cls) == [] and isinstance(cls(), Anonymizer) and cls().name == name


@pytest.mark.parametrize("name", COLORIZERS.names())
def test_colorizers(name):
    cls = COLORIZERS.get(name)
    assert misfits(Colorizer, cls) == [] and isinstance(cls(), Colorizer) and cls().name == name


@pytest.mark.parametrize("name", RECOGNIZERS.names())
def test_recognizers(name):
    cls = RECOGNIZERS.get(name)
    assert misfits(Recognizer, cls) == []
    assert misfits(MeasuringRecognizer, cls) == [] and misfits(RankingRecognizer, cls) == []
    assert isinstance(cls(), MeasuringRecognizer) and isinstance(cls(), RankingRecognizer)


@pytest.mark.parametrize("name", METRICS.names())
def test_measures(name):
    measure = as_measure(name, METRICS.get(name))
    assert isinstance(measure, Measure) and misfits(Measure, type(measure)) == []
    assert misfits(Measure, type("Wrapped", (), {"__call__": lambda self, *a, **k: 0})) == []
    shown = np.random.default_rng(0).random((3, 24, 16, 3))
    values = measure(shown, shown[::-1].copy(), region=np.ones(shown.shape[:3], bool))
    assert np.shape(values) == (2 if measure.temporal else 3,)


def test_what_does_not_fit_is_seen():
    class Odd:
        def fit(self, sequences, seed, *, mode):
            return self

        def anonymize(self, rng, sequence):
            return sequence

    found = misfits(Anonymizer, Odd)
    assert "state is missing" in found and "fit takes no device" in found
    assert "fit wants mode, which nobody gives" in found
    assert "anonymize takes its arguments in another order" in found
    assert not isinstance(Odd(), Anonymizer)
