"""The main job end to end on `smoke`: from walking people to tables."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from command_line import gaitbench, tables

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("smoke")]

ANGLES = [0, 54, 90, 144]


def test_everything_is_written(smoke):
    out = smoke / "out"
    for name in ("run.json", "scores.parquet", "report.html"):
        assert (out / name).stat().st_size > 1000
    assert list((out / "tables").glob("*.tex")) and list((out / "tables").glob("*.csv"))
    assert list((out / "figures").glob("*.png"))
    assert not list(smoke.rglob("*.part"))


def test_success_rows_are_complete_and_consistent(record):
    rows = record["tables"]["success_rate"]
    for name in ("model-2", "original", "someone-else", "constant", "oracle"):
        assert sorted({r["angle"] for r in rows if r["anonymizer"] == name}) == ANGLES
    for r in rows:
        assert r["n"] == 18 and 0 <= r["m"] <= r["s"] <= r["n"]
        assert r["chance"] == pytest.approx(100 * 5 / 6)
        if r["s"]:
            assert r["rate"] == pytest.approx(100 * r["m"] / r["s"])
            assert r["ci_low"] <= r["rate"] <= r["ci_high"]


def test_doing_nothing_hides_nobody(record):
    assert {r["m"] for r in record["tables"]["success_rate"] if r["anonymizer"] == "original"} == {0}


def test_a_constant_is_at_chance_however_many_videos_are_pooled(record):
    rows = [r for r in record["tables"]["pooled"] if r["anonymizer"] == "constant"]
    assert {r["k"] for r in rows} == {1, 2, 4, 8}
    for r in rows:
        assert r["rank1"] == pytest.approx(r["chance"]) == pytest.approx(100 / 6)
    check = next(c for c in record["checks"] if "pooled" in c["name"])
    assert check["passed"]


def test_both_colorizers_have_equal_success_at_every_angle(record):
    rows = [r for r in record["tables"]["success_rate"] if r["anonymizer"] == "model-2"]
    by_colorizer = {
        c: [(r["angle"], r["m"], r["s"]) for r in rows if r["colorizer"] == c]
        for c in ("baseline", "proposed")
    }
    assert by_colorizer["baseline"] == by_colorizer["proposed"] and len(by_colorizer["baseline"]) == len(
        ANGLES
    )


def test_quality_rows(record):
    rows = record["tables"]["quality"]
    for colorizer in ("baseline", "proposed"):
        mine = [
            r
            for r in rows
            if (r["anonymizer"], r["colorizer"], r["reference"]) == ("model-2", colorizer, "original")
        ]
        assert {r["set"] for r in mine} == {"plain", "textural", "complete", "incomplete"}
        for r in mine:
            if r["n"]:
                assert 5 < r["psnr"] < 60 and 0 < r["ssim"] < 1
    truth = [r for r in rows if r["reference"] == "truth" and r["n"]]
    assert truth and {r["anonymizer"] for r in truth} == {"oracle"}
    untouched = [r for r in rows if r["anonymizer"] == "original" and r["n"]]
    assert untouched and all(r["psnr"] is None and r["infinite"] == r["n"] for r in untouched)


def test_scores_agree_with_the_table(smoke, record):
    scores = pd.read_parquet(smoke / "out" / "scores.parquet")
    mine = scores[(scores.kind == "identification") & (scores.anonymizer == "model-2")]
    wide = mine.pivot(index="key", columns="measure", values="value")
    angle = wide.index.str[-3:].astype(int)
    for row in (r for r in record["tables"]["success_rate"] if r["anonymizer"] == "model-2"):
        here = wide[angle == row["angle"]]
        s = here[here.correct_before == 1]
        assert (len(here), len(s), int((s.correct_after == 0).sum())) == (row["n"], row["s"], row["m"])


def test_provenance_says_what_ran(record):
    p = record["provenance"]
    assert p["suite_name"] == "smoke" and p["dataset"]["rendered"] is True and p["seed"] == 0
    assert {s["name"] for s in record["stages"]} >= {"prepare", "gei", "anonymize", "identify", "quality"}
    assert record["failures"] == []


def test_second_run_reuses_everything(smoke):
    again = smoke / "again"
    gaitbench("run-all", "--suite", "smoke", "--store", smoke / "store", "--output", again, "--quiet")
    stages = {s["name"]: s["cached"] for s in json.loads((again / "run.json").read_text())["stages"]}
    made = [name for name, cached in stages.items() if not cached]
    assert set(made) <= {"statistics", "samples"}
    assert tables(again) == tables(smoke / "out")


def test_report_again_from_the_record_alone(smoke, tmp_path):
    import shutil

    for name in ("run.json", "scores.parquet"):
        shutil.copy(smoke / "out" / name, tmp_path / name)
    shutil.copytree(smoke / "out" / "samples", tmp_path / "samples")
    gaitbench("report", tmp_path)
    assert tables(tmp_path) == tables(smoke / "out")


def test_success_rate_of_one_angle(smoke, record):
    done = gaitbench(
        "success-rate", "--suite", "smoke", "--angle", 90, "--json", "--store", smoke / "store", "--quiet"
    )
    rows = json.loads(done.stdout)
    whole = [r for r in record["tables"]["success_rate"] if r["angle"] == 90]
    key = ("anonymizer", "colorizer")
    assert {tuple(r[k] for k in key): (r["n"], r["s"], r["m"]) for r in rows} == {
        tuple(r[k] for k in key): (r["n"], r["s"], r["m"]) for r in whole
    }


def test_quality_verb_prints_the_rows(smoke, record):
    done = gaitbench("quality", "--suite", "smoke", "--json", "--store", smoke / "store", "--quiet")
    assert json.loads(done.stdout) == record["tables"]["quality"]


def _heed_interrupts():
    """A shell's background jobs ignore SIGINT, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupted_and_resumed_from_nothing_gives_the_same_bytes(smoke, tmp_path):
    """Another store, stopped in the middle: what was finished is kept, and the tables are the same bytes."""
    command = [
        sys.executable, "-m", "gaitbench", "run-all", "--suite", "smoke", "--quiet",
        "--store", str(tmp_path / "store"), "--output", str(tmp_path / "out"),
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_heed_interrupts,
    )
    deadline = time.monotonic() + 300
    while len(list((tmp_path / "store").rglob("*.safetensors"))) < 40 and time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert not (tmp_path / "out" / "run.json").exists()
    kept = {p: p.stat().st_mtime_ns for p in (tmp_path / "store").rglob("*.safetensors")}
    assert kept
    gaitbench(*command[3:])
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    assert tables(tmp_path / "out") == tables(smoke / "out")


