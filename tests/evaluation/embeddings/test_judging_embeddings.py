"""Judging by embeddings: the figures are those of a plain computation, and what is wrong is said."""

import dataclasses

import numpy as np
import pytest
from made_embeddings import arrays, made, of

from gaitbench.errors import ConfigError, DataError
from gaitbench.evaluation.embeddings import attackers, judge
from gaitbench.evaluation.embeddings.judge import judge_embeddings
from gaitbench.evaluation.embeddings.judge_distances import judge_distances
from gaitbench.evaluation.embeddings.wishes import Wishes
from gaitbench.results.record import Record

SMOKE = Wishes(suite="smoke")


def plain(original, shown, metric, protocol):
    """Rank-1, mAP and EER of anonymized probes, by loops over probes and entries."""
    probe = [i for i, k in enumerate(original.labels.keys) if k.walk in ("nm-05", "cl-01")]
    gallery = [i for i, k in enumerate(original.labels.keys) if k.walk in ("nm-01", "nm-02")]
    keys = original.labels.keys
    people = sorted({keys[g].subject for g in gallery})
    views = sorted({keys[g].angle for g in gallery}) if protocol == "cross-view" else [None]
    hits, precisions, lines = [], [], []
    for view in views:
        for i in probe:
            if view is not None and keys[i].angle == view:
                continue
            entries = [
                g for g in gallery
                if protocol == "all-views" or keys[g].angle == (keys[i].angle if view is None else view)
            ]  # fmt: skip
            d = {}
            for g in entries:
                a, b = shown.x[i], original.x[g]
                if metric == "cosine":
                    parts = [
                        1 - p @ q / np.linalg.norm(p) / np.linalg.norm(q) for p, q in zip(a, b, strict=True)
                    ]
                else:
                    parts = [np.linalg.norm(p - q) for p, q in zip(a, b, strict=True)]
                d[g] = sum(parts) / len(parts)
            ranked = sorted(entries, key=d.get)
            own = [r for r, g in enumerate(ranked, start=1) if keys[g].subject == keys[i].subject]
            precisions.append(np.mean([(n + 1) / r for n, r in enumerate(own)]))
            nearest = {p: min(d[g] for g in entries if keys[g].subject == p) for p in people}
            hits.append(min(people, key=nearest.get) == keys[i].subject)
            lines.append((keys[i], nearest))
    pairs = []
    for angle in {k.angle for k, _ in lines}:
        mine = [(k, n) for k, n in lines if k.angle == angle]
        mean = np.mean([v for _, n in mine for v in n.values()])
        pairs += [(v / mean, p == k.subject) for k, n in mine for p, v in n.items()]
    return np.mean(hits), np.mean(precisions), plain_eer(pairs)


def plain_eer(pairs):
    """Where the shares of accepted strangers and refused owners cross, from threshold to threshold."""
    own = np.array([v for v, same in pairs if same])
    other = np.array([v for v, same in pairs if not same])
    before = (0.0, 1.0)
    for t in sorted({v for v, _ in pairs}):
        match, miss = np.mean(other <= t), np.mean(own > t)
        if match >= miss:
            gap = (before[1] - before[0], match - miss)
            part = gap[0] / (gap[0] + gap[1])
            return before[0] + part * (match - before[0])
        before = (match, miss)
    return 1.0


