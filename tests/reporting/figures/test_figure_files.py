"""Figures: equal results are equal files, pictures are read with care."""

import dataclasses

import cv2
import numpy as np
import pytest
from fake_run import second_record, small_record, write_fake_run
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.errors import DataError
from gaitbench.reporting.figures import attacks as figure_attacks
from gaitbench.reporting.figures import curves as figures
from gaitbench.reporting.figures import matrices as figure_matrices
from gaitbench.reporting.figures import pictures as figure_pictures
from gaitbench.reporting.figures import privacy as figure_privacy
from gaitbench.reporting.figures.style import save_figure, themed
from gaitbench.reporting.reading.samples import pick_frames, read_picture, sample_of_set, split_strip, systems
from gaitbench.reporting.reading.series import spread
from gaitbench.reporting.reading.theme import DARK, LIGHT, dark_pairs
from gaitbench.results.record import Record


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return write_fake_run(tmp_path_factory.mktemp("figures") / "run")


@pytest.mark.slow
def test_equal_figures_are_equal_bytes_in_all_three_kinds(run, tmp_path):
    record = Record.load(run)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        with themed(LIGHT):
            save_figure(figures.success_by_angle(record, LIGHT), tmp_path / folder, "success")
            save_figure(figure_pictures.picture_grid(record, run, LIGHT), tmp_path / folder, "grid")
    written = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert written == sorted(
        f"{name}.{kind}" for name in ("grid", "success") for kind in ("pdf", "png", "svg")
    )
    for name in written:
        data = (tmp_path / "a" / name).read_bytes()
        assert data == (tmp_path / "b" / name).read_bytes(), name
        assert b"CreationDate" not in data


def test_the_figure_of_success_draws_rates_intervals_band_and_chance():
    record = small_record()
    with themed(LIGHT):
        axes = figures.success_by_angle(record, LIGHT).axes[0]
    lines = {tuple(line.get_ydata()) for line in axes.lines}
    assert (85.0, 90.0) in lines and (97.5, 97.5) in lines and (0.0, 0.0) in lines
    assert not any("79.04" in text.get_text() for text in axes.texts)
    assert "band: slides' 79.04–93.61 % (CASIA-B)" in axes.figure.get_supxlabel()
    assert any(text.get_text() == "chance 97.5 %" for text in axes.texts)
    band = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    assert (round(band.y0, 2), round(band.y1, 2)) == (79.04, 93.61)


def test_the_new_figures_draw_the_worst_cases_chance_and_extrapolation():
    record = second_record()
    with themed(LIGHT):
        lines = [tuple(line.get_ydata()) for line in figure_attacks.cmc(record, LIGHT).axes[0].lines]
        assert (90.0, 93.0, 96.0, 100.0) in lines and (8.0, 11.0, 14.0, 20.0) in lines
        axes = figure_attacks.gallery_size(record, LIGHT).axes[0]
        assert [tuple(line.get_ydata()) for line in axes.lines] == [
            (82.0, 92.0), (92.0, 98.5), (90.0, 97.5, 99.9),
        ]  # fmt: skip
        image = figure_matrices.recognition_maps(record, LIGHT).axes[0].images[0].get_array()
        np.testing.assert_allclose(image.filled(-1), [[97.5, 40.04], [50.05, -1]])
        (curve, untouched) = figure_matrices.naturalness(record, LIGHT).axes[0].lines
        assert list(curve.get_xydata()[0]) == [0.1, 0.05] and untouched.get_ydata()[0] == 0.0


def test_a_name_of_dollar_signs_is_a_name(tmp_path):
    name = r"a$b$c_{\frac"
    record = second_record()
    changed = {
        kind: tuple(
            dataclasses.replace(row, recognizer=name) for row in getattr(record, kind)
        )
        for kind in ("success_rate", "competence", "identification", "cmc", "recognition", "gallery_size")
    }  # fmt: skip
    drawn = (
        figures.success_by_angle, figures.recognition, figure_attacks.cmc, figure_attacks.gallery_size,
        figure_matrices.recognition_maps,
    )  # fmt: skip
    record = dataclasses.replace(record, **changed)
    for draw in drawn:
        with themed(LIGHT):
            save_figure(draw(record, LIGHT), tmp_path, draw.__name__)
        assert (tmp_path / f"{draw.__name__}.svg").is_file()


