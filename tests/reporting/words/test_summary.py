"""The summary says what the figures say, and no more."""

import dataclasses

from fake_attacks import attack_row
from fake_run import fake_record, provenance, quality_row, rate_row, small_record

from gaitbench.reporting.words.summary import summarize
from gaitbench.results.schema import Check, Competence, Failure, QualityDifference

ANGLES = (0, 90)


def _record(m, *, chance=97.5, competence=85.0, original=0, half=2.0, **changes):
    """Fifty of sixty probes known before; `m` of them wrong after, at both angles."""
    rates = [rate_row("model-2", a, 60, 50, m, chance=chance) for a in ANGLES]
    rates = [
        dataclasses.replace(row, ci_low=max(0.0, row.rate - half), ci_high=min(100.0, row.rate + half))
        for row in rates
    ]
    rates += [rate_row("original", a, 60, 50, original, chance=chance) for a in ANGLES]
    known = (
        ()
        if competence is None
        else (Competence("robust-vtm", "all-views", "nm", None, 40, competence, None, None),)
    )
    return dataclasses.replace(small_record(), success_rate=tuple(rates), competence=known, **changes)


def test_an_attack_no_better_than_guessing_is_called_hidden():
    assert summarize(_record(49)).hidden.mark == "good"


def test_hidden_but_measurably_better_than_a_guess_is_mixed_and_most_named_is_bad():
    assert summarize(_record(45)).hidden.mark == "mixed"
    assert summarize(_record(30)).hidden.mark == "mixed"
    assert summarize(_record(20)).hidden.mark == "bad"


def test_a_weak_attacker_or_a_broken_control_leaves_the_answer_open():
    for record in (_record(49, competence=30.0), _record(49, competence=None), _record(49, original=5)):
        assert summarize(record).hidden.mark == "unknown"
    assert "control" in summarize(_record(49, original=5)).hidden.short


def test_the_worst_angle_and_what_is_left_are_spelled_out():
    record = _record(45)
    worst = rate_row("model-2", 36, 60, 40, 30)
    text = " ".join(
        summarize(dataclasses.replace(record, success_rate=(*record.success_rate, worst))).hidden.lines
    )
    assert "36°" in text and "75.0 %" in text and "10 still rightly" in text and "2.5 % rightly" in text


def test_the_stronger_attack_decides():
    record = _record(49)
    other = rate_row("model-2", 90, 60, 50, 10, attacker="semi-informed")
    answer = summarize(dataclasses.replace(record, success_rate=(*record.success_rate, other))).hidden
    assert answer.mark == "bad"
    assert any("lowest success of all attacks is 20.0 %" in line for line in answer.lines)


def test_nothing_measured_is_said_so():
    nothing = dataclasses.replace(small_record(), success_rate=(), quality=(), quality_difference=())
    summary = summarize(nothing)
    assert summary.hidden.mark == summary.picture.mark == "unknown"
    controls = tuple(row for row in small_record().success_rate if row.anonymizer == "original")
    assert summarize(dataclasses.replace(nothing, success_rate=controls)).hidden.mark == "unknown"


def test_rendered_people_are_named_as_such_and_filmed_ones_are_not():
    rendered = summarize(small_record())
    assert "not filmed" in rendered.tested[0] and any("rendered walkers" in line for line in rendered.beware)
    filmed = summarize(fake_record(provenance=provenance(dataset={"rendered": False, "name": "casia-b"})))
    assert "rendered" not in " ".join((*filmed.tested, *filmed.beware))


def test_missing_sequences_are_counted():
    record = fake_record(provenance=provenance(dataset={"missing": ["081-nm-01-000", "081-nm-01-018"]}))
    assert any(line.startswith("2 sequences were missing") for line in summarize(record).tested)


def test_better_pictures_need_the_interval():
    answer = summarize(small_record()).picture
    assert answer.mark == "mixed" and "never worse" in answer.short
    won = tuple(dataclasses.replace(row, ci_low=0.001) for row in small_record().quality_difference)
    assert summarize(dataclasses.replace(small_record(), quality_difference=won)).picture.mark == "good"
    lost = tuple(
        dataclasses.replace(row, difference=-0.1, ci_low=-0.2, ci_high=-0.05)
        for row in small_record().quality_difference
    )
    assert summarize(dataclasses.replace(small_record(), quality_difference=lost)).picture.mark == "bad"


def test_a_failed_picture_quality_is_called_failed_not_unmeasured():
    failure = Failure("quality", "anonymizer=model-2, colorizer=nearest", "no pictures")
    record = dataclasses.replace(small_record(), failures=(failure,))
    answer = summarize(record).picture
    assert any(line.startswith("Failed: model-2, nearest: no pictures") for line in answer.lines)
    answer = summarize(dataclasses.replace(record, quality=(), quality_difference=())).picture
    assert answer.short == "Failed in this run." and "no pictures" in answer.lines[0]


