"""Keys hold the code that makes an artifact: all of it, nothing else, and none of its comments."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gaitbench.errors import ConfigError
from gaitbench.store.closure import closure, closure_digest, forget
from gaitbench.store.libraries import versions

ROOT = Path(__file__).parents[2]
#: What each stage hands to `closure_digest`.
STAGES = {
    "sequences": ["gaitbench.evaluation.stages.prepare:_prepare_walk", "gaitbench.datasets.walkers.dataset:Walkers"],
    "model-1": ["gaitbench.evaluation.stages.systems:Systems", "gaitbench.anonymizers.model1.anonymizer:Model1"],
    "deform": ["gaitbench.evaluation.stages.systems:Systems", "gaitbench.anonymizers.deform:Deform"],
    "warp": ["gaitbench.evaluation.stages.systems:Systems", "gaitbench.colorizers.warp:Warp"],
    "anonymized": ["gaitbench.evaluation.stages.anonymize:_one_subject"],
    "features": ["gaitbench.evaluation.attacks.observe:_kept"],
    "distances": ["gaitbench.evaluation.attacks.identify:Recognizers", "recognizer:RobustVTM"],
    "distances nn": ["gaitbench.evaluation.attacks.identify:Recognizers", "recognizer:GeiNearestNeighbor"],
    "quality": ["gaitbench.evaluation.pictures.quality:_one_subject", "gaitbench.metrics:psnr"],
    "naturalness": ["gaitbench.evaluation.rows.pictures.naturalness_rows:_measured"],
    "bundled": ["gaitbench.evaluation.attacks.bundled:BundledVTM"],
}  # fmt: skip


def test_keys_of_a_run_take_less_than_a_second():
    """Of every stage, sources read anew; three times the goal, for a machine at work with something else."""
    import time

    forget()
    started = time.process_time()
    for things in STAGES.values():
        closure_digest(*things)
    assert time.process_time() - started < 3


class Copy:
    """A copy of both packages whose files can be changed."""

    def __init__(self, folder):
        self.folder = folder
        for package in ("gaitbench", "recognizer"):
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))

    def keys(self):
        code = (
            "import json, sys; from gaitbench.store.closure import closure_digest as d; "
            "print(json.dumps({n: d(*t) for n, t in json.loads(sys.argv[1]).items()}))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, json.dumps(STAGES)],
            cwd=self.folder, env={"PYTHONPATH": str(self.folder), "PATH": ""}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def change(self, file, old, new):
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert len(re.findall(old, text)) == 1, (file, old)
        path.write_text(re.sub(old, new, text), encoding="utf-8")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    copy = Copy(tmp_path_factory.mktemp("copy"))
    return copy, copy.keys()


@pytest.fixture
def changed(original):
    copy, before = original
    kept = {}

    def differ(file, old, new):
        path = copy.folder / file
        kept.setdefault(path, path.read_bytes())
        copy.change(file, old, new)
        after = copy.keys()
        return {stage for stage in STAGES if after[stage] != before[stage]}

    yield differ
    for path, data in kept.items():
        path.write_bytes(data)


def test_comments_docstrings_and_layout_change_no_key(original):
    copy, before = original
    files = [f for p in ("gaitbench", "recognizer") for f in (copy.folder / p).rglob("*.py")]
    kept = {f: f.read_bytes() for f in files}
    try:
        for file in files:
            text = file.read_text(encoding="utf-8")
            text = re.sub(r'^"""', '"""Another docstring. ', text, count=1)  # of the module
            text = re.sub(r':\n( +)"""', r':\n\1"""Another docstring. ', text)
            text = re.sub(r"^def ", "# a comment above\n\n\ndef ", text, flags=re.MULTILINE)
            file.write_text(text + "\n# a comment at the end\n", encoding="utf-8")
        assert copy.keys() == before
    finally:
        for file, data in kept.items():
            file.write_bytes(data)


@pytest.mark.parametrize(
    ("file", "old", "new", "stages"),
    [
        # a constant of the gait period, which GEIs and naturalness read
        ("recognizer/gait_energy/period.py", r"\n_HIGH = .*", "\n_HIGH = 0.123", {"features", "naturalness"}),
        # the bundled recognizer's weights: a file that is shipped
        ("recognizer/pretrained/robust-vtm.json", r"\A\{", "{ ", {"bundled"}),
        # a table that is drawn re-keys nothing
        ("gaitbench/reporting/report.py", r"\Z", "\nNEW = 1\n", set()),
        # a name that nothing of it uses
        ("gaitbench/evaluation/attacks/observe.py", r"\Z", "\nNEW = 1\n", set()),
        # which is found through the re-exports of a package
        ("gaitbench/metrics/pictures/psnr_ssim.py", r"\ndef psnr\(a: Any", "\ndef psnr(a: int", {"quality"}),
        # one by one, out of a table of names that are imported when they are asked for
        ("recognizer/attackers/gei_nn.py", r"\n(    name\b.*)", r"\n    more = 1\n\1", {"distances nn"}),
        # imported late, inside a function
        ("gaitbench/datasets/silhouettes/resegment.py", r"\n_SIDE = .*", "\n_SIDE = 99", {"features"}),
        # a parameter in how one anonymizer is built
        ("gaitbench/anonymizers/deform.py", r"strength: float = [0-9.]+", "strength: float = 0.77", {"deform"}),
    ],
)  # fmt: skip
def test_a_change_re_keys_its_dependents_and_no_others(changed, file, old, new, stages):
    assert changed(file, old, new) == stages


# ---------------------------------------------------------------- plug-ins


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Writes modules of a third party and gives the digest of what they offer, always read anew."""
    monkeypatch.syspath_prepend(tmp_path)

    def made(files, thing):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        forget()
        return closure_digest(thing)

    yield made
    forget()


