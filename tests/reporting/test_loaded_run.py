"""``gaitbench.load``: data frames, figures, a view of its own."""

import dataclasses
import subprocess
import sys

import pandas as pd
import pytest
from fake_run import second_record, write_fake_run

import gaitbench
from gaitbench.errors import DataError
from gaitbench.reporting.loaded import LoadedRun


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return gaitbench.load(write_fake_run(tmp_path_factory.mktemp("loaded") / "run"))


def test_a_data_frame_for_each_table_with_numbers_where_there_are_figures(run):
    assert {"table3_success_by_angle", "table1_plain_textural", "table_verdict"} <= set(run.tables)
    frame = run.tables["table3_success_by_angle"]
    rates = run.rows["success_rate"]
    assert (
        isinstance(frame, pd.DataFrame) and frame["rate"].dtype == float and set(frame["source"]) == {"here"}
    )
    mine = frame[(frame["anonymizer"] == "model-2") & (frame["angle"] != "mean")]["rate"].dropna()
    assert set(mine.round(6)) <= set(rates["rate"].dropna().round(6)) and len(mine)
    assert (rates["m"] <= rates["s"]).all() and len(rates) == len(run.record.success_rate)
    assert run.tables["table3_success_by_angle"] is frame, "made once"
    assert set(run.scores["measure"]) >= {"psnr"}


def test_an_unknown_table_is_answered_with_the_nearest(run):
    with pytest.raises(DataError, match=r"no table 'table_verdit'; did you mean 'table_verdict'\?"):
        run.tables["table_verdit"]
    with pytest.raises(DataError, match=r"no figure 'x'\. Known: success_by_angle"):
        run.figures["x"]


def test_figures_are_drawn_and_shown(run):
    figure = run.figures["success_by_angle"]
    assert figure._repr_png_().startswith(b"\x89PNG") and figure.figure.axes
    with pytest.raises(DataError, match="nothing for the figure sweep"):
        run.figures["sweep"]


def test_the_view_says_the_verdict_first_and_nothing_runs_in_it(tmp_path):
    record = second_record()
    evil = "<script>alert(1)</script>"
    origin = {
        **record.provenance,
        "suite_name": evil,
        "dataset": {**record.provenance["dataset"], "name": evil},
    }
    shown = LoadedRun(tmp_path, dataclasses.replace(record, provenance=origin))._repr_html_()
    assert "62 of 100 walks are still named" in shown or "still named" in shown
    assert "<script" not in shown and "&lt;script&gt;" in shown and "rendered walkers" in shown
    assert shown.index("still named") < shown.index("table_verdict")


def test_a_folder_without_a_run_is_one_line(tmp_path):
    with pytest.raises(DataError, match=r"no run\.json"):
        gaitbench.load(tmp_path)


def test_the_package_itself_stays_light():
    code = "import sys, gaitbench; print([m for m in ('numpy', 'pandas', 'torch', 'matplotlib') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