@pytest.mark.parametrize("large", [False, True], ids=["kept", "counted"])
@pytest.mark.parametrize("protocol", ["all-views", "same-view", "cross-view"])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_figures_are_those_of_a_plain_computation(metric, protocol, large, monkeypatch):
    if large:
        monkeypatch.setattr(attackers, "KEPT_PEOPLE", 0)
    original, shown = made(), made(kept=0.5, seed=2)
    wishes = dataclasses.replace(SMOKE, metric=metric, views=protocol)
    record = judge_embeddings(original, shown, wishes=wishes)
    row = next(r for r in record.identification if (r.anonymizer, r.attacker) == ("external", "ignorant"))
    rank1, mean, eer = plain(original, shown, metric, protocol)
    assert 0.1 < rank1 < 0.95 and 0.02 < eer < 0.5, "the set is too easy to tell a wrong figure"
    assert abs(row.rank1 / 100 - rank1) < 1e-12
    assert abs(row.map / 100 - mean) < 1e-12
    # the other galleries stand beside, each with its own figures
    beside = {
        r.gallery: r
        for r in record.tables["galleries"]
        if (r.anonymizer, r.attacker) == ("external", "ignorant")
    }
    assert set(beside) == {"all-views", "same-view", "cross-view"} - {protocol}
    for gallery, other in beside.items():
        assert abs(other.rank1 / 100 - plain(original, shown, metric, gallery)[0]) < 1e-12
        assert other.eer is None
    # counts on a fine grid: no two of these few distances share a bin
    assert abs(row.eer / 100 - eer) < 1e-12
    assert (record.distances is None) == large


def test_the_counted_figures_are_those_of_kept_distances(monkeypatch):
    original, shown = made(people=40), made(people=40, kept=0.4, seed=2)
    kept = judge_embeddings(original, shown, wishes=SMOKE)
    monkeypatch.setattr(attackers, "KEPT_PEOPLE", 0)
    counted = judge_embeddings(original, shown, wishes=SMOKE)
    for a, b in zip(kept.identification, counted.identification, strict=True):
        one, two = dataclasses.asdict(a), dataclasses.asdict(b)
        assert abs(one.pop("d_sys") - two.pop("d_sys")) < 0.01
        assert abs(one.pop("d_sys_null") - two.pop("d_sys_null")) < 0.02
        if a.anonymizer == "original":
            one.pop("map"), two.pop("map")
        assert one == pytest.approx(two, abs=1e-9)
    for name in ("success_rate", "competence", "cmc", "gallery_size", "subject_tail"):
        assert kept.tables[name] == counted.tables[name], name


def test_a_copy_hides_nobody_and_noise_hides():
    original = made()
    verdict = judge_embeddings(original, original, wishes=SMOKE).provenance["evaluated"]["verdict"]
    assert verdict["answer"] == "hides nobody"
    record = judge_embeddings(original, made(kept=0.0, seed=3), wishes=SMOKE)
    assert record.provenance["evaluated"]["verdict"]["answer"] == "hides"
    assert not record.failures


def test_an_attacker_who_does_not_know_the_untouched_judges_nothing():
    blind = made(kept=0.0)
    record = judge_embeddings(blind, made(kept=0.0, seed=3), wishes=SMOKE)
    verdict = record.provenance["evaluated"]["verdict"]
    assert verdict["answer"] == "cannot be judged" and "untouched" in verdict["why"][0]
    assert record.failures[0].stage == "verdict"


def test_a_broken_export_does_not_pass_for_hiding():
    original, found = made(), arrays()
    one = dict(found, embeddings=found["embeddings"] * 0 + found["embeddings"][:1])
    shifted = dict(found, embeddings=np.roll(found["embeddings"], 8, axis=0))
    for broken, why in ((one, "all alike"), (shifted, "untouched original")):
        verdict = judge_embeddings(original, of(broken), wishes=SMOKE).provenance["evaluated"]["verdict"]
        assert verdict["answer"] == "cannot be judged" and why in verdict["sentence"], broken


def test_a_constant_is_at_chance_for_every_rung():
    found = arrays()
    constant = of(dict(found, embeddings=found["embeddings"] * 0 + found["embeddings"][:1]))
    for metric in ("cosine", "euclidean"):
        record = judge_embeddings(made(), constant, wishes=dataclasses.replace(SMOKE, metric=metric))
        rows = [r for r in record.identification if r.anonymizer == "external"]
        assert {r.attacker for r in rows} == {"ignorant", "lazy-informed"}
        assert all(abs(r.rank1 - 100 / 12) < 1e-9 and abs(r.eer - 50) < 1 for r in rows), rows


