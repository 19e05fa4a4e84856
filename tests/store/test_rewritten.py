"""Rewritten code counts as what it was, for exactly one text."""

import dataclasses

import pytest

from gaitbench.store import rewritten
from gaitbench.store.closure import closure_digest, forget
from gaitbench.store.hashing import digest
from gaitbench.store.rewritten import REWRITES, Rewrite, as_before


def _seen(place):
    from gaitbench.store.closure import _Walk

    walk = _Walk({"gaitbench", "recognizer"})
    module, name = place.split(":")
    walk.want(module, (name,))
    walk.run()
    return {f"{m}:{n}": text for (m, n), text in walk.seen.items()}


@pytest.mark.parametrize("one", REWRITES, ids=lambda one: one.whole)
def test_each_entry_fits_the_code_as_it_is(one):
    """Where it does not, the code was changed: remove the entry, and what hangs on it is made again."""
    seen = _seen(one.whole)
    assert one.current(seen) == one.digest
    counted = as_before(seen)
    assert one.before.items() <= counted.items()
    assert not {name for name in one.now if name not in one.before} & set(counted)


def test_one_more_change_makes_an_entry_void(monkeypatch):
    seen = {"a:f": "1", "a:g": "2", "b:h": "3"}
    one = Rewrite("a:f", ("a:g",), digest([("a:f", "1"), ("a:g", "2")]), {"a:old": "0"})
    monkeypatch.setattr(rewritten, "REWRITES", (one,))
    assert as_before(seen) == {"a:old": "0", "b:h": "3"}
    for name in ("a:f", "a:g"):
        changed = {**seen, name: "x"}
        assert as_before(changed) == changed
    lacking = {"a:f": "1"}
    assert as_before(lacking) == lacking


def test_entries_decide_keys(monkeypatch):
    forget()
    before = closure_digest("gaitbench.datasets.sequence:SequenceKey")
    monkeypatch.setattr(rewritten, "REWRITES", tuple(dataclasses.replace(r, digest="x") for r in REWRITES))
    forget()
    assert closure_digest("gaitbench.datasets.sequence:SequenceKey") != before
    forget()
