"""Within a session and across: places of the anonymizers in both, and when there is no table."""

import csv
import dataclasses
import io

from fake_run import second_record

from gaitbench.reporting.formats.plain import to_csv
from gaitbench.reporting.tables.protocols.sessions import places, sessions
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import CrossSession


def row(
    anonymizer, within, across, attacker="ignorant", recognizer="gei-nn", condition="all", gallery="all-views"
):
    def part(rank1):
        return (120, rank1, rank1 - 2, rank1 + 2, 100, 90, 90.0, 85.0, 95.0)

    return CrossSession(
        anonymizer, "none", attacker, recognizer, "silhouette", gallery, condition, 40, *part(within), *part(across),
        across - within, across - within - 3, across - within + 3,
    )  # fmt: skip


ROWS = (
    row("original", 90.0, 60.0),
    row("model-2", 20.0, 15.0), row("deform", 10.0, 40.0), row("blur", 20.0, 50.0),
    row("model-2", 70.0, 30.0, "semi-informed"), row("deform", 60.0, 50.0, "semi-informed"),
    row("model-2", 25.0, 20.0, condition="nm"), row("model-2", 21.0, 16.0, gallery="same-view"),
    row("constant", 2.5, 2.5),
)  # fmt: skip


def _record(rows=ROWS):
    old = second_record()
    return dataclasses.replace(old, tables={**old.tables, "sessions": tuple(rows)})


def test_places_are_among_the_anonymizers_under_one_attack():
    within, across = places(ROWS, "within"), places(ROWS, "across")
    names = ("model-2", "deform", "blur")
    found = {name: next(r for r in ROWS if r.anonymizer == name) for name in names}
    assert [within[found[name]] for name in names] == [2, 1, 2]
    assert [across[found[name]] for name in names] == [1, 2, 3]
    assert ROWS[0] not in within and ROWS[-1] not in across  # controls have no place
    assert (within[ROWS[4]], across[ROWS[4]]) == (2, 1)


def test_each_attack_stands_within_and_across():
    table = sessions(_record())
    lines = {
        (r["anonymizer"], r["attacker"], r["condition"], r["gallery"]): r
        for r in csv.DictReader(io.StringIO(to_csv(table)))
    }
    assert {key[0] for key in lines} == {"original", "model-2", "deform", "blur"}
    mine = lines["model-2", "ignorant", "all", "all-views"]
    assert (mine["rank1_within"], mine["rank1_across"], mine["change"]) == ("20", "15", "-5")
    assert (mine["place_within"], mine["place_across"], mine["n_across"]) == ("2", "1", "120")
    assert lines["original", "ignorant", "all", "all-views"]["place_within"] == ""
    shown = [r for r in table.rows if not r.detail]
    assert len(shown) == 6 and all(r.cells[4].value == "all" for r in shown)


def test_one_session_has_no_such_table():
    assert sessions(second_record()) is None
    assert sessions(_record(ROWS[-1:])) is None


def test_a_record_keeps_the_rows(tmp_path):
    record = _record()
    record.save(tmp_path / "run")
    assert Record.load(tmp_path / "run").tables["sessions"] == ROWS
