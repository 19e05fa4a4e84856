"""A system is a value: printable, hashable, checked against what it takes."""

import itertools
import pickle

import pytest

from gaitbench.errors import ConfigError
from gaitbench.registry import ANONYMIZERS, COLORIZERS, RECOGNIZERS
from gaitbench.suites import load_suite
from gaitbench.suites.building import build, checked_value, is_default, settings_of
from gaitbench.system_value import SystemValue, base_name

PEOPLE = """
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


def suite(tmp_path, text):
    (tmp_path / "own.toml").write_text(PEOPLE + text, encoding="utf-8")
    return load_suite(str(tmp_path / "own.toml"))


class ByKeyword:
    """A third party's anonymizer."""

    name, trainable, settings = "by-keyword", False, None

    def __init__(self, width=3, *, mode="soft", sizes=(1, 2), free=None):
        if mode == "never":
            raise ValueError("this mode is not there")
        self.given = (width, mode, sizes, free)


class Anything:
    name, trainable, settings = "anything", False, None

    def __init__(self, **settings):
        self.given = settings


@pytest.fixture(autouse=True)
def third_parties(monkeypatch):
    more = {name: f"{__name__}:{name}" for name in ("ByKeyword", "Anything")}
    monkeypatch.setattr(ANONYMIZERS, "_builtin", ANONYMIZERS._builtin | more)


TRICKY = [
    True,
    False,
    0,
    -3,
    0.5,
    1e-9,
    1e22,
    "",
    "a",
    'x=[1, 2], "y"',
    "ü\n\\u003d",
    (),
    (1, 2),
    ((0.1, "a,b"), ()),
]


@pytest.mark.parametrize(("one", "two"), itertools.product(TRICKY, TRICKY[::3]))
def test_the_text_gives_the_value_back(one, two):
    value = SystemValue("deform", {"b": one, "a": {"inner": two}})
    again = SystemValue.parse(str(value))
    assert again == value and hash(again) == hash(value) and again.chosen == {"a.inner": two, "b": one}
    assert str(value).index("a.inner=") < str(value).index("b=") and str(again) == str(value)
    assert ", " not in str(value) and "\n" not in str(value)
    assert base_name(str(value)) == "deform" and pickle.loads(pickle.dumps(value)) == value


def test_equality_is_of_name_and_settings():
    one = SystemValue("model-2", {"strength": 0.5}, label="half")
    assert one == SystemValue("model-2", {"strength": 0.50}) and one != SystemValue("model-2")
    assert one.shown == "half" and SystemValue("model-2", {"strength": 0.5}).shown == "model-2[strength=0.5]"
    assert SystemValue("a", {"x": 1}) != SystemValue("a", {"x": True}) != SystemValue("a", {"x": 1.0})
    assert len({one, SystemValue.parse("model-2[strength=0.5]")}) == 1


@pytest.mark.parametrize(
    "text", ["", "a[", "a[]", "a[x]", "a[x=]", "a[x=1", "a[x=1]b", "a[x=NaN]", "a]", "a[x=1]]", "a=b"]
)
def test_a_text_that_is_no_system_is_refused_in_one_line(text):
    with pytest.raises(ConfigError) as error:
        SystemValue.parse(text)
    assert "\n" not in str(error.value)


def test_settings_take_the_type_that_the_system_has_them_in():
    value = checked_value(ANONYMIZERS, SystemValue("model-2", {"strength": 1}))
    assert str(value) == "model-2[strength=1.0]" and build(ANONYMIZERS, value).settings.strength == 1.0
    grouped = checked_value(ANONYMIZERS, SystemValue("model-2", {"training": {"steps": 7}, "style": 12}))
    made = build(ANONYMIZERS, grouped).settings
    assert (made.training.steps, made.style, made.width) == (7, 12, 16)
    cnn = build(RECOGNIZERS, checked_value(RECOGNIZERS, SystemValue("set-cnn", {"strips": [1, 2]})), seed=5)
    assert cnn.strips == (1, 2) and cnn.seed == 5
    assert build(RECOGNIZERS, SystemValue("set-cnn", {"seed": 3}), seed=5).seed == 3


