import re
from pathlib import Path

import pytest

from gaitbench.datasets.splits import Split, parse_subjects
from gaitbench.datasets.views import view_of_label
from gaitbench.errors import ConfigError
from gaitbench.suites import load_suite, suite_names
from gaitbench.system_value import SystemValue

GOOD = """
[split]
recognizer = "001-002"
models = "003"
test = "004-005"
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-05"]
"""


def write(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", suite_names())
def test_shipped_suites_are_valid(name):
    suite = load_suite(name)
    assert suite.name == name
    assert not set(suite.walks.gallery) & set(suite.walks.probe)
    # of the second session of walkers, where a suite has one, the same conditions
    assert {w.split("@")[-1].split("-")[0] for w in suite.walks.probe} == {"nm", "bg", "cl"}


def test_quick_has_the_slides_counts_and_all_angles():
    suite = load_suite("quick")
    assert [len(getattr(suite.split, r)) for r in ("recognizer", "models", "test")] == [50, 30, 40]
    assert suite.data.angles == tuple(range(0, 181, 18))
    assert len(suite.walks.gallery) >= 2


def test_paper_has_110_sequences_a_subject_at_128_x_88():
    suite = load_suite("paper")
    assert suite.data.size == (128, 88)
    assert len(suite.walks.recognizer) * len(suite.data.angles) == 110
    assert len(set(suite.walks.gallery) | set(suite.walks.probe)) == 10


def test_own_file(tmp_path):
    suite = load_suite(write(tmp_path, GOOD + "\n[data]\nangles = [90]\n"))
    assert suite.name == "own" and suite.data.angles == (90,) and suite.split.test == ("004", "005")
    suite = load_suite(write(tmp_path, GOOD + '\n[data]\nangles = [90, "cam3", "054"]\n'))
    assert suite.data.angles == (90, view_of_label("cam3"), 54)
    assert suite.resolved()["data"]["angles"] == (90, "cam3", 54)  # what is written down is read again
    assert suite.with_seed(7).seed == 7 and suite.with_seed(None) is suite


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("resample = 3", "did you mean 'resamples'"),
        ("resamples = 3", "resamples is 3, not a whole number from 100 to 100000"),
        ("resamples = true", "whole number"),
        ("confidence = 1.5", "between 0 and 1"),
        ("effort = 0.0", "above 0"),
        ("effort = nan", "effort is nan, not a number that can be used"),
        ("seed = -1", "0 to 4294967295"),
        ("seed = 99999999999999999999999", "beyond what a whole number may be"),
        ("seed = 4294967296", "seed is 4294967296, not a whole number from 0 to 4294967295"),
        ("resamples = 1000000000000000000", "not a whole number from 100 to 100000"),
        ("samples = -3", "from 0 to 1000"),
        ("effort = 1e999", "effort is inf, not a number that can be used"),
        ("[data]\nframes = 1000000000000", "not a number of frames from 2 to 100000"),
        ('[systems]\nanonymizers = ["blur", "blur"]', "names 'blur' twice"),
        ('[attacks]\nattackers = ["ignorant", "ignorant"]', "names 'ignorant' twice"),
        ('[systems]\nnoise = "walk"', "unknown systems.noise"),
        ('[attacks]\nattackers = ["linked"]', 'needs noise = "person"'),
        ("[attacks]\ninformed_probes = -1", "0 (all of them) or more"),
        ('[attacks]\ninformed_recognizers = ["gei-nn"]', "those of attacks.recognizers"),
        (
            '[attacks]\nkept = [{recognizer = "gei-nn", attackers = ["ignorant"]}]',
            "attacks.kept: unknown recognizer 'gei-nn'; those of attacks.recognizers: robust-vtm",
        ),
        (
            '[attacks]\nkept = [{recognizer = "robust-vtm", attackers = ["joint"]}]',
            "attacks.kept: 'joint' is none of the suite's attackers: ignorant",
        ),
        (
            "[attacks]\nkept = ["
            + ", ".join(2 * ['{recognizer = "robust-vtm", attackers = ["ignorant"]}'])
            + "]",
            "robust-vtm stands there twice",
        ),
        ('[attacks]\nkept = [{recognizer = "robust-vtm"}]', "attackers"),
        ("[quality]\nothers_trainings = -1", "0 (all of them) or more"),
        (
            '[attacks]\nresegmented_painted_by = ["warp"]',
            "unknown colorizer of attacks.resegmented_painted_by 'warp'",
        ),
        ("[data]\nangles = []", "not empty"),
        ("[data]\nangles = [0, 0]", "different views"),
        ('[data]\nangles = ["cam3", "cam3"]', "angles cam3, cam3 must be different views"),
        ('[data]\nangles = ["a/b"]', "path"),
        ('[data]\nangles = ["0"]', "data.angles[0] is '0', not a whole number of degrees"),
        ("[data]\nsize = [10, 10]", "not offered"),
        ('[data]\nwalkers = "odd"', "unknown data.walkers 'odd'; kinds: uneven"),
        ('[data]\ncamera = "vhs"', "unknown data.camera 'vhs'; films: grey, small, indoor, cctv"),
        ("[data]\nframes = 1", "data.frames is 1, not a number of frames from 2"),
        ("[data]\nframe = 1", "did you mean 'frames'"),
        ('[systems]\nanonymizers = ["model2"]', "did you mean 'model-2'"),
        ('[systems]\nrecognizers = ["robust"]', "unknown recognizer"),
        ('[systems]\ncontrols = ["nobody"]', "unknown control"),
        ('[systems]\ngallery = "some"', "unknown gallery"),
        ('[quality]\nreferences = ["scene2"]', "unknown reference"),
        ("data = 3", "data is 3, not a table"),
        ("[data]\nangles = [0, 361]", "data.angles[1] is 361, not a whole number of degrees from 0 to 360"),
        ("[systems]\nanonymizers = 'blur'", "not a list that is not empty"),
        ("[quality]\nothers_painted_by = []", "not a list that is not empty"),
        ("[extras]\nmatrices = 1", "extras.matrices is 1, not true or false"),
        ("name = 3", "name is 3, not text"),
        ("a = " + "[" * 2000, "not valid TOML"),
        ("effort = 1" + "0" * 400, "beyond what a whole number may be"),
        ("this is not toml", "not valid TOML"),
    ],
)
def test_bad_values_are_refused_in_one_line(tmp_path, change, message):
    text = change + "\n" + GOOD if not change.startswith("[") else GOOD + change
    with pytest.raises(ConfigError, match=re.escape(message)) as caught:
        load_suite(write(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_gallery_and_probe_must_not_share_a_walk(tmp_path):
    with pytest.raises(ConfigError, match="both gallery and probe"):
        load_suite(write(tmp_path, GOOD.replace('["nm-05"]', '["nm-01"]')))


def test_subject_in_two_roles(tmp_path):
    with pytest.raises(ConfigError, match="subject 002 is in two roles"):
        load_suite(write(tmp_path, GOOD.replace('models = "003"', 'models = "002-003"')))


def test_missing_parts(tmp_path):
    with pytest.raises(ConfigError, match="has no key 'walks'"):
        load_suite(write(tmp_path, GOOD.split("[walks]")[0]))
    with pytest.raises(ConfigError, match="split has no key 'test'"):
        load_suite(write(tmp_path, GOOD.replace('test = "004-005"', "")))
    with pytest.raises(ConfigError, match="probe"):
        load_suite(write(tmp_path, GOOD.replace('probe = ["nm-05"]', "")))


def test_unknown_suite_offers_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'quick'"):
        load_suite("quik")
    with pytest.raises(ConfigError, match="no suite file"):
        load_suite("nowhere.toml")


def test_parse_subjects():
    assert parse_subjects("008-010") == ("008", "009", "010")
    assert parse_subjects("001, 001,é") == ("001", "é")
    with pytest.raises(ConfigError, match="backwards"):
        parse_subjects("010-008")
    with pytest.raises(ConfigError, match="no subjects"):
        parse_subjects(" , ")


def test_split_role():
    split = Split(("a",), ("b",), ("c",))
    assert [split.role(s) for s in "abcd"] == ["recognizer", "models", "test", None]
    with pytest.raises(ConfigError, match="nobody"):
        Split((), ("b",), ("c",))
    with pytest.raises(ConfigError, match="unknown role"):
        Split.from_table({"recognizer": "1", "models": "2", "test": "3", "extra": "4"})


def test_the_other_anonymizers_may_be_painted_by_some_only(tmp_path):
    path = tmp_path / "few.toml"
    text = (Path(__file__).parents[2] / "gaitbench/suites/smoke.toml").read_text()
    path.write_text(text + 'others_painted_by = ["proposed"]\n')
    assert load_suite(str(path)).quality.others_painted_by == (SystemValue("proposed"),)
    path.write_text(text + 'others_painted_by = ["warp"]\n')
    with pytest.raises(ConfigError, match=r"others_painted_by 'warp'.*baseline, proposed"):
        load_suite(str(path))
