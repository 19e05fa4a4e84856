"""Two hundred sequences, forty faults of twenty kinds: each is named, and the figures of the rest stay the same."""

import json
import shutil
from unittest import mock

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from planted_faults import FAULTS, plant

from gaitbench.cli.evaluate import command

PEOPLE, VIEWS, FRAMES = [f"{s:03d}" for s in range(81, 106)], ("054", "090"), 8
WALKS = ("nm-01", "nm-02", "nm-05", "nm-06")
SUITE = """
resamples = 200
samples = 1
[data]
angles = [54, 90]
[split]
recognizer = "001-006"
models = "007"
test = "081-105"
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-01", "nm-02"]
probe = ["nm-05", "nm-06"]
[systems]
recognizers = ["gei-nn"]
controls = ["original"]
[attacks]
attackers = ["ignorant"]
recognizers = ["gei-nn"]
"""


def person(subject, view, t, walk):
    rng = np.random.default_rng(int(subject))
    girth, head, stride = rng.uniform(4, 9), rng.uniform(3, 6), rng.uniform(2, 12)
    mask = np.zeros((60, 90), np.uint8)
    x = 20 + 4 * t
    cv2.ellipse(mask, (x, 26), (round(girth * (0.7 if view == "054" else 1)), 16), 0, 0, 360, 255, -1)
    cv2.circle(mask, (x, 9), round(head), 255, -1)
    swing = round(stride * np.sin(t + walk / 3))
    for side in (-1, 1):
        cv2.line(mask, (x, 36), (x + side * swing, 56), 255, 2)
    return mask


def draw(root, subject_of, walks):
    for subject in PEOPLE:
        for w, walk in enumerate(walks):
            for view in VIEWS:
                folder = root / subject / walk / view
                folder.mkdir(parents=True)
                for t in range(1, FRAMES + 1):
                    cv2.imwrite(str(folder / f"{t:03d}.png"), person(subject_of(subject), view, t, w))


def judge(root, shown, out):
    with mock.patch("gaitbench.reporting.report.fill_report"):
        done = CliRunner().invoke(
            command,
            ["--original", str(root / "original"), "--anonymized", str(shown), "--suite", str(root / "s.toml"),
             "--store", str(root / "store"), "--jobs", "1", "--quiet", "--out", str(out)],
        )  # fmt: skip
    assert isinstance(done.exception, SystemExit | None), done.exception
    record = json.loads((out / "run.json").read_text())
    import pyarrow.parquet as pq

    rows = pq.read_table(out / "scores.parquet").to_pylist()
    values = {
        (r["key"], r["measure"], r["recognizer"]): (r["value"], r["named"])
        for r in rows if r["anonymizer"] == "external" and r["attacker"] == "ignorant"
    }  # fmt: skip
    return done, record, values


@pytest.mark.slow  # three runs over two hundred sequences
def test_every_fault_is_named_and_the_rest_is_as_it_was(tmp_path):
    (tmp_path / "s.toml").write_text(SUITE)
    draw(tmp_path / "original", lambda s: s, WALKS)
    # half of the people shown as somebody who is not there, so that both answers occur
    draw(tmp_path / "clean", lambda s: str(500 + 13 * int(s)) if int(s) % 2 else s, WALKS)
    shutil.copytree(tmp_path / "clean", tmp_path / "faulty")
    assert len(list((tmp_path / "clean").glob("*/*/*"))) == 200
    sequences = [(s, w, v) for s in PEOPLE[:10] for w in WALKS[2:] for v in VIEWS]
    planted = plant(tmp_path / "faulty", sequences)
    assert len(planted) == 40 and len(set(planted.values())) == len(FAULTS) == 20
    _, _, clean = judge(tmp_path, tmp_path / "clean", tmp_path / "r-clean")
    done, record, faulty = judge(tmp_path, tmp_path / "faulty", tmp_path / "r-faulty")
    assert done.exit_code == 1
    evaluated = record["provenance"]["evaluated"]
    said = json.dumps([record["failures"], evaluated["counts"], record["checks"], evaluated.get("odd")])
    silent = {name: kind for name, kind in planted.items() if name not in said}
    assert not silent, silent
    assert clean and all(faulty[place] == value for place, value in clean.items() if place[0] not in planted)
