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