def test_equal_curves_are_both_seen():
    record = second_record()
    twin = [
        dataclasses.replace(row, anonymizer="model-1") for row in record.cmc if row.anonymizer == "model-2"
    ]
    with themed(LIGHT):
        axes = figure_attacks.cmc(dataclasses.replace(record, cmc=(*record.cmc, *twin)), LIGHT).axes[0]
    one, two = [line for line in axes.lines if tuple(line.get_ydata()) == (8.0, 11.0, 14.0, 20.0)]
    assert one.get_linewidth() > two.get_linewidth() and one.get_zorder() < two.get_zorder()


def test_figures_of_nothing_are_not_drawn(tmp_path):
    nothing = dataclasses.replace(small_record(), success_rate=(), competence=(), quality=())
    with themed(LIGHT):
        drawn = (
            figures.success_by_angle, figures.recognition, figure_privacy.privacy_quality, figure_attacks.cmc,
            figure_attacks.gallery_size, figure_matrices.recognition_maps, figure_matrices.naturalness,
        )  # fmt: skip
        for draw in drawn:
            assert draw(nothing, LIGHT) is None
        assert figure_pictures.picture_grid(nothing, tmp_path, LIGHT) is None
        assert figure_pictures.gei_before_after(nothing, tmp_path, LIGHT) is None


def test_the_dark_page_exchanges_every_colour_of_the_theme():
    pairs = dict(dark_pairs())
    for name in ("ink", "faint", "grid", "band", "paper"):
        assert pairs[getattr(LIGHT, name)] == getattr(DARK, name)
    assert [pairs[colour] for colour in LIGHT.series] == list(DARK.series)
    # One exchange must not undo another: no dark colour is a light one.
    assert not set(pairs) & set(pairs.values())


def test_a_strip_is_cut_into_its_frames(run):
    sample = Record.load(run).samples[0]
    frames = split_strip(sample, read_picture(run, sample.strips["anonymized"]))
    assert frames.shape == (20, 64, 44, 3)
    strip = cv2.imread(str(run / sample.strips["anonymized"]))
    np.testing.assert_array_equal(frames[3], strip[:, 3 * 44 : 4 * 44, ::-1])
    with pytest.raises(DataError, match="64x836 pixels, not 64x880"):
        split_strip(sample, read_picture(run, sample.strips["original"])[:, :836])


def test_a_picture_outside_the_run_is_refused(run, tmp_path):
    (run.parent / "secret.png").write_bytes(b"x")
    with pytest.raises(DataError, match="outside its folder"):
        read_picture(run, "../secret.png")
    with pytest.raises(DataError, match="outside its folder"):
        read_picture(run, "/etc/hostname")
    with pytest.raises(DataError, match="missing"):
        read_picture(run, "samples/none.png")
    (run / "samples" / "broken.png").write_bytes(b"not a picture")
    with pytest.raises(DataError, match="cannot be read"):
        read_picture(run, "samples/broken.png")


def test_gait_energy_images_may_be_stored_larger_than_the_frames(tmp_path):
    run = write_fake_run(tmp_path / "run")
    record = Record.load(run)
    for sample in record.samples:
        for path in sample.gei.values():
            cv2.imwrite(str(run / path), cv2.resize(cv2.imread(str(run / path)), None, fx=2, fy=2))
    with themed(LIGHT):
        picture = figure_pictures.gei_before_after(record, run, LIGHT).axes[0].images[0].get_array()
    assert picture.shape[:2] == (2 * 128 + 11, 4 * (88 + 11))
    cv2.imwrite(str(run / record.samples[1].gei["after"]), np.zeros((64, 44), np.uint8))
    with themed(LIGHT), pytest.raises(DataError, match="64x44 pixels, the first one 128x88"):
        figure_pictures.gei_before_after(record, run, LIGHT)


def test_each_set_is_shown_by_a_walk_of_its_own_where_there_is_one(run):
    record = Record.load(run)
    first = sample_of_set(record, "plain")
    assert first.key == "081-nm-05-090"
    assert sample_of_set(record, "complete", [first.key]).key == "082-nm-05-090"
    assert sample_of_set(record, "no-such-set") is None
    assert systems(record.samples) == ["original", "silhouette", "anonymized", "baseline", "proposed"]


@given(st.integers(1, 200), st.integers(1, 12))
def test_picked_frames_exist_rise_and_are_not_too_many(count, wanted):
    frames = pick_frames(count, wanted)
    assert frames == sorted(set(frames)) and len(frames) <= wanted and 0 <= frames[0] <= frames[-1] < count


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_labels_are_moved_apart_and_keep_their_order(heights):
    moved = spread(heights, 3.0)
    order = np.argsort(heights, kind="stable")
    gaps = np.diff(np.asarray(moved)[order])
    assert np.all(gaps > 2.9)
