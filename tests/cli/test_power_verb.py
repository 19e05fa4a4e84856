"""``gaitbench power``, as a user calls it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gaitbench.cli.power import command
from gaitbench.errors import ConfigError, DataError

QUICK = Path(__file__).parents[2] / "reports" / "quick"


def _ask(*words):
    return CliRunner().invoke(command, words, catch_exceptions=False)


def test_a_plan_says_what_is_seen_and_how_many_people_are_needed():
    said = json.loads(_ask("--difference", "3", "--subjects", "40", "--json").output)
    assert said["probes"] == 33 and said["rate"] == 40
    assert said["power"] < 80 < 100 and said["subjects_needed"] > 40 and said["smallest_difference"] > 3
    text = _ask("--difference", "3", "--subjects", str(said["subjects_needed"])).output
    assert "is seen in 80 of 100 such studies" in text and "Smallest difference seen" in text


def test_a_run_gives_rate_correlation_and_probes():
    said = json.loads(_ask("--run", str(QUICK), "--json").output)
    assert said["probes"] == 33 and 30 < said["rate"] < 60 and 0.02 < said["icc"] < 0.2
    assert "semi-informed, gait-dynamics" in said["taken_from"]
    assert json.loads(_ask("--run", str(QUICK), "--rate", "10", "--json").output)["rate"] == 10


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--difference", "0"), "can never be seen"), (("--rate", "0"), "rate"), (("--rate", "140"), "rate"),
        (("--icc", "1"), "icc"), (("--power", "100"), "between 0 and 100"), (("--difference", "70"), "impossible"),
    ],
)  # fmt: skip
def test_bad_wishes_are_refused(words, message):
    with pytest.raises(ConfigError, match=message):
        _ask(*words)


def test_no_run_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no run\.json"):
        _ask("--run", str(tmp_path))
