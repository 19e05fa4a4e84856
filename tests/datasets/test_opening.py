"""Data sets by name: what is known, what is guessed and said, what is refused in one line."""

import csv
import importlib
import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from moving_blob import outline, write_png
from plug_ins import install

from gaitbench.cli.list_systems import command as list_command
from gaitbench.cli.options import open_from_options
from gaitbench.cli.run_all import command as run_all
from gaitbench.datasets.opening import guess_format, open_data
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.errors import ConfigError, DataError
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepare import prepare_all

MODULE = '''
import hashlib
import numpy as np
from gaitbench.datasets.sequence import Recording, SequenceKey

class Cubes:
    """One .npy of silhouettes a sequence."""
    name, rendered = "cubes of a third party", False

    def __init__(self, root):
        self.files = {SequenceKey.parse(p.stem): p for p in sorted(root.glob("*.npy"))}

    @staticmethod
    def fits(root):
        return any(root.glob("*.npy"))

    def fingerprint(self):
        return hashlib.sha256(b"".join(p.read_bytes() for p in self.files.values())).hexdigest()

    def keys(self):
        return sorted(self.files)

    def load(self, key, *, frames=None, video=True):
        masks = np.load(self.files[key])[:frames]
        return Recording(key, None, None, masks, np.arange(1, len(masks) + 1, dtype=np.int32), len(masks))

    def load_walk(self, subject, walk, angles, *, frames=None, video=True):
        for angle in angles:
            yield self.load(SequenceKey(subject, walk, angle), frames=frames, video=video)

    def true_masks(self, key, *, body, frames=None, rgb=True):
        return None

class Greedy(Cubes):
    fits = staticmethod(lambda root: True)

class Torn(Cubes):
    def __init__(self, root):
        raise RuntimeError("torn\\nto pieces")

def nothing(root):
    return object()

def alone():
    return object()
'''
KEYS = ("081-nm-01-090", "081-nm-02-090", "081-nm-05-090")


@pytest.fixture
def third_party(tmp_path, monkeypatch):
    """Installs formats of a third party by name -> attribute, and takes them away again."""
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(str(site))

    def do(**formats):
        points = {"dataset": {name: f"cube_files:{attribute}" for name, attribute in formats.items()}}
        install(site, "cube-files", {"cube_files": MODULE}, points)
        importlib.invalidate_caches()

    yield do
    sys.modules.pop("cube_files", None)


@pytest.fixture
def cubes(tmp_path):
    root = tmp_path / "cubes"
    root.mkdir()
    for name in KEYS:
        np.save(root / f"{name}.npy", np.stack([outline(80 + 4 * t, t) for t in range(6)]) > 0)
    return root


@pytest.fixture
def pictures(tmp_path):
    """The same three walks in CASIA-B's layout."""
    for name in KEYS:
        subject, walk, view = name[:3], name[4:9], name[10:]
        for t in range(1, 5):
            write_png(
                tmp_path / "set" / subject / walk / view / f"{name}-{t:03d}.png", outline(80 + 4 * t, t)
            )
    return tmp_path / "set"


def options(tmp_path, **given):
    usual = dict.fromkeys(("data", "data_format", "fps", "labels", "output", "seed"))
    return usual | {"suite": "smoke", "store": tmp_path / "store", "jobs": 1, "device": "cpu"} | given


def test_a_third_partys_format_is_read_listed_guessed_and_the_guess_is_said(
    third_party, cubes, tmp_path, caplog
):
    third_party(cubes="Cubes")
    listed = json.loads(CliRunner().invoke(list_command, ["--json"]).output)["dataset"]
    assert listed["cubes"] == "cube-files (cube_files:Cubes)" and listed["manifest"] == "built in"
    named, _ = open_from_options(options(tmp_path, data=cubes, data_format="cubes"))
    assert not caplog.records
    guessed, _ = open_from_options(options(tmp_path, data=cubes))
    assert [r.getMessage() for r in caplog.records] == [
        f"{cubes} is read as cubes (guessed; --format NAME says otherwise)"
    ]
    assert named.dataset.name == guessed.dataset.name == "cubes of a third party"
    sequences = named.dataset.keys()
    assert [str(key) for key in sequences] == list(KEYS)
    run = replace(named, suite=replace(named.suite, data=replace(named.suite.data, frames=4)))
    needs = [Need(key) for key in sequences]
    made = prepare_all(run, needs)
    for need in needs:
        assert run.store.has("sequences", made[need]) and not run.log.failures


