"""What data sets know of their people, and what the names of walks say."""

import numpy as np
import pytest

from gaitbench.datasets.attributes import KnowsPeople, Person, people_of, wears
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.manifest import ManifestOriginals
from gaitbench.datasets.walkers import Walkers


def test_walkers_know_sex_and_stature():
    walkers = Walkers()
    assert isinstance(walkers, KnowsPeople)
    people = people_of(walkers, [f"{n:03d}" for n in range(1, 41)])
    assert {p.sex for p in people.values()} == {"female", "male"}
    assert all(p.height == walkers.body(s)["stature"] for s, p in people.items())
    heights = {
        sex: np.mean([p.height for p in people.values() if p.sex == sex]) for sex in ("female", "male")
    }
    assert 1.55 < heights["female"] < heights["male"] - 0.06 < 1.80


def test_data_sets_that_know_nothing_say_nothing():
    assert not issubclass(ManifestOriginals, KnowsPeople)

    class Named:
        name = "named"

    assert people_of(Named(), ["a", "a", "b"]) == {"a": Person(), "b": Person()}


@pytest.mark.parametrize(
    ("walk", "bag", "coat"),
    [("nm-03", False, False), ("bg-01", True, False), ("cl-02", False, True), ("run-01", None, None)],
)
def test_names_of_walks(walk, bag, coat):
    key = SequenceKey("001", walk, 90)
    assert (wears(key, "bag"), wears(key, "coat")) == (bag, coat)


@pytest.mark.parametrize("wrong", [{"sex": "f"}, {"height": 170.0}, {"height": float("nan")}])
def test_a_person_is_checked(wrong):
    with pytest.raises(ValueError, match=r"(sex|height) is"):
        Person(**wrong)