def test_third_parties_get_keyword_arguments():
    assert build(ANONYMIZERS, SystemValue("ByKeyword", {"width": 9, "free": "x"})).given == (
        9,
        "soft",
        (1, 2),
        "x",
    )
    assert build(ANONYMIZERS, SystemValue("ByKeyword")).given == (3, "soft", (1, 2), None)
    assert set(settings_of(ByKeyword)) == {"width", "mode", "sizes", "free"} and settings_of(Anything) is None
    assert build(ANONYMIZERS, checked_value(ANONYMIZERS, SystemValue("Anything", {"x": 1}))).given == {"x": 1}
    assert is_default(ANONYMIZERS, SystemValue("ByKeyword", {"width": 3}))
    assert not is_default(ANONYMIZERS, SystemValue("ByKeyword", {"width": 4}))


@pytest.mark.parametrize(
    ("registry", "name", "settings", "message"),
    [
        (ANONYMIZERS, "model-2", {"strenght": 1}, r"takes no setting 'strenght'; did you mean 'strength'\? Known: "),
        (ANONYMIZERS, "modle-2", {"strength": 1}, "did you mean 'model-2'"),
        (ANONYMIZERS, "model-2", {"strength": 2}, "from 0"),
        (ANONYMIZERS, "model-2", {"strength": "much"}, "setting strength is 'much', not a number"),
        (ANONYMIZERS, "model-2", {"width": 1.5}, "setting width is 1.5, not a whole number"),
        (ANONYMIZERS, "model-2", {"width": True}, "setting width is True, not a whole number"),
        (ANONYMIZERS, "model-2", {"training": 3}, "training is a group of settings; give one of training.steps"),
        (ANONYMIZERS, "original", {"x": 1}, "takes no settings"),
        (COLORIZERS, "proposed", {"network": "net"}, "network is one of"),
        (RECOGNIZERS, "set-cnn", {"strips": ["a"]}, r"strips\[0\] is 'a', not a whole number"),
        (ANONYMIZERS, "ByKeyword", {"mode": "never"}, "ByKeyword.* its settings are refused .this mode is not there"),
    ],
)  # fmt: skip
def test_bad_settings_are_one_line(registry, name, settings, message):
    with pytest.raises(ConfigError, match=message) as error:
        checked_value(registry, SystemValue(name, settings))
    assert "\n" not in str(error.value)


def test_a_suite_names_systems_in_both_ways(tmp_path):
    found = suite(
        tmp_path,
        """[systems]
        anonymizers = ["model-2", {name = "model-2", settings = {strength = 0.5}, label = "model-2 at 0.5"}]
        recognizers = [{name = "gei-lda", settings = {energy = 1}}, "gei-nn"]
        [attacks]
        recognizers = ["gei-lda[energy=1]"]
        """,
    )
    half = SystemValue("model-2", {"strength": 0.5})
    assert found.systems.anonymizers == (SystemValue("model-2"), half)
    assert found.systems.anonymizers[1].label == "model-2 at 0.5"
    assert found.systems.recognizer_names == ("gei-lda[energy=1.0]", "gei-nn")
    assert found.attacks.recognizers == found.systems.recognizers[:1]
    plain = found.resolved()["systems"]["anonymizers"]
    assert plain[0] == "model-2"
    assert plain[1] == {
        "name": "model-2", "settings": {"strength": 0.5}, "label": "model-2 at 0.5", "text": "model-2[strength=0.5]",
        "seeds": [],
    }  # fmt: skip


HALF = '{name = "deform", settings = {strength = 0.5}'


