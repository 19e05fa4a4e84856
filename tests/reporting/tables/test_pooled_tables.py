"""Pools of sequences and one-to-one assignment in tables, figure and record."""

import dataclasses

import pytest
from fake_run import second_record

from gaitbench.reporting.figures.pooled import pooled as figure
from gaitbench.reporting.figures.style import themed
from gaitbench.reporting.reading.theme import LIGHT
from gaitbench.reporting.tables.criteria import criteria
from gaitbench.reporting.tables.pooled import assigned, pooled
from gaitbench.results.record import Record
from gaitbench.results.schema_pooled import Assigned, Criterion, Pooled


def record():
    def row(anonymizer, over, k, rank1):
        names = (anonymizer, "none", "ignorant", "robust-vtm", "silhouette", "all-views")
        return Pooled(*names, over, k, 40, 40, 20, rank1, max(0.0, rank1 - 3), min(100.0, rank1 + 3), 2.5)

    rows = [
        *(row("model-2", "walks and cameras", k, r) for k, r in ((1, 8.0), (4, 21.0), (33, 64.0))),
        *(row("constant", "walks and cameras", k, 2.5) for k in (1, 4, 33)),
        row("model-2", "walks", 4, 17.0),
    ]
    one = Assigned(
        "model-2", "none", "ignorant", "robust-vtm", "silhouette", "all-views", 240, 66, 40, 8.0, 11.5, 8.0, 15.0
    )  # fmt: skip
    return dataclasses.replace(second_record(), pooled=rows, assigned=[one])


def test_tables_show_every_size_with_its_interval_and_chance():
    table = pooled(record())
    first = table.rows[0]
    assert [c.key for c in table.columns][-4:] == ["k_1", "k_4", "k_33", "chance"]
    assert [(c.value, c.low, c.high) for c in first.cells[4:7]] == [(8, 5, 11), (21, 18, 24), (64, 61, 67)]
    assert first.cells[7].value == 2.5
    last = table.rows[-1]
    assert last.section == "Pooled over walks" and [c.value for c in last.cells[4:7]] == [None, 17.0, None]
    together = assigned(record()).rows[0].cells
    assert [c.value for c in together[4:]] == [8.0, 11.5, 240, 66, 40]
    assert pooled(second_record()) is None and assigned(second_record()) is None


def test_the_figure_draws_the_system_the_constant_and_chance():
    with themed(LIGHT):
        axes = figure(record(), LIGHT).axes[0]
        assert figure(second_record(), LIGHT) is None
    curves = [tuple(c[0].get_ydata()) for c in axes.containers]
    assert curves == [(8.0, 21.0, 64.0), (2.5, 2.5, 2.5)]


def test_a_record_with_pools_is_read_again(tmp_path):
    record().save(tmp_path)
    assert Record.load(tmp_path).tables["pooled"] == tuple(record().tables["pooled"])
    with pytest.raises(ValueError, match="percentage"):
        dataclasses.replace(record().tables["pooled"][0], rank1=120.0)


def test_criteria_have_a_table_each_with_the_blind_guess_last():
    names = ("model-2", "none", "ignorant", "robust-vtm", "silhouette", "all-views")
    rows = [
        Criterion(*names, "open set", 1.0, 40, 3.0, 1.0, 6.0, 0.05),
        Criterion(*names, "open set", 10.0, 40, 8.0, 4.0, 13.0, 0.5),
        Criterion(*names, "linkability", 5.0, 40, 44.0, 38.0, 50.0, 20.0),
        Criterion(*names, "singling out", 20.0, 40, 39.0, 30.0, 47.0, 37.7),
    ]
    made = {t.name: t for t in criteria(dataclasses.replace(second_record(), criteria=rows))}
    assert list(made) == ["table_open_set", "table_linkability", "table_singling_out"]
    table = made["table_open_set"]
    assert [c.title for c in table.columns][-2:] == ["1 %", "10 %"]
    assert [c.value for c in table.rows[0].cells[4:]] == [3.0, 8.0]
    assert [c.value for c in table.rows[-1].cells] == ["blind guess", None, None, None, 0.05, 0.5]
    assert "no judgement in the sense of any law" in " ".join(made["table_singling_out"].caption)
    assert criteria(second_record()) == []
    with pytest.raises(ValueError, match="criterion is"):
        dataclasses.replace(rows[0], criterion="luck")