def test_many_systems_are_told_in_few_words():
    painters = ("baseline", "proposed", "model-1", "nearest", "warp", "gaitbench")
    names = ("model-2", "model-1", "deform", "blur", "pixelate", "sixth")
    ladder = [
        attack_row(name, "ignorant", "robust-vtm", "silhouette", 10.0 + i, colorizer=painter)
        for i, name in enumerate(names) for painter in ("none", *painters)
    ]  # fmt: skip
    quality = [quality_row(name, c, "plain", "original", 24.0, 0.9) for name in names for c in painters]
    pairs = [
        QualityDifference("model-2", a, b, "plain", "original", "psnr", 0.1, -0.1, 0.3, 120)
        for i, a in enumerate(painters) for b in painters[:i]
    ]  # fmt: skip
    record = _record(
        49, identification=tuple(ladder), quality=tuple(quality), quality_difference=tuple(pairs)
    )
    summary = summarize(record)
    lines = (*summary.tested, *summary.hidden.lines, *summary.picture.lines)
    assert max(map(len, lines)) < 400
    line = next(line for line in lines if "worst case of each anonymizer" in line)
    assert "37 more in the ladder table" in line and line.startswith("Still named") and "sixth: 15.0" in line
    assert "painted by baseline, proposed, model-1" in summary.tested[1]
    assert len(summary.picture.lines) < 16 and "10 more pairs stand" in " ".join(summary.picture.lines)


def test_a_colorizer_that_beats_proposed_only_under_truth_is_named():
    pairs = small_record().quality_difference
    truth = QualityDifference(
        "oracle", "warp", "proposed", "plain", "truth", "psnr", 1.0, 0.5, 1.5, 120, None, None, 0, 5
    )
    answer = summarize(dataclasses.replace(small_record(), quality_difference=(*pairs, truth))).picture
    assert "But warp beats proposed under the reference truth." in answer.short
    assert any(
        line.startswith("warp beats proposed under the reference truth: better in 1 of 1")
        for line in answer.lines
    )


def test_the_ignorant_attacker_and_the_silhouette_are_warned_of():
    text = " ".join(summarize(small_record()).beware)
    assert "knows nothing of the anonymizer" in text and "by construction" in text
    text = " ".join(summarize(fake_record()).beware)
    assert "by construction" not in text  # fake_record reads a silhouette extracted again as well


def test_how_much_was_read_stands_beside_the_slides_and_the_share_of_sure_cycles():
    def said(**roles):
        one = {**provenance(), "gait_cycles": roles} if roles else provenance()
        return " ".join(summarize(dataclasses.replace(_record(49), provenance=one)).tested)

    def role(sequences, sure=0, period=None):
        return {"sequences": sequences, "sure": sure, "frames": 60.0, "period": period}

    text = said(recognizer=role(1100), models=role(330), gallery=role(880), probe=role(1320, 990, 33.25))
    assert (
        "1,100 train the recognizer" in text
        and "2,200 are tested" in text
        and "5,500, 1,100 and 4,400" in text
    )
    assert "75 % of the probes, of 60 frames" in text and "median 33.2 frames" in text
    assert "0 % of the probes" in said(probe=role(5)) and "None" not in said(probe=role(5))
    assert "Sequences:" not in said() and "Gait cycles" not in said(probe=role(0))


def _attacked(rank1, m, **changes):
    """Ten of fifty who were known are found at an angle, whatever is found over all of them."""
    ladder = (attack_row("model-2", "semi-informed", "robust-vtm", "silhouette", rank1),)
    return _record(m, identification=ladder, **changes)


def test_card_and_answer_say_one_thing_and_tell_all_angles_from_the_worst():
    for rank1, m in ((3.0, 49), (30.0, 45), (30.0, 20), (80.0, 10)):
        summary = summarize(_attacked(rank1, m))
        card = summary.cards[0].lines[0]
        assert (summary.hidden.mark, summary.hidden.short.split(":")[0].lower()) == (card.mark, card.word)
        assert (
            f"over all angles the strongest attack still names {rank1:.1f} % of all walks"
            in summary.hidden.short
        )
        left = 100 - 2 * m
        assert (
            f"at the worst angle, 0°, {left:.1f} % of the walks that were named before"
            in summary.hidden.short
        )
        assert "over all angles" in card.detail and "At the worst angle, 0°:" in card.detail
        assert "judge by" not in " ".join(summary.hidden.lines)
    broken = summarize(_attacked(3.0, 49, checks=(Check("a control", False, "3 %", "control"),)))
    assert broken.hidden.mark == broken.cards[0].lines[0].mark == "unknown" and "a control" in str(
        broken.hidden.lines
    )


def test_nobody_is_hidden_from_recognizers_that_know_nobody():
    for competence in (30.0, 59.9):
        summary = summarize(_attacked(3.0, 49, competence=competence))
        assert summary.cards[0].lines[0].word == "cannot be told" and summary.hidden.mark == "unknown"
        assert f"at most {competence:.1f} % of the normal walks" in summary.hidden.short
        assert summary.sentence.startswith("Whether model-2 hides people cannot be told")
        assert "no recognizer that was run names more than" in summary.sentence
    assert summarize(_attacked(3.0, 49, competence=60.0)).hidden.mark == "good"
    # who is named by a weak recognizer is named
    assert summarize(_attacked(80.0, 10, competence=30.0)).hidden.mark == "bad"
    assert "none is on record" in summarize(_attacked(3.0, 49, competence=None)).hidden.short


def test_an_attack_that_names_the_owner_of_the_noise_has_no_worst_angle():
    leak = attack_row("model-2", "informed", "robust-vtm", "silhouette", 96.0, strangers_passed=False)
    record = _attacked(30.0, 45)
    record = dataclasses.replace(
        record, identification=(*record.identification, leak),
        success_rate=(*record.success_rate, rate_row("model-2", 90, 60, 50, 1, attacker="informed")),
    )  # fmt: skip
    assert "at the worst angle, 0°, 10.0 %" in summarize(record).hidden.short
