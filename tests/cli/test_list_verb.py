import json

import pytest
from click.testing import CliRunner
from plug_ins import install

from gaitbench.cli.list_systems import command
from gaitbench.errors import ConfigError
from gaitbench.registry import ANONYMIZERS, METRICS


def test_everything_registered_is_listed_with_its_origin():
    found = json.loads(CliRunner().invoke(command, ["--json"]).output)
    assert set(found) == {
        "dataset",
        "anonymizer",
        "colorizer",
        "recognizer",
        "rung",
        "metric",
        "utility_measure",
        "table",
        "suite",
    }
    assert list(found["anonymizer"]) == ANONYMIZERS.names()
    assert found["colorizer"]["proposed"] == "built in" and "quick" in found["suite"]
    assert "robust-vtm" in CliRunner().invoke(command).output


def test_a_name_that_is_taken_and_one_that_two_packages_give_are_said(tmp_path, monkeypatch):
    for number in (1, 2):
        place = tmp_path / f"site{number}"
        points = {"metric": {"psnr": "math:sqrt", "both": "math:sqrt"}}
        install(
            place,
            f"package-{number}",
            {},
            {"metric": points["metric"] if number == 1 else {"both": "math:exp"}},
        )
        monkeypatch.syspath_prepend(str(place))
    lines = {
        line.split()[0]: line for line in CliRunner().invoke(command).output.splitlines() if line[:2] == "  "
    }
    assert "built in (not used" in lines["psnr"] and "package-1 (math:sqrt)" in lines["psnr"]
    assert "package-1 (math:sqrt) and package-2 (math:exp)" in lines["both"]
    with pytest.raises(ConfigError, match="remove one of these packages"):
        METRICS.get("both")
    assert METRICS.get("psnr").name == "psnr"
