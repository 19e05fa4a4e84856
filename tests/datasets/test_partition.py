"""OpenGait's partition of a set as the split of a suite."""

import json

import pytest

from gaitbench.datasets.splits import read_partition
from gaitbench.errors import ConfigError

PEOPLE = [f"{i:03d}" for i in range(1, 13)]


def partition(folder, **sets):
    path = folder / "p.json"
    path.write_text(json.dumps(sets))
    return path


def test_training_and_test_become_three_roles(tmp_path):
    path = partition(tmp_path, TRAIN_SET=PEOPLE[:8], TEST_SET=[*PEOPLE[8:], "999"], VAL_SET=[])
    split = read_partition(path, PEOPLE)
    assert split.test == ("009", "010", "011", "012")
    assert split.models == ("004", "008")
    assert split.recognizer == ("001", "002", "003", "005", "006", "007")


@pytest.mark.parametrize(
    ("sets", "why"),
    [
        ({"TRAIN_SET": PEOPLE}, "TEST_SET"),
        ({"TRAIN_SET": [1, 2], "TEST_SET": ["003"]}, "TRAIN_SET"),
        ({"TRAIN_SET": ["a", "b"], "TEST_SET": ["c"]}, "another set"),
        ({"TRAIN_SET": PEOPLE[:6], "TEST_SET": PEOPLE[5:]}, "two roles"),
    ],
)
def test_what_is_no_partition_is_refused(tmp_path, sets, why):
    with pytest.raises(ConfigError, match=why):
        read_partition(partition(tmp_path, **sets), PEOPLE)


def test_no_file_and_no_json(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_partition(tmp_path / "none.json", PEOPLE)
    (tmp_path / "p.json").write_text("{")
    with pytest.raises(ConfigError, match="damaged"):
        read_partition(tmp_path / "p.json", PEOPLE)
