"""The code of docs/data.md, Own video, as it stands there, on a filmed clip."""

import re
import shutil
from pathlib import Path

import numpy as np

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import Counterparts
from gaitbench.datasets.sources.casia_b import CasiaB

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "tests" / "data" / "real-clip" / "one-person-leaves.mp4"


def code():
    """The one block of Python of that section."""
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    section = page.split("\n## Own video\n")[1].split("\n## ")[0]
    (block,) = re.findall(r"```python\n(.*?)```", section, re.S)
    return block


def test_the_code_of_the_page_brings_a_clip_to_what_evaluate_reads(tmp_path, monkeypatch):
    shutil.copyfile(CLIP, tmp_path / "walk.mp4")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(code(), names)  # the page's own text
    crops, key = names["crops"], SequenceKey("201", "nm-01", 90)
    data = CasiaB(tmp_path / "originals")
    assert data.keys() == [key] and not data.rendered
    assert len(list((tmp_path / "originals" / "201" / "nm-01" / "090").glob("*.png"))) == 62
    read = prepare(data.load(key))
    assert 25 <= len(crops.silhouettes) <= 45, "a person stands, leaves, and is gone"
    assert np.array_equal(read.silhouettes, crops.silhouettes) and np.array_equal(read.rgb, crops.rgb)
    assert np.array_equal(read.frame_numbers, crops.frame_numbers)
    # and a system's silhouettes in the same layout are found beside it
    assert list(Counterparts.from_layout(tmp_path / "originals").silhouettes) == [key]


def test_the_section_on_an_own_method_leads_to_the_example():
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    section = page.split("\n## Own method\n")[1]
    assert "architecture.md#protocols" in section
    assert "\n## Protocols\n" in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for place in re.findall(r"docs/examples/[\w./-]+", section):
        assert (ROOT / place).exists(), place
