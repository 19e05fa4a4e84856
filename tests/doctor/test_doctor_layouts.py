"""Nothing is found in clean walkers, in whatever layout they were exported, and the layout is named with its reason."""

import shutil
import zipfile

import pytest
from small_suite import SUITE

from gaitbench.datasets.exporting.export import export_walkers
from gaitbench.datasets.walkers import Walkers
from gaitbench.doctor.diagnosis import diagnose
from gaitbench.doctor.source import open_source

LAYOUTS = {
    "casia-b": (None, "guessed: no other format claims it", "whole frames of 320 x 240 pixels"),
    "opengait": (None, "guessed: pickles three folders down", "crops of 44 x 64 pixels"),
    "ou-mvlp": (None, "guessed: folders with the names that the set has", "whole frames of 320 x 240 pixels"),
    "pictures": (
        "{subject}/{condition}-{take}/{view}/{frame}.png", "as --pattern says", "whole frames of 320 x 240 pixels",
    ),
    "npz": (None, "guessed: files ``KEY.npz``", "whole frames of 320 x 240 pixels"),
}  # fmt: skip


def exported(folder, layout):
    root = folder / layout
    walkers = Walkers(seed=0)
    export_walkers(walkers, root, ["001", "002", "003"], [54, 90], ["nm-01", "nm-02"], layout=layout, video=False,
                   frames=14)  # fmt: skip
    return root


def looked_at(root, folder, pattern=None, name=None):
    (folder / "own.toml").write_text(SUITE)
    source = open_source(root, suite=str(folder / "own.toml"), pattern=pattern, name=name, jobs=1)
    return diagnose(
        source.dataset, source.suite, root=str(root), data_format=source.format, because=source.because
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_is_found_in_clean_walkers(layout, tmp_path):
    pattern, because, pictures = LAYOUTS[layout]
    found = looked_at(exported(tmp_path, layout), tmp_path, pattern)
    assert found.findings == () and found.rendered
    assert (found.format, found.because) == (layout, because)
    assert (found.sequences, found.frames) == (12, 12 * 14)
    assert found.framing.pictures == pictures and found.framing.differences == ()
    assert found.verdict.code == 0


def test_an_archive_is_looked_into_and_its_faults_are_found(tmp_path):
    root = exported(tmp_path, "pictures")
    broken = root / "001" / "nm-01" / "090" / "3.png"
    broken.write_bytes(b"no picture")
    packed = tmp_path / "packed"
    packed.mkdir()
    with zipfile.ZipFile(packed / "all.zip", "w") as archive:
        for file in sorted(p for p in root.rglob("*.png")):
            archive.write(file, file.relative_to(root).as_posix())
    found = looked_at(packed, tmp_path, LAYOUTS["pictures"][0])
    (fault,) = found.findings
    assert (fault.kind, fault.where) == (
        "unreadable",
        "001-nm-01-090",
    ) and "001/nm-01/090/3.png" in fault.text
    assert found.verdict.code == 1 and "001-nm-01-090" in dict(found.roles[0].refused)


def test_a_pickle_that_is_no_array_is_one_finding_and_nothing_of_it_runs(tmp_path):
    root = exported(tmp_path, "opengait")
    (root / "001" / "nm-01" / "090" / "090.pkl").write_bytes(b"cos\nsystem\n(S'exit 9'\ntR.")
    (fault,) = looked_at(root, tmp_path).findings
    assert (fault.kind, fault.where) == ("unreadable", "001-nm-01-090")


def test_one_file_of_an_export_that_is_gone_is_found(tmp_path):
    root = exported(tmp_path, "casia-b")
    (root / "002" / "nm-02" / "054" / "002-nm-02-054-005.png").unlink()
    shutil.copytree(root / "003" / "nm-01", root / "003" / "xx-01")
    found = {(one.kind, one.where) for one in looked_at(root, tmp_path).findings}
    assert found == {
        ("numbers", "002-nm-02-054"), ("doubled", "003-xx-01-054"), ("doubled", "003-xx-01-090"),
    }  # fmt: skip
