"""Who one probe was taken for, on drawn people."""

import json
from unittest import mock

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from drawn_people import SUITE, draw

from gaitbench.cli.explain import command
from gaitbench.errors import ConfigError, DataError
from gaitbench.reporting.figures.explained import LARGEST, write_picture
from gaitbench.results.explained import Explained, Explanation, Match
from gaitbench.results.schema_attacks import Attack

PROBE = "082-nm-05-090"


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain")
    draw(folder / "data", (1, 2, 3, 4, 5, 6, 7, 81, 82, 83, 84))
    text = SUITE.replace("[systems]", '[systems]\nanonymizers = ["pixelate", "blur"]')
    text = text.replace('[attacks]\nrecognizers = ["gei-nn"]', '[attacks]\nattackers = ["ignorant", "semi-informed"]\n'
                        'recognizers = ["gei-nn"]')  # fmt: skip
    (folder / "tiny.toml").write_text(text)
    return folder


def explained(people, *arguments, output="picture.png"):
    done = CliRunner().invoke(
        command,
        [*arguments, "--suite", str(people / "tiny.toml"), "--data", str(people / "data"), "--jobs", "1", "--quiet",
         "--store", str(people / "store"), "--output", str(people / output)],
    )  # fmt: skip
    if done.exception is not None:
        raise done.exception
    return done.output


def test_the_table_and_the_picture(people):
    found = json.loads(explained(people, PROBE, "--json"))
    assert (found["sequence"], found["anonymizer"]) == (PROBE, "pixelate")
    assert [r["attacker"] for r in found["attacks"]] == ["ignorant", "semi-informed"]
    for row in found["attacks"]:
        assert row["people"] == 4 and row["failed"] is None
        for moment in ("before", "after"):
            people_named = row[moment]
            assert {m["subject"] for m in people_named} == {"081", "082", "083", "084"}
            distances = [m["distance"] for m in people_named]
            assert distances == sorted(distances) and distances[0] < distances[-1]
            place = [m["right"] for m in people_named].index(True) + 1
            assert row[f"place_{moment}"] == place and people_named[place - 1]["subject"] == "082"
    assert found["attacks"][0]["before"][0]["right"]  # drawn people are told apart untouched
    before = [r["before"] for r in found["attacks"]]
    assert before[0] == before[1] and found["attacks"][0]["after"] != found["attacks"][1]["after"]
    assert cv2.imread(str(people / "picture.png")).std() > 10
    text = explained(people, PROBE, output="again.png")
    assert "082*" in text and "number 1" in text and "again.png" in text
    assert (people / "again.png").read_bytes() == (people / "picture.png").read_bytes()


def test_the_control_that_does_nothing_changes_nothing(people):
    found = json.loads(explained(people, PROBE, "--anonymizer", "original", "--json"))
    assert all(r["before"] == r["after"] for r in found["attacks"])


def test_an_unknown_sequence_is_one_line_with_near_names(people):
    with pytest.raises(DataError, match=r"'82-nm-05-090' is none of the 4 probes .* near: 082-nm-05-090"):
        explained(people, "82-nm-05-090")
    with pytest.raises(DataError, match="such as 081-nm-05-090"):
        explained(people, "nobody")
    with pytest.raises(
        ConfigError, match=r"no system 'blurr'; did you mean 'blur'\? Known: pixelate, blur, orig"
    ):
        explained(people, PROBE, "--anonymizer", "blurr")
    with pytest.raises(ConfigError, match=r"must end in \.png"):
        explained(people, PROBE, output="picture.jpg")


@pytest.mark.parametrize(
    "asked", [["nobody"], [PROBE, "--anonymizer", "blurr"], [PROBE, "--attacker", "ignorent"]]
)
def test_names_are_refused_before_anything_is_computed(people, asked):
    with (
        mock.patch("gaitbench.evaluation.experiment.prepare_all", side_effect=AssertionError("computed")),
        pytest.raises((ConfigError, DataError)),
    ):
        explained(people, *asked)


def test_the_picture_of_much_and_of_nothing(tmp_path):
    gei = np.ones((64, 44), np.float32)
    attack = Attack("ignorant", "robust-vtm", "silhouette", "all-views")
    match = Match("081", 0.5, True, gei)
    full = Explanation("none", attack, (match,), (match,), 1, 1, 5)
    nothing = Explanation("none", attack, (), (), None, None, 0, "no plate")
    key = mock.Mock(__str__=lambda _: "081-nm-05-090")
    for name, rows in (("many", (full,) * (LARGEST + 3)), ("none", (nothing,))):
        write_picture(Explained(key, "model-2", gei, None, rows), tmp_path / f"{name}.png", rendered=False)
    many, none = (cv2.imread(str(tmp_path / f"{n}.png")) for n in ("many", "none"))
    assert many.shape[0] > 4 * none.shape[0] and none.std() > 1
