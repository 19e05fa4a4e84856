"""Painted pictures that were handed in: what an attack on pictures leaves out is said, and no control is painted."""

import csv

import numpy as np
import pytest
from drawn_people import FRAMES, SUITE, WALKS, colours, folder_of, silhouette, write
from judged_files import cells, evaluate

TEST = (81, 82, 83, 84)


@pytest.mark.slow  # recognizers learn, and three rungs attack by silhouettes and by colours
def test_pictures_that_are_not_there_are_counted_and_nobody_else_is_painted(tmp_path):
    rows = []
    for subject in (*range(1, 8), *TEST):
        for walk in WALKS:
            place, rgb = (
                folder_of(tmp_path / "original", subject, walk),
                tmp_path / "rgb" / f"{subject}-{walk}",
            )
            for t in range(1, FRAMES + 1):
                number = t if walk == "nm-01" else t + 1
                write(place / f"a-{t:03d}.png", silhouette(subject, number))
                write(rgb / f"f-{t:03d}.png", colours(subject, number))
            filmed = "" if (subject, walk) == (82, "nm-01") else rgb
            painted = rgb
            if (subject, walk) == (81, "nm-05"):  # painted in another size than the original
                painted = tmp_path / "small"
                for t in range(1, FRAMES + 1):
                    write(painted / f"f-{t:03d}.png", np.zeros((60, 80, 3), np.uint8))
            role = "test" if subject in TEST else "train"
            rows.append([f"{subject:03d}", walk, "90", place, place, painted, filmed, role])
    with (tmp_path / "m.csv").open("w", newline="") as file:
        head = ["subject", "walk", "angle", "original", "anonymized", "painted", "rgb", "role"]
        csv.writer(file).writerows([head, *rows])
    (tmp_path / "tiny.toml").write_text(SUITE)
    done, record = evaluate(tmp_path, "--manifest", tmp_path / "m.csv", "--train", "001-006")
    assert done.exit_code == 1, done.output
    mine = cells(record, anonymizer="external", input="appearance")
    assert mine and all(r["n"] == 4 for r in mine)
    # the table of handed-in pictures shows no stranger: the control failed there, and counted as named
    assert not cells(record, anonymizer="someone-else", input="appearance")
    assert cells(record, anonymizer="someone-else", input="silhouette")
    said = record["provenance"]["evaluated"]["left_out"]
    assert [
        t for t in said if t.startswith("control someone-else on the input appearance: external's pictures")
    ]
    assert [
        t for t in said if t.startswith("1 of 4 gallery walks on the input appearance: first: 082-nm-01-090")
    ]
    assert [
        t for t in said if t.startswith("1 tested people on the input appearance: no gallery walk shows them")
    ]
    (text,) = [f["message"] for f in record["failures"] if f["stage"] == "observe"]
    start = "1 of 4 painted probes cannot be read and count as named (first: ExternalColorizer: painted 081-nm-05-090"
    assert text.startswith(start)
    assert text in done.output