#: A suite of seconds that looks at silhouettes and at pictures.
TINY = Path(__file__).parents[1] / "evaluation" / "planning" / "tiny.toml"


def test_from_disk_as_from_memory(tmp_path):
    """Exported in the CASIA-B layout and read back, the walkers give the same tables."""
    root = tmp_path / "wälkers set"
    which = ("--subjects", "001-004,051-054,081-084", "--angles", "54,90", "--frames", 10)
    which += ("--walks", "nm-01,nm-02,nm-05,bg-01,cl-01")
    gaitbench("walkers", "export", root, "--layout", "casia-b", *which)
    for name, data in (("disk", ("--data", root)), ("memory", ())):
        place = ("--store", tmp_path / f"store of {name}", "--output", tmp_path / name)
        gaitbench("run-all", "--suite", TINY, *data, *place, "--jobs", 1, "--quiet")
    found = tables(tmp_path / "disk")
    assert len(found) > 20 and found == tables(tmp_path / "memory")
    # the silhouette release has no video: identification works, and gives what the video gives
    silent = tmp_path / "silhouettes"
    gaitbench("walkers", "export", silent, "--no-video", *which)
    silhouettes = _silhouettes_of(TINY, tmp_path / "silhouettes.toml")
    place = ("--store", tmp_path / "store of silhouettes", "--jobs", 1, "--quiet")
    done = gaitbench("success-rate", "--suite", silhouettes, "--data", silent, "--json", *place)
    record = json.loads((tmp_path / "memory" / "run.json").read_text("utf-8"))

    def seen(rows):
        return [r for r in rows if r["input"] == "silhouette" and r["anonymizer"] != "oracle"]

    rows = seen(json.loads(done.stdout))
    assert rows and rows == seen(record["tables"]["success_rate"])


def _silhouettes_of(suite, place):
    """The suite without what looks at pictures."""
    text = suite.read_text("utf-8")
    place.write_text(text.replace(', "appearance", "resegmented"', ""), "utf-8")
    return place


def test_tables_hold_no_time_and_no_path(smoke):
    for name, data in tables(smoke / "out").items():
        text = data.decode("utf-8")
        assert str(smoke) not in text and not re.search(r"20\d\d-\d\d-\d\d", text), name


def test_page_is_self_contained(smoke):
    page = Path(smoke / "out" / "report.html").read_text(encoding="utf-8")
    assert len(page) < 8_000_000
    assert not re.search(r"""(?:src|href)=["']https?:""", page)
