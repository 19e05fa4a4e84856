"""What `explain` says of the rungs that enrol under a draw of noise: which gallery walks, and whose noise."""

import itertools
import json

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from drawn_people import SUITE, draw

from gaitbench.cli.explain import command
from gaitbench.errors import ConfigError
from gaitbench.store import digest

PROBE = "082-nm-05-090"
ATTACKERS = ["ignorant", "lazy-informed", "semi-informed", "joint", "informed", "linked", "de-anonymize"]
CHANGES = {
    "angles = [90]": "angles = [54, 90]",
    'gallery = ["nm-01"]': 'gallery = ["nm-01", "nm-02"]',
    "[systems]": '[systems]\nanonymizers = ["deform"]\nnoise = "person"',
    '[attacks]\nrecognizers = ["gei-nn"]': f'[attacks]\nattackers = {json.dumps(ATTACKERS)}\nrecognizers = ["gei-nn"]\n'
    "informed_probes = 6",
}


def wider(picture):
    """How the other camera sees people: the walks at 54 degrees must not be those at 90."""
    return cv2.dilate(picture, np.ones((1, 9), np.uint8))


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain-attacks")
    for angle, change in ((90, lambda p: p), (54, wider)):
        walks = ("nm-01", "nm-02", "nm-05")
        draw(folder / "data", (1, 2, 3, 4, 5, 6, 7, 81, 82, 83, 84), change, walks=walks, angle=angle)
    text = "effort = 0.01\n" + SUITE
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "tiny.toml").write_text(text)
    return folder


def explained(people, *arguments, suite="tiny"):
    # as wide as a log: a runner of tests may say another width
    done = CliRunner(env={"COLUMNS": "160"}).invoke(
        command,
        [*arguments, "--suite", str(people / f"{suite}.toml"), "--data", str(people / "data"), "--jobs", "1",
         "--quiet", "--store", str(people / "store"), "--output", str(people / "picture.png")],
    )  # fmt: skip
    if done.exception is not None:
        raise done.exception
    return done.output


def drawn():
    """The probes that `informed` attacks, and the others (PROTOCOL: drawn by hash)."""
    every = [f"{s}-nm-05-{a:03d}" for s in ("081", "082", "083", "084") for a in (54, 90)]
    order = sorted(every, key=lambda k: digest("informed probes", k))
    return order[:6], order[6:]


def test_every_rung_names_its_noise_and_its_gallery_walks(people):
    probe = drawn()[0][0]
    found = json.loads(explained(people, probe, "--json"))
    rows = {r["attacker"]: r for r in found["attacks"]}
    assert list(rows) == ATTACKERS and found["noise"] == "person"
    assert {name: r["enrolled"]["draw"] for name, r in rows.items()} == {
        "ignorant": None, "lazy-informed": "gallery", "semi-informed": "gallery", "informed": "probe in hand",
        "linked": "probe", "joint": "gallery", "de-anonymize": None,
    }  # fmt: skip
    assert rows["informed"]["enrolled"]["noise_of"] == probe
    assert f"under the noise of {probe}" in rows["informed"]["enrolled"]["words"]
    for name, row in rows.items():
        assert row["failed"] is None, name
        for moment in ("before", "after"):
            entries = row[f"entries_{moment}"]
            walks = 2 if (name, moment) == ("informed", "after") else 4  # the view of the probe alone
            assert len(entries) == 5, (name, moment)
            assert all(e["walk"] in ("nm-01", "nm-02") for e in entries)
            angles = {e["angle"] for e in entries}
            assert walks == 4 or angles == {int(probe[-3:])}
            assert [e["distance"] for e in entries] == sorted(e["distance"] for e in entries)
            for person in row[moment]:
                assert person["entry"]["subject"] == person["subject"]
                assert person["entry"]["distance"] == pytest.approx(person["distance"], rel=1e-3, abs=0.01)
            assert row[moment][0]["entry"] == entries[0]
    # untouched, the probe is drawn as the walk nm-02 of the same camera is: the nearest entry is that very one
    for row in rows.values():
        assert row["before"][0]["entry"]["sequence"] == probe.replace("nm-05", "nm-02")


def test_the_table_says_walk_and_noise(people):
    probe = drawn()[0][0]
    text = explained(people, probe, "--attacker", "informed", "--attacker", "linked")
    assert "lazy-informed" not in text and "nm-02 " + probe[-3:] in text
    flat = " ".join(text.replace("│", " ").split())
    assert "everybody" in flat and "the published noise" in flat


def test_a_probe_outside_the_sample_is_said_to_be_so(people):
    left = drawn()[1][0]
    row = json.loads(explained(people, left, "--attacker", "informed", "--json"))["attacks"][0]
    assert row["failed"] == "informed attacks 6 of the 8 probes, drawn by hash; this is none of them"
    assert row["before"] == [] and row["place_after"] is None