def test_a_plugins_helper_counts(plugin):
    files = {
        "theirs.py": "from their_helper import f\nclass A:\n    x = f\n",
        "their_helper.py": "def f(): return 1\n",
    }
    first = plugin(files, "theirs:A")
    assert plugin({"their_helper.py": "def f(): return 1  # one\n"}, "theirs:A") == first
    assert plugin({"their_helper.py": "def f(): return 2\n"}, "theirs:A") != first


def test_all_modules_and_data_of_a_plugins_package_count(plugin):
    files = {
        "theirpack/__init__.py": "", "theirpack/a.py": "class A: pass\n", "theirpack/b.py": "X = 1\n",
        "theirpack/data/weights.json": "[1]",
    }  # fmt: skip
    first = plugin(files, "theirpack.a:A")
    assert plugin({"theirpack/b.py": "X = 1\n# more\n"}, "theirpack.a:A") == first
    second = plugin({"theirpack/b.py": "X = 2\n"}, "theirpack.a:A")
    third = plugin({"theirpack/data/weights.json": "[2]"}, "theirpack.a:A")
    assert len({first, second, third}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    from late import g\n    return g()\n",
        "def f():\n    import late\n    return late.g()\n",
        "try:\n    from late import g\nexcept ImportError:\n    g = None\ndef f():\n    return g()\n",
        "import late as other\ndef f(x=other.g): pass\n",
        "from late import *\ndef f(): return g()\n",
        "from between import g\ndef f(): return g()\n",
    ],
)
def test_every_way_of_importing_counts(plugin, text):
    files = {"way.py": text, "late.py": "def g(): return 1\n", "between.py": "from late import g\n"}
    first = plugin(files, "way:f")
    assert plugin({"late.py": "def g(): return 2\n"}, "way:f") != first


def test_what_acts_on_import_counts(plugin):
    files = {"acts.py": "TABLE = {}\ndef f(): return TABLE\nTABLE['a'] = 1\n"}
    first = plugin(files, "acts:f")
    assert plugin({"acts.py": "TABLE = {}\ndef f(): return TABLE\nTABLE['a'] = 2\n"}, "acts:f") != first


def test_libraries_that_compute_are_in_it_with_their_versions():
    found = closure("gaitbench.metrics:psnr").libraries
    assert any(text.startswith("opencv") for text in found) and any(
        text.startswith("numpy ") for text in found
    )
    assert not any("joblib" in text or "safetensors" in text for text in found)
    assert dict(versions({"sklearn"}))["sklearn"].startswith("scikit-learn ")


def test_another_version_of_a_library_is_another_key(monkeypatch):
    first = closure_digest("gaitbench.metrics:psnr")
    monkeypatch.setattr("gaitbench.store.closure.versions", lambda modules: [("numpy", "numpy 0.0")])
    forget()
    assert closure_digest("gaitbench.metrics:psnr") != first
    forget()


def test_a_name_that_leads_nowhere_is_refused():
    with pytest.raises(ConfigError, match="no_such_module"):
        closure_digest("no_such_module")


def test_source_that_is_no_python_is_named(plugin):
    with pytest.raises(ConfigError, match=r"broken_source.*mend it"):
        plugin({"broken_source.py": "def f(:\n"}, "broken_source:f")


def test_what_is_typed_in_counts_by_its_text():
    made = {}
    exec(compile("class A:\n    x = 1\n", "<typed in>", "exec"), {"__name__": "__nowhere__"}, made)
    assert closure(made["A"]).names == ("__nowhere__:A",)


def test_the_arguments_of_a_partial_count():
    from functools import partial

    found = {closure_digest(partial(json.dumps, indent=n)) for n in (1, 2)}
    assert len(found) == 2 and closure_digest(partial(json.dumps, indent=1)) in found
