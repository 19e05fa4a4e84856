"""The pages that are no run's: doctor's, import's; and a sweep's and an evaluation's: axe finds nothing, all fits."""

import contextlib
import dataclasses
import sys

import numpy as np
import pytest
from fake_run import provenance, write_fake_run
from fake_sweep import swept_rows
from moving_blob import outline

from gaitbench.cli import main
from gaitbench.reporting import write_report
from gaitbench.results.record import Record

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVALUATED = {
    "verdict": {"answer": "still named", "sentence": "it does not hide everybody", "why": []},
    "counts": {"lines": ["4 sequences were judged."]}, "attacker": "bundled", "noise": "undeclared",
    "problems": {"missing": 1}, "left_out": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Name -> page."""
    place = tmp_path_factory.mktemp("pages")
    found = {}
    for name, about, rows in (
        ("sweep", {"suite_name": "sweep-quick"}, tuple(swept_rows("model-2"))),
        ("evaluate", {"evaluated": EVALUATED}, ()),
    ):
        folder = write_fake_run(place / name)
        record = Record.load(folder)
        tables = {**record.tables, "sweep": rows}
        dataclasses.replace(record, provenance=provenance(**about), tables=tables).save(folder)
        write_report(folder)
        found[name] = folder / "report.html"
    (place / "set").mkdir()
    for number in (1, 2):
        masks = np.stack([outline(70 + 3 * t, 0.5 * t, 240, 200, 0.7) for t in range(12)])
        if number == 2:
            masks[4] = 0  # something for the doctor to find
        np.savez(place / "set" / f"00{number}-nm-01-090.npz", silhouettes=masks)
    found["doctor"], found["import"] = place / "doctor.html", place / "sheet.html"
    _called("doctor", place / "set", "--output", found["doctor"], "--quiet", "--jobs", "1")
    _called("import", place / "set", place / "in", "--sheet", found["import"], "--quiet", "--workers", "1")
    return found


def _called(*words):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["gaitbench", *map(str, words)])
        with contextlib.suppress(SystemExit):
            main()


# they share their style with a run's page, which is looked at in all four ways
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
@pytest.mark.parametrize("name", ["sweep", "evaluate", "doctor", "import"])
def test_axe_finds_no_fault_on_the_other_pages(open_uri, axe_faults, pages, name, width, scheme):
    page = open_uri(pages[name].as_uri(), color_scheme=scheme, viewport={"width": width, "height": 844})
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