@pytest.mark.parametrize(
    ("systems", "message"),
    [
        (f'"deform", {HALF}}}, {HALF}}}', "names 'deform.strength=0.5.' twice"),
        ('"deform", {name = "deform", settings = {strength = 0.3}}', "is deform, these settings are its own"),
        (f'{HALF}, label = "x"}}, {{name = "blur", settings = {{sigma = 1}}, label = "x"}}', "label 'x' is taken"),
        (f'{HALF}, label = "blur"}}', "label 'blur' is taken"),
        ('{name = "deform", label = "mine"}', "has a label and no settings"),
        (f'{HALF}, label = "a, b"}}', "label 'a, b' of deform is not possible"),
        (f'{HALF}, lable = "x"}}', "unknown key 'lable'; did you mean 'label'"),
        ('{name = "deform", settings = 3}', r"systems.anonymizers\[0\].settings is 3, not a table"),
        ('{settings = {strength = 0.5}}', r"systems.anonymizers\[0\] has no key 'name'"),
        ("3", r'systems.anonymizers\[0\] is 3, not a name, or \{name = "model-2"'),
        ('{name = "deform", settings = {strenth = 0.5}}', "did you mean 'strength'"),
        ('{name = "deform", settings = {strength = nan}}', "settings.strength is nan, not a number that can be used"),
        ('{name = "deform", settings = {strength = 2020-01-01}}', "strength is a date"),
        ('"deform[strength=0.5"', "is no system"),
    ],
)  # fmt: skip
def test_what_a_suite_may_not_say_of_a_system(tmp_path, systems, message):
    with pytest.raises(ConfigError, match=message) as error:
        suite(tmp_path, f"[systems]\nanonymizers = [{systems}]\n")
    assert str(error.value).startswith("suite own: ") and "\n" not in str(error.value)


def test_one_system_has_one_label_everywhere(tmp_path):
    lda = '{name = "gei-lda", settings = {energy = 0.5}, label = "%s"}'
    with pytest.raises(ConfigError, match="two labels"):
        suite(tmp_path, f"[systems]\nrecognizers = [{lda % 'a'}]\n[attacks]\nrecognizers = [{lda % 'b'}]\n")


def test_seeds_are_no_part_of_the_identity(tmp_path):
    found = suite(
        tmp_path,
        '[systems]\nanonymizers = [{name = "model-2", seeds = [0, 1, 2]}]\n'
        'colorizers = ["proposed[seed=3]"]\n',
    )
    value = found.systems.anonymizers[0]
    assert value == SystemValue("model-2") and value.seeds == (0, 1, 2)
    assert str(value.under(2)) == "model-2[seed=2]" and str(found.systems.colorizers[0]) == "proposed[seed=3]"
    made = build(COLORIZERS, found.systems.colorizers[0])
    assert made.settings == build(COLORIZERS, SystemValue("proposed")).settings
    assert found.resolved()["systems"]["anonymizers"][0]["seeds"] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('seeds = [1, 1]\n', "seeds are .*, not different numbers"),
        ('seeds = 3\n', "seeds is 3, not a list"),
        ('seeds = [-1]\n', r"seeds\[0\] is -1, not a whole number from 0 to 4294967295"),
        ('[systems]\nanonymizers = [{name = "model-2", seeds = [0.5]}]\n', r"seeds\[0\] is 0.5, not a whole number"),
        ('[systems]\nanonymizers = [{name = "deform", seeds = [0, 1]}]\n', "deform can have no seeds: nothing of it"),
        ('[systems]\nrecognizers = [{name = "set-cnn", seeds = [0, 1]}]\n', "set-cnn can have no seeds: nothing of it"),
        ('[systems]\nanonymizers = [{name = "model-2", settings = {seed = 1}, seeds = [0]}]\n', "seed among"),
        ('[systems]\nanonymizers = ["deform[seed=1]"]\n', "takes no setting 'seed'"),
        ('[systems]\nanonymizers = ["model-2[seed=-1]"]\n', "is -1, not a whole number from 0 to 4294967295"),
        ('[extras]\nsweep = [{name = "model-2", seeds = [0, 1]}]\n', "has seeds; give them in systems"),
    ],
)  # fmt: skip
def test_seeds_that_mean_nothing_are_refused(tmp_path, text, message):
    with pytest.raises(ConfigError, match=message) as error:
        (tmp_path / "own.toml").write_text(
            text + PEOPLE if text[0] == "s" else PEOPLE + text, encoding="utf-8"
        )
        load_suite(str(tmp_path / "own.toml"))
    assert str(error.value).startswith("suite own: ") and "\n" not in str(error.value)


def test_standard_repeats_the_slides_rivals_and_model_2():
    systems = load_suite("standard").systems
    seeds = {str(v): v.seeds for v in (*systems.anonymizers, *systems.colorizers)}
    assert seeds["baseline"] == seeds["proposed"] == (0, 1, 2, 3, 4) and seeds["model-2"] == (0, 1, 2)
