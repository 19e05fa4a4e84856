"""``gaitbench sweep`` on `smoke`: five strengths of Model 2 beside `deform`, whose strength 0 changes nothing."""

import json

import pytest
from command_line import gaitbench

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("smoke")]

STRENGTHS = ("0", "0.25", "0.5", "0.75", "1")


@pytest.fixture(scope="module")
def swept(smoke):
    """Rows of the sweep, its folder, and what the store made for it."""
    out = smoke / "sweep"
    settings = (f"model-2.strength={','.join(STRENGTHS)}", "deform.strength=0,0.3")
    said = gaitbench(
        "sweep", *(word for name in ("model-2", "deform") for word in ("--anonymizer", name)),
        *(word for setting in settings for word in ("--setting", setting)), "--suite", "smoke",
        "--store", smoke / "store", "--output", out, "--quiet", "--json", cwd=smoke,
    )  # fmt: skip
    return json.loads(said.stdout), out


def _values(rows, name, measure):
    return {
        r["variant"]: r["value"] for r in rows["sweep"] if (r["anonymizer"], r["measure"]) == (name, measure)
    }


def test_strength_0_of_deform_is_the_original_and_more_hides_more(swept):
    rows, _ = swept
    success, iou = _values(rows, "deform", "success"), _values(rows, "deform", "iou")
    assert success["strength=0.0"] == 0.0 and iou["strength=0.0"] == 1.0
    assert _values(rows, "deform", "psnr")["strength=0.0"] is None, "identical pictures have no PSNR"
    assert success["strength=0.3"] > 0 and iou["strength=0.3"] < 0.9


def test_five_strengths_of_model_2_are_monotone_and_train_once(swept):
    rows, out = swept
    iou = list(_values(rows, "model-2", "iou").values())
    assert len(iou) == 6 and sorted(iou[1:], reverse=True) == iou[1:], "as run, then the strengths"
    stages = json.loads((out / "run.json").read_text("utf-8"))["stages"]
    assert not [s["name"] for s in stages if s["name"].startswith("train model-2") and not s["cached"]]


def test_table_curve_and_page_are_there(swept):
    rows, out = swept
    assert len((out / "tables" / "table_sweep.csv").read_text("utf-8").splitlines()) == 1 + 6 + 2
    assert (out / "tables" / "table_equal_success.tex").is_file() and (
        out / "figures" / "sweep.png"
    ).is_file()
    assert 'id="table_sweep"' in (out / "report.html").read_text("utf-8")
    assert {r["success"] for r in rows["equal_success"]} == {50.0, 80.0, 90.0}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--anonymizer", "deform", "--setting", "strenght=1"), "takes no setting"),
        (("--anonymizer", "defrom", "--setting", "strength=1"), "deform"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line_before_anything_is_written(smoke, words, message):
    done = gaitbench("sweep", *words, "--suite", "smoke", "--output", smoke / "none", check=False, cwd=smoke)
    assert done.returncode == 2 and message in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not (smoke / "none").exists()