def test_under_same_view_the_entries_are_of_the_probe_s_view(people):
    text = (people / "tiny.toml").read_text()
    for gallery, angles in (("same-view", {90}), ("cross-view", {54})):
        (people / f"{gallery}.toml").write_text(
            text.replace("[systems]", f'[systems]\ngallery = "{gallery}"', 1)
        )
        asked = (PROBE, "--attacker", "linked", "--attacker", "informed", "--pooled", "both", "--json")
        linked, informed = sorted(
            json.loads(explained(people, *asked, suite=gallery))["attacks"],
            key=lambda r: r["attacker"] == "informed",
        )
        # a suite of that gallery, and the suite's attacks under it, are the same
        again = json.loads(explained(people, *asked, "--views", gallery))["attacks"]
        assert linked in again and informed in again
        assert {e["angle"] for e in linked["entries_after"]} == angles
        assert {m["entry"]["angle"] for m in linked["after"]} == angles
        other = 54 if gallery == "cross-view" else None
        assert linked["pooled"]["gallery_angle"] == linked["assigned"]["gallery_angle"] == other
        if gallery == "cross-view":
            assert linked["pooled"]["steps"][-1]["sequences"] == [PROBE]  # the one probe not of that angle
            assert "no gallery that could be read under cross-view" in informed["failed"]


def test_an_attack_that_is_none_of_the_suite_is_one_line(people):
    with pytest.raises(
        ConfigError, match=r"no attacker 'infomed' among the attacks on deform; did you mean 'informed'"
    ):
        explained(people, PROBE, "--attacker", "infomed")
    with pytest.raises(
        ConfigError, match=r"no recognizer 'set-cnn' among the attacks on deform.* Known: gei-nn"
    ):
        explained(people, PROBE, "--recognizer", "set-cnn")


def height(people):
    return cv2.imread(str(people / "picture.png")).shape[0]


def test_pools_are_those_of_the_person_and_add_up(people):
    asked = (PROBE, "--attacker", "linked", "--pooled", "cameras", "--json")
    row = json.loads(explained(people, *asked))["attacks"][0]
    pool = row["pooled"]
    assert pool["over"] == "cameras" and pool["draws"] == 20 and pool["place"] == 1
    assert [s["k"] for s in pool["steps"]] == [1, 2]
    assert set(pool["steps"][1]["sequences"]) == {PROBE, "082-nm-05-054"}
    assert pool["steps"][1]["sequences"][pool["place"] - 1] == PROBE
    seen = []
    for name in pool["steps"][1]["sequences"]:
        one = json.loads(explained(people, name, "--attacker", "linked", "--json"))["attacks"][0]
        assert one["pooled"] is None
        found = {m["subject"]: m["distance"] for m in one["after"]}
        seen.append([found[s] for s in ("081", "082", "083", "084")])
    for step in pool["steps"]:
        names = ["081", "082", "083", "084"]
        total = sum(np.asarray(d) / np.mean(d) for d in seen[: step["k"]])
        who = names[int(total.argmin())]
        assert step["named"] == who and step["right"] == (who == "082")
        told = {n["subject"]: n["sum"] for n in step["nearest"]}
        assert [told[s] for s in names] == pytest.approx(total.tolist(), rel=1e-5)
    low = height(people)  # of the last one, without a pool
    text = explained(people, *asked[:-1])
    assert "cameras of 082 pooled, drawn pool" in text and "+ nm-05-" in text
    assert height(people) > low + 100


def test_one_to_one_says_who_took_the_name(people):
    """Compared with trying all orders of the people, on the distances that the table shows."""
    probes = [f"{s}-nm-05-090" for s in ("081", "082", "083", "084")]
    rows = [
        json.loads(explained(people, p, "--attacker", "semi-informed", "--json"))["attacks"][0]
        for p in probes
    ]
    d = np.array([[m["distance"] for m in sorted(r["after"], key=lambda m: m["subject"])] for r in rows])
    d /= d.mean(axis=1, keepdims=True)
    best = min(itertools.permutations(range(4)), key=lambda order: sum(d[i, j] for i, j in enumerate(order)))
    for i, row in enumerate(rows):
        told = row["assigned"]
        assert (told["walk"], told["angle"], told["probes"]) == ("nm-05", 90, 4)
        assert told["named"] == f"08{1 + best[i]}" and told["alone"] == row["after"][0]["subject"]
        assert told["share"] == float(best[i] == i)
        assert told["taken_by"] == (None if best[i] == i else probes[best.index(i)])
