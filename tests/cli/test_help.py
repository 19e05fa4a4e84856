import subprocess
import sys

import click
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


def leaves():
    """Every verb that does something: its words and its command."""
    from gaitbench.cli import _cli

    def of(command, path):
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield path, command
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                yield from of(inner, f"{path} {name}")

    context = click.Context(_cli)
    return [
        leaf for name in _cli.list_commands(context) for leaf in of(_cli.get_command(context, name), name)
    ]


@pytest.mark.parametrize(("path", "command"), leaves(), ids=[path for path, _ in leaves()])
def test_every_verb_has_quiet_and_json_and_says_what_it_ends_with(path, command):
    options = {name for one in command.params for name in one.opts}
    assert {"--quiet", "--json"} <= options
    assert "Exit codes: 0 done; " in command.epilog and "2 nothing was done" in command.epilog
    shown = command.get_help(click.Context(command, info_name=f"gaitbench {path}", terminal_width=80))
    assert max(map(len, shown.splitlines())) <= 80, "an example that a terminal breaks"


def test_exit_codes_are_those_of_verbs_that_there_are():
    from gaitbench.cli.exit_codes import CODES

    assert set(CODES) <= {path for path, _ in leaves()}
    shown = run("run-all", "--help").stdout
    assert "Exit codes:" in shown and "3 a gate of --require was missed" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["store", "verfy"], "no verb 'store verfy'; did you mean 'verify'?"),
        (["walkers", "exprt", "x"], "did you mean 'export'?"),
        (["run-all", "--suit", "smoke"], "--suite"),
        (["run-all", "--device", "cpuu"], "unknown device 'cpuu'; did you mean 'cpu'?"),
        (["train", "anonymiser", "x"], "unknown kind 'anonymiser'; did you mean 'anonymizer'?"),
        (["train", "anonymizer", "model-2", "--precision", "ful"], "did you mean 'full'?"),
        (["evaluate", "--noise", "per-frames"], "did you mean 'per-frame'?"),
        (["evaluate", "--metric", "cosin"], "did you mean 'cosine'?"),
        (["evaluate", "--views", "all-view"], "did you mean 'all-views'?"),
        (["evaluate", "--reads", "silhouettes"], "did you mean 'silhouette'?"),
        (["explain", "x", "--pooled", "walk"], "did you mean 'walks'?"),
        (["anonymize", "x.mp4", "-o", "y", "--keep", "mask"], "did you mean 'masks'?"),
        (["walkers", "export", "x", "--layout", "casia"], "did you mean 'casia-b'?"),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest(arguments, message, tmp_path):
    from click.testing import CliRunner

    from gaitbench.cli import _cli

    done = CliRunner().invoke(_cli, arguments)
    said = f"{done.output} {done.exception}"
    assert message in said and not list(tmp_path.iterdir())


def test_words_of_the_command_line_are_those_of_the_library():
    from gaitbench.cli.evaluate import NOISES
    from gaitbench.cli.evaluate_numbers import INPUTS
    from gaitbench.evaluation.embeddings import wishes
    from gaitbench.evaluation.external.plan import NOISE
    from gaitbench.training.session import PRECISIONS

    assert (
        NOISES == NOISE and set(INPUTS) == set(wishes.INPUTS) and set(PRECISIONS) == {"full", "bf16", "fp16"}
    )


def test_a_shell_completes_verbs_options_and_words():
    """As docs/quick-start.md says: click's own completion, of the program's real name."""
    code = "import sys; sys.argv = ['gaitbench']; from gaitbench.cli import main; main()"

    def completed(words, place):
        import os

        environment = {
            **os.environ,
            "_GAITBENCH_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": place,
        }
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment
        ).stdout

    assert "plain,run-all" in completed("gaitbench run", "1")
    assert "--require" in completed("gaitbench run-all --req", "2")
    assert "cuda" in completed("gaitbench run-all --device cu", "3")
    assert "plain,standard" in completed("gaitbench run-all --suite st", "3")
    assert "file," in completed("gaitbench run-all --suite ./my", "3")
    assert set(completed("gaitbench sweep --anonymizer mod", "3").split()) == {
        "plain,model-1",
        "plain,model-2",
    }
    assert "plain,opengait" in completed("gaitbench run-all --format open", "3")


def test_a_log_has_a_line_a_stage_with_what_it_was_for(capsys):
    from gaitbench.cli.progress import RichProgress

    with RichProgress() as progress:
        for name in ("model-2", "deform"):
            progress.start("anonymize")
            progress.update(1.0, f"{name}: subject 081")
            progress.finish("anonymize", 3.0, cached=False)
        progress.start("statistics")
        progress.finish("statistics", 1.0, cached=True)
    lines = [line.split() for line in capsys.readouterr().err.splitlines() if " s" in line]
    assert lines == [
        ["anonymize", "3.0", "s", "model-2"], ["anonymize", "3.0", "s", "deform"],
        ["statistics", "1.0", "s", "(from", "the", "store)"],
    ]  # fmt: skip
