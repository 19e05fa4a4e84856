"""What data sets know of their people, and what the names of walks say."""

import numpy as np
import pytest

from gaitbench.datasets.attributes import KnowsPeople, Person, people_of, wears
from gaitbench.datasets.exporting.export import export_walkers
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.walkers import Walkers
from gaitbench.errors import DataError


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


def test_exported_walkers_are_the_same_people_and_filmed_ones_are_nobody(tmp_path):
    walkers = Walkers(seed=3, subjects=4, length=10)
    export_walkers(walkers, tmp_path, ["002"], [90], ["nm-01"], video=False, frames=4)
    assert people_of(CasiaB(tmp_path), ["002"]) == {"002": walkers.person("002")}
    (tmp_path / "walkers.json").unlink()
    assert people_of(CasiaB(tmp_path), ["002"]) == {"002": Person()}
    with pytest.raises(DataError, match="no sequence anna"):
        walkers.person("anna")


def test_data_sets_that_know_nothing_say_nothing():
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