def test_folders_are_casia_b_and_tables_are_manifests_and_both_read_the_same(pictures, tmp_path, caplog):
    table = tmp_path / "m.csv"
    with table.open("w", newline="") as file:
        rows = [(n[:3], n[4:9], "90", f"set/{n[:3]}/{n[4:9]}/{n[10:]}") for n in KEYS]
        csv.writer(file).writerows([("subject", "walk", "angle", "original"), *rows])
    assert (guess_format(pictures), guess_format(table)) == ("casia-b", "manifest")
    layout, manifest = open_data(pictures), open_data(table)
    assert [r.getMessage().split(" is read as ")[1].split()[0] for r in caplog.records] == [
        "casia-b",
        "manifest",
    ]
    sequences = layout.keys()
    assert manifest.name == "manifest" and manifest.keys() == sequences and len(sequences) == 3
    for key in sequences:
        np.testing.assert_array_equal(manifest.load(key).silhouettes, layout.load(key).silhouettes)
    with table.open("a") as file:
        file.write("081,nm-06,900,set\n081,nm-07,90,nowhere\n")
    with pytest.raises(
        DataError, match=r"m\.csv line 5: angle is 900, .*\(and 1 more rows\); mend or remove it"
    ):
        open_data(table)


def test_another_rate_is_other_data(pictures):
    """Prepared sequences are kept under the fingerprint: what was read at one rate must not serve another."""
    marks = {open_data(pictures, "casia-b", rate=rate).fingerprint() for rate in (None, 50.0, 25.0)}
    assert len(marks) == 3 and CasiaB(pictures).fingerprint() in marks


@pytest.mark.parametrize(
    ("root", "name", "message"),
    [
        (
            "set",
            "casiab",
            r"^unknown dataset 'casiab'; did you mean 'casia-b'\? Known: walkers, casia-b, manifest, ",
        ),
        ("set", "walkers", "rendered, not read from .*set; leave out --data or --format walkers"),
        ("set", "alone", r"^data set alone of cube-files .* takes no folder or file"),
        ("set", "nothing", r"gives no data set: it lacks name, rendered, fingerprint"),
        (
            "set",
            "torn",
            r"^data set torn of cube-files .* cannot open .*set \(RuntimeError: torn to pieces\)",
        ),
        (None, "cubes", "--format cubes reads files; give their place by --data ROOT"),
    ],
)
def test_what_cannot_be_opened_is_one_line(third_party, pictures, root, name, message):
    third_party(alone="alone", nothing="nothing", torn="Torn", cubes="Cubes")
    with pytest.raises(ConfigError, match=message) as caught:
        open_data(root and pictures, name)
    assert "\n" not in str(caught.value)


def test_two_formats_that_claim_a_folder_are_not_chosen_between(third_party, cubes):
    third_party(cubes="Cubes", greedy="Greedy")
    with pytest.raises(ConfigError, match=r"cubes may be cubes or greedy; say which by --format NAME$"):
        open_data(cubes)
    assert open_data(cubes, "greedy").name == "cubes of a third party"


def test_a_rate_goes_to_formats_that_take_one(third_party, cubes):
    third_party(cubes="Cubes")
    with pytest.raises(ConfigError, match="--fps does not go with --format cubes"):
        open_data(cubes, "cubes", rate=50.0)


def test_the_command_line_refuses_a_wrong_name_before_anything_is_made(pictures, tmp_path):
    arguments = [
        "--suite",
        "smoke",
        "--data",
        str(pictures),
        "--format",
        "casia",
        "--output",
        str(tmp_path / "out"),
    ]
    done = CliRunner().invoke(run_all, [*arguments, "--store", str(tmp_path / "store"), "--quiet"])
    assert isinstance(done.exception, ConfigError) and "did you mean 'casia-b'" in str(done.exception)
    assert not (tmp_path / "out").exists()
