"""Of thirty planted faults thirty are found, by their kinds, and nothing else; on the clean set nothing."""

import shutil
from collections import Counter

import pytest
from planted_damage import FAULTS, MORE, PEOPLE, draw_set, plant_all

from gaitbench.datasets.exporting.export import export_walkers
from gaitbench.datasets.opening import open_data
from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.walkers import Walkers
from gaitbench.doctor.diagnosis import diagnose
from gaitbench.doctor.findings import KINDS
from gaitbench.errors import DataError
from gaitbench.suites.reading import suite_from_table

TABLE = {
    "data": {"frames": 20, "angles": [36, 54, 90]},
    "split": {"recognizer": "001-002", "models": "003", "test": "004-006"},
    "walks": {"recognizer": ["nm-01", "nm-02", "bg-01"], "models": ["nm-01", "nm-02", "bg-01"],
              "gallery": ["nm-01", "nm-02"], "probe": ["bg-01"]},
}  # fmt: skip
SUITE = suite_from_table(TABLE, "drawn")


def diagnosed(root, name="casia-b", suite=SUITE, **more):
    return diagnose(open_data(root, name, **more), suite, root=str(root), data_format=name)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    root = tmp_path_factory.mktemp("drawn") / "clean"
    draw_set(root)
    return root


@pytest.fixture(scope="module")
def damaged(clean):
    root = clean.parent / "damaged"
    shutil.copytree(clean, root)
    return root, plant_all(root)


@pytest.fixture(scope="module")
def found(damaged):
    return diagnosed(damaged[0])


def test_nothing_is_found_in_a_clean_set(clean):
    found = diagnosed(clean)
    assert found.findings == ()
    assert found.notes == ("silhouettes and no colours: pictures are not judged, attacks are",)
    assert (found.sequences, found.frames, len(found.people)) == (54, 54 * 30, 6)
    assert found.verdict.code == 0 and all(r.read == r.wanted for r in found.roles)
    assert found.framing.pictures == "whole frames of 160 x 120 pixels" and found.framing.stretched == ""


def test_there_are_thirty_faults_of_all_kinds_that_pictures_may_have():
    assert len(FAULTS) == 30 == len({fault.key for fault in FAULTS})
    assert {fault.kind for fault in FAULTS} == set(KINDS) - {
        "video",
        "ratio",
    }  # those have tests of their own


def test_thirty_planted_faults_are_found_and_nothing_else(damaged, found):
    told = {(one.where, one.kind): one.text for one in found.findings}
    planted = {(key, kind) for key, kind in damaged[1].items()}
    assert {f.what for f in FAULTS if (f.key, f.kind) not in told} == set()
    assert {where: text for where, text in told.items() if where not in planted} == {}
    assert len(found.findings) == 30 and not any(one.known for one in found.findings)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_each_planted_fault_is_named(found, fault):
    assert [one.kind for one in found.findings if one.where == fault.key] == [fault.kind]


def test_a_sequence_is_refused_where_a_run_refuses_it(damaged, found):
    dataset = open_data(damaged[0], "casia-b")
    refused = {}
    for key in dataset.keys():  # noqa: SIM118 - a data set is no dict
        try:
            prepare(dataset.load(key, frames=20), frames=20)
        except DataError as error:
            refused[str(key)] = str(error)
    assert {name: why for role in found.roles for name, why in role.refused} == refused
    assert len(refused) == 10 and all("\n" not in why for why in refused.values())


def test_what_lies_there_in_place_of_a_sequence_is_one_finding(clean, tmp_path):
    root = tmp_path / "set"
    shutil.copytree(clean, root)
    planted = plant_all(root, MORE)
    assert {one.where: one.kind for one in diagnosed(root).findings} == planted


@pytest.mark.slow  # 54 walks are rendered
def test_of_thirty_faults_in_exported_walkers_thirty_are_found(tmp_path):
    views, walks = [36, 54, 90], ["nm-01", "nm-02", "bg-01"]
    export_walkers(Walkers(seed=0), tmp_path / "set", list(PEOPLE), views, walks, video=False, frames=30)
    assert diagnosed(tmp_path / "set").findings == ()
    planted = plant_all(tmp_path / "set")
    assert {one.where: one.kind for one in diagnosed(tmp_path / "set").findings} == planted


def test_the_counts_of_views_and_roles(found):
    views = {one.view: one for one in found.views_counted}
    kinds = Counter(fault.key[-3:] for fault in FAULTS if fault.kind not in ("missing", "left-out"))
    gone = {"036": 2, "054": 1, "090": 1}  # missing, packed, or an empty folder
    for view in ("036", "054", "090"):
        assert views[view].sequences == 18 - gone[view]
        assert views[view].faulty == kinds[view] - (view == "054")
    gallery = next(role for role in found.roles if role.role == "gallery")
    assert (gallery.people, gallery.wanted, len(gallery.missing)) == (3, 18, 0)
    assert {name for name, _ in gallery.refused} == {"004-nm-01-090", "005-nm-01-090", "005-nm-02-036"}
    assert found.verdict.code == 1
