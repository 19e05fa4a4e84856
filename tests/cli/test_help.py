import subprocess
import sys

import pytest


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "gaitbench", *arguments], capture_output=True, text=True)


def test_help_imports_neither_numpy_nor_torch():
    code = (
        "import sys\nsys.argv = ['gaitbench', '--help']\nfrom gaitbench.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('numpy', 'torch', 'pandas', 'rich', 'cv2') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip().endswith("[]")
    for verb in ("run-all", "success-rate", "quality", "report", "walkers"):
        assert verb in out


@pytest.mark.parametrize("verb", ["run-all", "success-rate", "quality", "report", "walkers"])
def test_every_verb_explains_itself_without_heavy_imports(verb):
    code = (
        f"import sys\nsys.argv = ['gaitbench', {verb!r}, '--help']\nfrom gaitbench.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('numpy', 'torch', 'pandas', 'cv2') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "Usage" in out and out.strip().endswith("[]")


def test_unknown_verb_offers_the_nearest():
    done = run("run-al")
    assert done.returncode == 2 and "did you mean 'run-all'" in done.stderr


def test_version():
    from gaitbench import __version__

    assert __version__ in run("--version").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run-all", "--suite", "quik"], "did you mean 'quick'"),
        (["run-all", "--suite", "missing.toml"], "no suite file"),
        (["success-rate", "--suite", "smoke", "--angle", "91"], "angle 91 is not in suite smoke"),
        (["run-all", "--suite", "smoke", "--device", "tpu"], "unknown device 'tpu'"),
        (["run-all", "--suite", "smoke", "--jobs", "0"], "take 1 or more"),
        (["run-all", "--suite", "smoke", "--data", "no/such/folder"], "no/such/folder"),
        (["run-all", "--suite", "smoke", "--seed", "x"], "not a valid integer"),
        (["run-all", "--suite", "smoke", "--seed", "-1"], "take 0 to 4294967295"),
    ],
)
def test_bad_options_give_one_line_and_leave_nothing_behind(arguments, message, tmp_path):
    output = tmp_path / "out"
    done = run(*arguments, "--output", str(output), "--store", str(tmp_path / "store"), "--quiet")
    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr
    assert not output.exists()


def test_output_that_cannot_be_written_is_refused_before_the_run(tmp_path):
    (tmp_path / "file").write_text("")
    done = run(
        "run-all",
        "--suite",
        "smoke",
        "--output",
        str(tmp_path / "file" / "x"),
        "--store",
        str(tmp_path / "s"),
    )
    assert done.returncode == 2 and "cannot be written" in done.stderr
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("run-all", "[default: reports/SUITE"),
        ("success-rate", "without it nothing is written"),
        ("quality", "without it nothing is written"),
        ("sweep", "[default: reports/sweep-NAME"),
    ],
)
def test_help_states_the_folder_that_is_really_taken(verb, said):
    import importlib

    command = importlib.import_module(f"gaitbench.cli.{verb.replace('-', '_')}").command
    (output,) = (one for one in command.params if one.name == "output")
    assert said in output.help and (("default" in output.help) == (verb in ("run-all", "sweep")))


def test_two_suite_files_of_one_name_do_not_share_a_folder(tmp_path, monkeypatch):
    """Any file called suite.toml landed in reports/suite."""
    import dataclasses
    import json
    from types import SimpleNamespace

    from gaitbench.cli.run_all import _default_output
    from gaitbench.suites.reading import load_suite

    monkeypatch.chdir(tmp_path)
    suites = []
    for seed in (1, 2):
        path = tmp_path / str(seed) / "suite.toml"
        path.parent.mkdir()
        text = load_text("smoke")
        path.write_text(f"seed = {seed}\n{text}")
        suites.append((str(path), SimpleNamespace(asked=None, suite=load_suite(str(path)))))

    def place(asked, run):
        folder = _default_output(asked, run, None)
        folder.mkdir(parents=True, exist_ok=True)
        held = {"provenance": {"suite": json.loads(json.dumps(run.suite.resolved()))}}
        (folder / "run.json").write_text(json.dumps(held))
        return folder.as_posix()

    assert [place(*one) for one in (*suites, suites[0])] == [
        "reports/suite",
        "reports/suite-2",
        "reports/suite",
    ]
    quick = dataclasses.replace(suites[0][1].suite, name="suite")
    assert place("suite", SimpleNamespace(asked=None, suite=quick)) == "reports/suite", (
        "a suite of ours by its name"
    )


def load_text(name):
    from importlib import resources

    text = (resources.files("gaitbench.suites") / f"{name}.toml").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("seed ="))