def test_partial_sets_are_counted_named_and_count_as_identified():
    original, found = arrays(), arrays(kept=0.0, seed=3)
    blank = found["embeddings"].copy()
    blank[4] = np.nan  # 001 nm-05 0
    keep = np.array([i != 5 for i in range(len(blank))])  # 001 nm-05 90 lacks
    shown = of({k: v[keep] for k, v in dict(found, embeddings=blank).items()})
    nan = original["embeddings"].copy()
    nan[12] = np.inf  # 002 nm-05 0
    gone = np.array([not (s == "003" and w.startswith("nm-0") and w < "nm-03") for s, w in
                     zip(original["subject"], original["walk"], strict=True)])  # fmt: skip
    record = judge_embeddings(
        of({k: v[gone] for k, v in dict(original, embeddings=nan).items()}), shown, wishes=SMOKE
    )
    evaluated = record.provenance["evaluated"]
    assert evaluated["problems"] == {
        "missing": 1, "blank": 1, "original": 1, "not enrolled": 4, "no original": 4
    }  # fmt: skip
    assert {f.cell for f in record.failures} >= {
        "key=001-nm-05-000",
        "key=001-nm-05-090",
        "key=003-nm-05-000",
    }
    row = next(r for r in record.identification if r.attacker == "ignorant" and r.anonymizer == "external")
    assert row.n == 12 * 4 - 4 - 1 and row.people == 11
    named = record.scores.query(
        "measure == 'correct_after' and attacker == 'ignorant' and anonymizer == 'external'"
    )
    assert set(named.query("key in ['001-nm-05-000', '001-nm-05-090']")["value"]) == {1.0}
    for side in ("anonymized", "originals"):
        part = evaluated["counts"][side]
        assert part["handed_in"] == part["used"] + sum(map(len, part["left_out"].values()))


def test_a_gallery_that_would_take_as_long_again_is_named(monkeypatch):
    monkeypatch.setattr(judge, "SMALL", 100)
    record = judge_embeddings(made(), made(kept=0.5, seed=2), wishes=SMOKE)
    assert {r.gallery for r in record.tables["galleries"]} == {"same-view"}
    said = record.provenance["evaluated"]["left_out"]
    assert any("cross-view" in line and "--views cross-view" in line for line in said)


def test_the_worst_case_is_chosen_among_the_galleries():
    record = judge_embeddings(made(people=40), made(people=40, kept=0.5, seed=2), wishes=SMOKE)
    attacks = {
        (r.attacker, r.gallery)
        for r in (*record.identification, *record.tables["galleries"])
        if r.anonymizer == "external"
    }
    assert record.tables["worst_case"][0].attacks == len(attacks) == 6


def test_probes_that_meet_nobody_under_same_view_are_said():
    found, shown = arrays(angles=(0, 54, 90)), arrays(angles=(0, 54, 90), kept=0.3, seed=2)
    keep = ~(np.isin(found["walk"], ("nm-01", "nm-02")) & (found["angle"] == 54))
    cut = [of({k: v[keep] for k, v in one.items()}) for one in (found, shown)]
    for views, n in (("same-view", 48), ("all-views", 72)):
        record = judge_embeddings(*cut, wishes=dataclasses.replace(SMOKE, views=views))
        assert {r.n for r in record.identification} == {n}
        said = [t for t in record.provenance["evaluated"]["left_out"] if "24 probes meet no gallery" in t]
        assert bool(said) == (views == "same-view")


def test_rungs_that_were_trained_again_stand_in_the_ladder(tmp_path):
    again = made(kept=0.8, seed=5)
    record = judge_embeddings(
        made(), made(kept=0.2, seed=3), rungs={"semi-informed": (again, again)}, wishes=SMOKE
    )
    rows = {r.attacker: r for r in record.identification if r.anonymizer == "external"}
    assert list(rows) == ["ignorant", "lazy-informed", "semi-informed"]
    assert rows["semi-informed"].rank1 > rows["ignorant"].rank1 + 20
    assert rows["semi-informed"].s == rows["ignorant"].s  # named before: by the ordinary recognizer
    record.save(tmp_path)
    assert Record.load(tmp_path).identification == record.identification


