"""Every command of the README that is not a set-up command (CI runs those) works as it stands there."""

import re
import subprocess
from pathlib import Path

import pytest
from command_line import environment_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("smoke")]

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def commands():
    """Lines of the bash blocks without a ``ci:`` mark before them."""
    found = []
    for match in re.finditer(r"(?P<before>[^\n]*)\n```bash\n(?P<body>.*?)```", README, re.S):
        if "<!-- ci:" not in match["before"]:
            found += [line for line in match["body"].splitlines() if line.strip()]
    return found


def test_the_readme_has_commands_and_both_set_up_marks():
    assert len(commands()) >= 6
    assert README.count("<!-- ci:run -->") == README.count("<!-- ci:test -->") == 1


def test_every_command_works(smoke, tmp_path):
    environment = environment_of(tmp_path, smoke / "store")
    for command in commands():
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            executable="/bin/bash",
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_links_lead_somewhere():
    root = Path(__file__).parents[2]
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", README):
        if "://" not in target:
            assert (root / target).exists(), target
