"""From the words of ``gaitbench sweep`` to a suite: grids, and what is refused before anything is computed."""

from dataclasses import replace

import pytest

from gaitbench.errors import ConfigError
from gaitbench.suites.reading import load_suite, suite_from_table
from gaitbench.suites.swept import parse_settings, swept_suite


def _texts(anonymizers, settings):
    return [str(value) for value in parse_settings(anonymizers, settings)]


def test_settings_given_twice_make_a_grid_and_one_with_a_name_is_for_that_system():
    assert _texts(["deform"], ["strength=0.1,0.3", "heights=4,6"]) == [
        "deform[heights=4,strength=0.1]", "deform[heights=6,strength=0.1]",
        "deform[heights=4,strength=0.3]", "deform[heights=6,strength=0.3]",
    ]  # fmt: skip
    assert _texts(["model-1", "deform"], ["strength=0.1", "deform.heights=4"]) == [
        "model-1[strength=0.1]",
        "deform[heights=4,strength=0.1]",
    ]
    assert _texts(["model-2[training.steps=9]"], ["strength=1"]) == ["model-2[strength=1,training.steps=9]"]


@pytest.mark.parametrize(
    ("anonymizers", "settings", "message"),
    [
        (["deform"], ["strength"], "is none; write NAME=VALUE"), (["deform"], ["=1"], "is none"),
        (["deform"], ["strength=,"], "is none"), (["deform"], ["strength=0.1,,0.3"], "no empty value"),
        (["deform"], ["heights=[4,6]"], "no lists"), (["deform[strength=0.5]"], ["strength=0,1"], "held in brackets"),
        (["deform"], ["strength=1,1"], "names a value twice"),
        (["deform"], ["strength=1", "strength=2"], "given twice"),
        (["deform", "deform"], ["strength=1"], "names a system"),
        (["deform", "model-1"], ["deform.strength=1"], "nothing is swept of model-1"),
        (["deform"], ["strength=" + ",".join(str(i / 100) for i in range(65))], "at most 64"),
    ],
)  # fmt: skip
def test_what_is_no_sweep_is_refused(anonymizers, settings, message):
    with pytest.raises(ConfigError, match=message):
        parse_settings(anonymizers, settings)


@pytest.mark.parametrize(
    ("words", "colorizer", "message"),
    [
        (("defrom", "strength=1"), "nearest", "deform"), (("deform", "strenght=1"), "nearest", "takes no setting"),
        (("deform", "strength=much"), "nearest", "strength"), (("deform", "strength=0.1"), "nearst", "nearest"),
        (("deform", "strength=0.1,0.10"), "nearest", "twice"),
    ],
)  # fmt: skip
def test_unknown_systems_settings_and_values_are_refused(words, colorizer, message):
    with pytest.raises(ConfigError, match=message):
        swept_suite(load_suite("smoke"), parse_settings(words[:1], words[1:]), colorizer)


def test_a_sweep_keeps_the_data_and_drops_what_it_does_not_need():
    standard = load_suite("standard")
    suite = swept_suite(standard, parse_settings(["model-2"], ["strength=0,1"]), "nearest")
    assert (suite.data, suite.split, suite.walks, suite.effort) == (
        standard.data, standard.split, standard.walks, standard.effort,
    )  # fmt: skip
    assert suite.attacks.attackers == ("ignorant", "semi-informed") and suite.attacks.inputs == (
        "silhouette",
    )
    assert suite.systems.anonymizer_names == ("model-2",) and suite.quality.references == ("original",)
    assert [str(v) for v in suite.extras.sweep] == ["model-2[strength=0.0]", "model-2[strength=1.0]"]


def test_the_old_name_of_the_list_is_refused_with_the_new_one():
    with pytest.raises(ConfigError, match=r"is extras\.sweep now"):
        suite_from_table({"extras": {"naturalness_of": ["deform"]}}, "own")


def test_a_sweep_keeps_what_the_suite_says_of_distances_and_of_recognizers():
    standard = load_suite("standard")
    standard = replace(standard, attacks=replace(standard.attacks, distances_mb=20_000))
    found = swept_suite(standard, parse_settings(["deform"], ["strength=0,1"]), "nearest").attacks
    assert found.distances_mb == 20_000
    assert [one.recognizer for one in found.kept] == ["gait-tcn"]
    assert not found.asks("semi-informed", "gait-tcn") and found.asks("semi-informed", "gait-dynamics")
