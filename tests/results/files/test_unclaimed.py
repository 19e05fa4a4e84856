"""A default folder replaces no other run."""

import json

from gaitbench.results.files.unclaimed import unclaimed


def _held(folder, **provenance):
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"schema_version": 4, "provenance": provenance}))


def test_the_first_number_that_holds_no_other_run(tmp_path, caplog):
    def mine(held):
        return held.get("mark") == "mine"

    place = tmp_path / "external"
    assert unclaimed(place, mine) == place and not caplog.records
    _held(place, mark="other")
    assert unclaimed(place, mine) == tmp_path / "external-2"
    assert "holds another run and stays as it is" in caplog.text
    _held(tmp_path / "external-2", mark="other")
    _held(tmp_path / "external-3", mark="mine")
    assert unclaimed(place, mine) == tmp_path / "external-3"


def test_a_record_that_cannot_be_read_is_not_replaced_either(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "run.json").write_text("{")
    assert unclaimed(tmp_path / "a", lambda held: bool(held)) == tmp_path / "a-2"
