import json

from click.testing import CliRunner

from gaitbench.cli.list_systems import command
from gaitbench.registry import ANONYMIZERS


def test_everything_registered_is_listed_with_its_origin():
    found = json.loads(CliRunner().invoke(command, ["--json"]).output)
    assert set(found) == {
        "dataset",
        "anonymizer",
        "colorizer",
        "recognizer",
        "rung",
        "metric",
        "table",
        "suite",
    }
    assert list(found["anonymizer"]) == ANONYMIZERS.names()
    assert found["colorizer"]["proposed"] == "built in" and "quick" in found["suite"]
    assert "robust-vtm" in CliRunner().invoke(command).output
