"""Judging files of somebody else's anonymizer, on drawn people."""

import csv
import shutil
from unittest import mock

import numpy as np
import pytest
from click.testing import CliRunner
from drawn_people import FRAMES, SUITE, WALKS, colours, draw, folder_of, silhouette, write
from judged_files import cells, evaluate

from gaitbench.cli.evaluate import command
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import Counterparts
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.splits import Split
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import ConfigError, DataError
from gaitbench.evaluation.external.plan import Wishes, plan_evaluation
from gaitbench.evaluation.external.split import share_roles
from gaitbench.evaluation.run.setup import open_run
from gaitbench.registry import RECOGNIZERS

TEST = (81, 82, 83, 84)


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Folder with the originals of four people, and a suite."""
    folder = tmp_path_factory.mktemp("evaluate")
    draw(folder / "original", TEST)
    (folder / "tiny.toml").write_text(SUITE)
    return folder


def judged(folder, anonymized, *more, **kinds):
    return evaluate(folder, "--original", folder / "original", "--anonymized", anonymized, *more, **kinds)


def test_a_copy_hides_nobody_and_the_bundled_recognizer_is_named(people):
    done, record = judged(people, people / "original", report=True)
    assert done.exit_code == 0
    rows = cells(record, anonymizer="external")
    assert {r["attacker"] for r in rows} == {"ignorant", "lazy-informed"}
    assert {r["recognizer"] for r in rows} == {"robust-vtm-bundled"} and RECOGNIZERS.get("robust-vtm-bundled")
    assert all(r["s"] > 0 and r["rate"] == 0 for r in rows)
    found = {c["name"]: c for c in record["checks"]}
    assert not found["the recognizer learnt from people of these data"]["passed"]
    said = record["provenance"]["evaluated"]
    assert said["attacker_card"]["training"]["subjects"] == 50 and not said["partial"]
    for name in ("report.html", "scores.parquet", "tables/table3_success_by_angle.csv", "figures/gei.png"):
        assert (people / "out" / name).stat().st_size > 100
    assert not [p for p in people.iterdir() if p.name.startswith(".")]
    (sample,) = record["samples"]  # there are no pictures; what attackers see is shown all the same
    assert set(sample["strips"]) == {"silhouette", "anonymized"} and set(sample["gei"]) == {"before", "after"}
    before, after = ((people / "out" / sample["gei"][moment]).read_bytes() for moment in ("before", "after"))
    assert before == after, "a copy"
    page = (people / "out" / "report.html").read_text()
    assert "To make this conclusive" in page and "Declare how the system draws its noise" in page


def test_moving_and_enlarging_people_in_the_frame_hides_nobody(people, tmp_path):
    moved = draw(tmp_path / "moved", TEST, change=lambda p: np.roll(p, 25, axis=1))
    _, record = judged(people, moved)
    assert all(r["rate"] == 0 for r in cells(record, anonymizer="external"))


def test_showing_another_person_hides_everybody_from_the_ignorant(people, tmp_path):
    swapped = draw(tmp_path / "swapped", TEST, as_subject=lambda s: TEST[(TEST.index(s) + 1) % 4])
    _, record = judged(people, swapped)
    (ignorant,) = cells(record, anonymizer="external", attacker="ignorant")
    (lazy,) = cells(record, anonymizer="external", attacker="lazy-informed")
    assert ignorant["s"] >= 3 and ignorant["rate"] == 100
    assert lazy["rate"] == 0  # who enrols the swapped gallery finds everybody again


def test_bad_input_is_counted_named_and_counts_as_identified(people, tmp_path):
    swapped = draw(tmp_path / "bad", (*TEST, 85), as_subject=lambda s: TEST[(s + 1) % 4], walks=["nm-05"])
    shutil.rmtree(folder_of(swapped, 81, "nm-05"))
    (folder_of(swapped, 82, "nm-05") / "082-nm-05-090-003.png").unlink()
    write(folder_of(swapped, 83, "nm-05") / "083-nm-05-090-002.png", np.full((60, 80), 255, np.uint8))
    (folder_of(swapped, 84, "nm-05") / "084-nm-05-090-001.png").write_text("not an image")
    done, record = judged(people, swapped, "--subjects", "081-084")
    assert done.exit_code == 1
    said = record["provenance"]["evaluated"]
    assert said["partial"]
    assert said["problems"] == {"missing": 1, "frames": 1, "size": 1, "unreadable": 1, "no original": 1}
    messages = " ".join(f["message"] for f in record["failures"])
    for word in ("081-nm-05-090: no anonymized", "11 anonymized frames for 12", "80 x 60", "084-nm-05-090-001.png",
                 "085-nm-05-090: anonymized, but"):  # fmt: skip
        assert word in messages and word in done.output
    assert all("\n" not in f["message"] for f in record["failures"])
    assert len({f["message"] for f in record["failures"]}) == len(record["failures"])
    assert all(r["m"] == 0 for r in cells(record, anonymizer="external"))


def test_a_person_and_a_walk_that_are_missing_altogether_are_not_dropped(tmp_path):
    draw(tmp_path / "original", TEST, walks=("nm-01", "nm-05", "bg-01"))
    less = draw(tmp_path / "less", TEST[:3], as_subject=lambda s: TEST[(s + 1) % 4], walks=["nm-05"])
    (tmp_path / "tiny.toml").write_text(
        SUITE.replace('probe = ["nm-05"]', 'probe = ["nm-05", "bg-01", "cl-01"]')
        + "[extras]\nnaturalness = true\nablations = true\n"
    )
    done, record = judged(tmp_path, less)
    assert done.exit_code == 1
    said = record["provenance"]["evaluated"]
    # the swapped ones are pixel by pixel the originals of others: said, and judged as they are
    assert said["partial"] and said["problems"] == {"missing": 5, "odd": 3}
    for name in ("084-nm-05-090", "081-bg-01-090", "084-bg-01-090"):
        assert f"{name}: no anonymized counterpart" in done.output
    (row,) = cells(record, anonymizer="external")
    assert row["n"] == 8 and row["m"] <= 3  # the five that are missing count as found
    assert row["rank1_after"] >= 100 * 5 / 8
    protocol = record["provenance"]["protocol"]
    assert protocol["split"]["value"]["test"] == ["081", "082", "083", "084"]
    assert protocol["walks"]["value"]["probe"] == ["nm-05", "bg-01"]
    left = " | ".join(said["left_out"])
    for text in ("probe walks cl-01", "naturalness of the gaits", "ablations", "lazy-informed"):
        assert text in left
    assert not {c["name"]: c for c in record["checks"]}[
        "every part of the protocol could be run on these data"
    ]["passed"]


def test_an_angle_that_is_missing_altogether_is_still_tested(people, tmp_path):
    for angle in (54, 90):
        draw(tmp_path / "original", TEST, angle=angle)
    (tmp_path / "tiny.toml").write_text(SUITE.replace("[90]", "[54, 72, 90]"))
    run = open_run(str(tmp_path / "tiny.toml"), data=tmp_path / "original", store=tmp_path / "store")
    plan = plan_evaluation(run, Counterparts.from_layout(people / "original"), Wishes())
    assert plan.run.probe_angles == (54, 90) == plan.run.suite.data.angles
    assert any(text.startswith("angles 72: ") for text in plan.left_out)
    with pytest.raises(DataError, match="none of the 8 probes was handed in"):
        plan_evaluation(
            run, Counterparts.from_layout(draw(tmp_path / "gallery", TEST, walks=["nm-01"])), Wishes()
        )


def test_who_is_tested_where_nobody_says(tmp_path):
    def roles(originals, shown, usual=(81, 82), **wishes):
        folder = tmp_path / "-".join(map(str, originals))
        for subject in originals:
            write(folder_of(folder, subject, "nm-01") / "a-001.png", silhouette(subject, 1))
        suite = Split(("001",), ("007",), tuple(f"{s:03d}" for s in usual))
        judged = {SequenceKey(f"{s:03d}", "nm-01", 90) for s in shown}
        found = share_roles(CasiaB(folder), suite, judged, Wishes(**wishes))
        return found.split.test, [p.kind for p in found.problems], " ".join(p.message for p in found.problems)

    # 083 has no role in the suite: who was handed in is tested, for nobody is dropped without a word
    assert roles((81, 82, 83), (81, 83))[:2] == (("081", "082", "083"), [])
    # numbers may be written without zeros; what could be meant otherwise is asked
    assert roles((81, 82, 83), (81, 82), test=("81", "82"))[0] == ("081", "082")
    with pytest.raises(ConfigError, match="--subjects: 84 is not among the originals"):
        roles((81, 82, 83), (81, 82), test=("84",))
    # who teaches on demand and was not handed in is not missing
    assert roles((81, 82, 83), (81, 82), (81, 82, 83), train=("083",))[0] == ("081", "082")
    many = Split(("001", "002", "003", "004", "005", "006", "008", "081"), ("009",), ("082",))
    data = CasiaB(tmp_path / "81-82-83")
    for subject in (1, 2, 3, 4, 5, 6, 8):
        write(folder_of(data.root, subject, "nm-01") / "a-001.png", silhouette(subject, 1))
    shown = {SequenceKey(f"{s:03d}", "nm-01", 90) for s in (81, 82)}
    found = share_roles(CasiaB(data.root), many, shown, Wishes(test=("081", "082")))
    assert found.said == [
        "1 of the suite's training subjects are tested, so they do not teach (first: 081)",
        "1 of 7 people who teach show the controls instead (first: 008)",
    ]
    with pytest.raises(DataError, match="none of the suite's 2 test subjects"):
        roles((81, 82, 83, 84), (83, 84))
    # nobody of the suite's is there: those who were handed in are tested, and who was not is named
    test, kinds, told = roles((1, 7, 91, 92, 93), (91, 92))
    assert test == ("091", "092") and kinds == ["no role"] and "093" in told
    test, kinds, told = roles((91, 92, 93), (91, 92, 93), test=("091", "092"), by_role=True)
    assert kinds == ["no role"] and "subject 093" in told
    assert roles((91, 92, 93), (91, 92), test=("091", "092"))[1] == []  # --subjects says it all


def test_a_grey_silhouette_is_cut_judged_and_named(people, tmp_path):
    grey = draw(
        tmp_path / "grey",
        TEST,
        change=lambda p: np.where(p > 0, 140 + np.arange(p.shape[1]) % 8 * 10, 30).astype(np.uint8),
    )
    done, record = judged(people, grey)
    assert done.exit_code == 1 and record["provenance"]["evaluated"]["problems"] == {"grey": 8}
    assert all(r["rate"] == 0 for r in cells(record, anonymizer="external"))


def test_who_learns_from_the_data_and_from_what_was_anonymized(tmp_path):
    everybody = (1, 2, 3, 4, 5, 6, 7, *TEST)
    (tmp_path / "tiny.toml").write_text(SUITE)
    draw(tmp_path / "original", everybody)
    done, record = judged(tmp_path, tmp_path / "original", "--train", "001-006,081")
    assert record["provenance"]["evaluated"]["problems"] == {"two roles": 1} and done.exit_code == 1
    assert "subject 081 is in training and in test" in done.output
    mine = cells(record, anonymizer="external", recognizer="gei-nn")
    assert {r["attacker"] for r in mine} == {"ignorant", "lazy-informed", "semi-informed"}
    assert all(r["rate"] == 0 and r["s"] > 0 for r in mine)
    assert cells(record, anonymizer="someone-else")
    # a suite that asks for joint has it, of the people whose files were handed in
    (tmp_path / "tiny.toml").write_text(SUITE.replace("[attacks]\n", '[attacks]\nattackers = ["joint"]\n'))
    _, record = judged(tmp_path, tmp_path / "original")
    mine = cells(record, anonymizer="external", recognizer="gei-nn", attacker="joint")
    assert mine and all(r["rate"] == 0 and r["s"] > 0 for r in mine)
    (tmp_path / "tiny.toml").write_text(SUITE)
    # files cannot be made again under the noise of a probe: one noise a person links that person's videos instead
    _, record = judged(tmp_path, tmp_path / "original", "--noise", "per-subject")
    assert "linked" in {r["attacker"] for r in cells(record, anonymizer="external")}
    assert record["provenance"]["protocol"]["noise"]["value"]["draw"] == "per-subject"
    (tmp_path / "views.toml").write_text(SUITE.replace("gei-nn", "robust-vtm"))
    _, record = judged(tmp_path, tmp_path / "original", suite="views.toml")
    assert {r["recognizer"] for r in cells(record, anonymizer="external")} == {"gei-lda"}
    assert any("there is one view" in text for text in record["provenance"]["evaluated"]["left_out"])


def test_the_walks_that_teach_are_those_asked_for(people, tmp_path):
    with pytest.raises(ConfigError, match="--train-walks: nobody learns from these data"):
        judged(people, people / "original", "--train-walks", "nm-01")
    (tmp_path / "tiny.toml").write_text(SUITE)
    draw(tmp_path / "original", (1, 2, 3, 4, 5, 6, 7, *TEST))
    with pytest.raises(DataError, match="none of the training walks nm-09 is among the original ones"):
        judged(tmp_path, tmp_path / "original", "--train", "001-007", "--train-walks", "nm-09")
    _, record = judged(tmp_path, tmp_path / "original", "--train", "001-007", "--train-walks", "nm-01,nm-09")
    assert record["provenance"]["suite"]["walks"]["recognizer"] == ["nm-01"]
    assert any("training walks nm-09" in text for text in record["provenance"]["evaluated"]["left_out"])


def test_a_manifest_with_pictures_and_double_rows(people, tmp_path):
    rows = []
    for subject in TEST:
        for walk in WALKS:
            rgb = tmp_path / "rgb" / f"{subject}-{walk}"
            for t in range(1, FRAMES + 1):
                number = t if walk == "nm-01" else t + 1
                write(rgb / f"f-{t:03d}.png", colours(subject, number))
            place = folder_of(people / "original", subject, walk)
            rows.append([f"p{subject}", walk, "90", place, place, rgb, rgb, "test"])
    rows.append(["p90", "nm-05", "90", rows[0][3], tmp_path / "nowhere", "", "", ""])
    rows.append(rows[0])
    rows.append(["p81", "nm-05", "400", *rows[0][3:]])
    path = tmp_path / "manifest.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["subject", "walk", "angle", "original", "anonymized", "painted", "rgb", "role"], *rows]
        )
    done, record = evaluate(people, "--manifest", path, out="manifest")
    assert record["provenance"]["evaluated"]["problems"] == {"no role": 1, "duplicate": 1, "row": 1}
    assert done.exit_code == 1 and "subject p90 is neither tested" in done.output
    assert "line 11: p81-nm-01-090 stands in line 2" in done.output and "angle is 400" in done.output
    assert {r["rate"] for r in cells(record, anonymizer="external")} == {0.0}
    quality = [r for r in record["tables"]["quality"] if r["anonymizer"] == "external" and r["n"]]
    assert quality and all(r["infinite"] == r["n"] for r in quality)  # painted as the original is
    assert record["samples"] and (people / "manifest" / record["samples"][0]["strips"]["external"]).is_file()


# slow: three rungs attack by silhouettes, by what is extracted again and by colours
@pytest.mark.parametrize("gallery_filmed", [pytest.param(True, marks=pytest.mark.slow), False])
def test_painted_pictures_are_extracted_again_where_everybody_was_filmed(tmp_path, gallery_filmed):
    (tmp_path / "tiny.toml").write_text(SUITE)
    draw(tmp_path / "original", (*range(1, 7), *TEST))
    scene = np.full((4, 120, 160, 3), 128, np.uint8)
    clip = tmp_path / "scene.avi"
    write_lossless_avi(clip, scene)
    rows = []
    for subject in (*range(1, 7), *TEST):
        for walk in WALKS:
            rgb = tmp_path / "rgb" / f"{subject}-{walk}"
            for t in range(1, FRAMES + 1):
                write(rgb / f"f-{t:03d}.png", colours(subject, t if walk == "nm-01" else t + 1))
            filmed = [rgb, clip] if gallery_filmed or walk == "nm-05" or subject not in TEST else ["", ""]
            place = folder_of(tmp_path / "original", subject, walk)
            role = "test" if subject in TEST else "train"
            rows.append([f"{subject:03d}", walk, "90", place, place, rgb, *filmed, role])
    path = tmp_path / "manifest.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                [
                    "subject",
                    "walk",
                    "angle",
                    "original",
                    "anonymized",
                    "painted",
                    "rgb",
                    "background",
                    "role",
                ],
                *rows,
            ]
        )
    _, record = evaluate(tmp_path, "--manifest", path)
    again = [r for r in cells(record, anonymizer="external") if r["input"] == "resegmented"]
    said = [t for t in record["provenance"]["evaluated"]["left_out"] if "resegmented" in t]
    if gallery_filmed:
        # painted as the original is: what is extracted again is what the ceiling is made of
        assert {r["attacker"] for r in again} >= {"ignorant", "lazy-informed"} and not said
        assert all(r["rate"] == 0 and r["s"] > 0 for r in again) and record["failures"] == []
    else:
        assert (
            not again
            and len(said) == 1
            and "no colours (videos, rgb) for every probe, gallery walk" in said[0]
        )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subject,walk,angle,original\n", "lacks the column 'anonymized'"),
        ("subject,walk,angle,original,anonymized,colour\n", "unknown column 'colour'"),
        ("subject,walk,angle,original,anonymized\n1,nm-01,90,nowhere,nowhere\n", "nowhere is no folder"),
    ],
)
def test_a_manifest_of_no_use(people, tmp_path, text, words):
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(DataError, match=words):
        evaluate(people, "--manifest", tmp_path / "m.csv")


def test_nothing_is_overwritten_and_nothing_half_written_stays(people, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigError, match="no earlier run"):
        judged(people, people / "original", out=tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    known = ["--original", str(people / "original"), "--anonymized", str(people / "original")]
    done = CliRunner().invoke(command, [*known, "--name", "../../x", "--store", str(people / "store")])
    assert isinstance(done.exception, ConfigError) and "cannot be the name of a folder" in str(done.exception)
    with pytest.raises(DataError, match="none of the probe walks cl-01"):
        evaluate(
            people, "--original", people / "original", "--anonymized", people / "original", "--probe", "cl-01",
            out="never",
        )  # fmt: skip
    assert not (people / "never").exists() and not [p for p in people.iterdir() if p.name.startswith(".")]


def test_an_earlier_evaluation_is_replaced_and_the_users_files_stay(people, tmp_path):
    mine = ("notes.txt", "mine/thesis.tex", "tables/mine.csv", "figures/mine.pdf")
    judged(people, people / "original", out=tmp_path / "out")
    for name in mine:
        (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "out" / name).write_text("mine")
    _, record = judged(people, people / "original", "--name", "again", out=tmp_path / "out")
    assert {r["anonymizer"] for r in record["tables"]["success_rate"]} >= {"again"}
    assert [(tmp_path / "out" / name).read_text() for name in mine] == ["mine"] * len(mine)


def test_people_are_drawn_apart():
    assert not np.array_equal(silhouette(81, 3), silhouette(82, 3))


def test_without_a_name_the_report_of_another_system_stays(people, tmp_path, monkeypatch):
    """The same files may renew their own report; files of another system go to a folder of their own."""
    monkeypatch.chdir(tmp_path)
    other = draw(tmp_path / "other", TEST, change=lambda p: np.roll(p, 25, axis=1))
    given = ["--original", people / "original", "--suite", people / "tiny.toml", "--store", people / "store",
             "--jobs", "1", "--quiet"]  # fmt: skip

    def judge(anonymized, *more):
        with mock.patch("gaitbench.reporting.report.fill_report"):
            done = CliRunner().invoke(command, [*map(str, given), "--anonymized", str(anonymized), *more])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return {p.name: (p / "run.json").read_bytes() for p in sorted((tmp_path / "reports").iterdir())}

    first = judge(people / "original")
    assert list(first) == ["external"]
    both = judge(other)
    assert list(both) == ["external", "external-2"] and both["external"] == first["external"]
    assert list(judge(people / "original")) == ["external", "external-2"]
    assert list(judge(other, "--name", "mine")) == ["external", "external-2", "mine"]