def test_what_cannot_be_judged_at_all_is_one_line():
    original = made()
    other = arrays(kept=0.5, seed=2)

    def refused(shown, said, wishes=SMOKE, kind=DataError, first=original, **more):
        with pytest.raises(kind, match=said) as caught:
            judge_embeddings(first, shown, wishes=wishes, **more)
        assert "\n" not in str(caught.value)

    refused(made(size=7), "2 parts of 6 numbers")
    refused(made(parts=1), "1 of 6")
    refused(of(dict(other, subject=np.array(["x" + s for s in other["subject"]]))), "no person in common")
    refused(of(dict(other, angle=other["angle"] + 1)), "no view in common")
    refused(made(walks=("nm-01",)), "one walk only", first=made(walks=("nm-01",)))
    refused(made(people=1), "at least two", first=made(people=1))
    refused(made(), "none of the probe walks nm-77", dataclasses.replace(SMOKE, probe=("nm-77",)))
    refused(made(), "both gallery and probe", dataclasses.replace(SMOKE, probe=("nm-01",)))
    refused(made(), "take cosine, euclidean", dataclasses.replace(SMOKE, metric="l1"), ConfigError)
    refused(made(), "a gallery for each probe", kind=ConfigError, rungs={"informed": (original, original)})
    side = made(angles=(90,))
    refused(side, "no probe meets", dataclasses.replace(SMOKE, views="cross-view"), first=side)
    part = made(people=11)
    refused(made(), "gallery sequences lack", rungs={"semi-informed": (part, part)})
    for broken, said in (
        (dict(other, embeddings=other["embeddings"] * np.nan), "all 96 embeddings"),
        (dict(other, subject=other["subject"][:5]), "one label a row"),
        (dict(other, angle=np.array(["cam"] * 96)), "number the views"),
    ):
        with pytest.raises(DataError, match=said):
            of(broken)


def matrices(folder, **more):
    """A file of distances of two made sets, and the sets."""
    original, shown = arrays(parts=1), arrays(parts=1, kept=0.5, seed=2)
    probe = np.isin(original["walk"], ("nm-05", "cl-01"))

    def between(a, b):
        a, b = (x[:, 0] / np.linalg.norm(x[:, 0], axis=1, keepdims=True) for x in (a, b))
        return 1 - a @ b.T

    gallery = original["embeddings"][~probe]
    found = {
        "original": between(original["embeddings"][probe], gallery),
        "ignorant": between(shown["embeddings"][probe], gallery),
        **{f"probe_{k}": original[k][probe] for k in ("subject", "walk", "angle")},
        **{f"gallery_{k}": original[k][~probe] for k in ("subject", "walk", "angle")},
    } | more
    np.savez(folder / "d.npz", **{k: v for k, v in found.items() if v is not None})
    return folder / "d.npz", of(original), of(shown)


def test_distances_judge_as_the_embeddings_they_come_from(tmp_path):
    path, original, shown = matrices(tmp_path)
    one = judge_distances(path, wishes=SMOKE)
    two = judge_embeddings(original, shown, wishes=SMOKE)
    mine = {"rank1", "map", "mrr", "eer", "d_sys", "success", "n", "people"}
    for a, b in zip(one.identification, two.identification, strict=False):
        assert {k: getattr(a, k) for k in mine} == pytest.approx({k: getattr(b, k) for k in mine})
    assert [r.attacker for r in one.identification] == ["ignorant", "ignorant"]


def test_a_bad_file_of_distances_is_refused(tmp_path):
    for more, said in (
        ({"ignorant": None}, "no array ignorant"), ({"ignorant": np.zeros((3, 4))}, "shape of original"),
        ({"informed": np.zeros((3, 4))}, "cannot be handed in"), ({"probe_walk": np.array(["a"])}, "one label a row"),
    ):  # fmt: skip
        path = matrices(tmp_path, **more)[0]
        with pytest.raises((DataError, ConfigError), match=said):
            judge_distances(path, wishes=SMOKE)
