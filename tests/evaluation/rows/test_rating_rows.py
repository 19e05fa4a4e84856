"""Human ratings: from a file to rows and a table; files that are wrong are refused by line."""

import itertools

import numpy as np
import pytest
from click.testing import CliRunner
from fake_run import fake_record

from gaitbench.cli.run_all import command
from gaitbench.datasets.ratings import Rating, read_ratings
from gaitbench.errors import DataError
from gaitbench.evaluation.rows.rating_rows import rating_rows, with_ratings
from gaitbench.reporting.tables.pictures.ratings import ratings
from gaitbench.results.record import Record

HEAD = "rater,clip,system,score\n"
GOOD = HEAD + "".join(
    f"{who},{clip},{system},{score + shift}\n"
    for who, shift in (("anna", 0), ("ben", 1), ("chris", 0))
    for clip, score in (("a", 2), ("b", 3), ("c", 4))
    for system in ("model-2", "somebody-s")
)


def written(tmp_path, text):
    path = tmp_path / "ratings.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_whatever_its_separator_and_the_order_of_its_columns(tmp_path):
    read = read_ratings(written(tmp_path, GOOD))
    assert len(read.rows) == 18 and read.rows[0] == Rating("anna", "a", "model-2", 2.0)
    other = "score;system;sequence;rater;note\n" + "".join(
        f"{r.score};{r.system};{r.clip};{r.rater};x\n" for r in read.rows
    )
    assert read_ratings(written(tmp_path, other)).rows == read.rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "dora,a,model-2,good\n", "line 20: the score 'good' is no number"),
        (GOOD + "dora,a,model-2,nan\n", "line 20: the score 'nan'"),
        (GOOD + "dora,a,model-2,inf\n", "line 20: the score 'inf'"),
        (GOOD + "dora,a,model-2,1_0\n", "line 20: the score '1_0'"),
        (GOOD + "dora,a,model-2,\n", "line 20: no score"),
        (GOOD + ",a,model-2,3\n", "line 20: no rater"),
        (GOOD + "dora,a,model-2\n", "line 20: 3 cells in 4 columns"),
        (GOOD + "dora,a,model-2,3,5\n", "line 20: 5 cells in 4 columns"),
        (GOOD + "anna,a,model-2,2\n", "line 20: anna has scored a of model-2 in line 2 already"),
        ("rater,clip,score\nanna,a,3\n", "line 1: no column system"),
        (HEAD, "no rating"),
        ("", "empty"),
    ],
)
def test_what_is_wrong_is_refused_in_one_line_that_names_it(tmp_path, text, message):
    with pytest.raises(DataError) as refused:
        read_ratings(written(tmp_path, text))
    assert message in str(refused.value) and "\n" not in str(refused.value)


def test_the_command_line_refuses_before_anything_is_computed(tmp_path):
    path = written(tmp_path, GOOD + "dora,a,model-2,good\n")
    done = CliRunner().invoke(
        command, ["--suite", "smoke", "--ratings", str(path), "--output", str(tmp_path / "o")]
    )
    assert isinstance(done.exception, DataError) and "line 20" in str(done.exception)
    assert not (tmp_path / "o").exists()


def test_the_interval_holds_the_mean_of_other_raters_and_clips():
    rng, held, total = np.random.default_rng(0), 0, 400
    for _run in range(total):
        rater, clip = rng.normal(0, 0.5, 8), rng.normal(0, 0.7, 10)
        made = [
            Rating(f"r{i}", f"c{j}", "s", 3.0 + rater[i] + clip[j] + rng.normal(0, 0.5))
            for i, j in itertools.product(range(8), range(10))
        ]
        (row,) = rating_rows(made, 0.95)
        held += row.ci_low <= 3.0 <= row.ci_high
    assert 0.92 <= held / total <= 0.985


def test_one_rater_or_one_clip_has_no_interval_and_systems_stand_beside_their_agreement():
    one = [Rating("anna", c, "s", v) for c, v in (("a", 1.0), ("b", 3.0))]
    (row,) = rating_rows(one, 0.95)
    assert (row.score, row.ci_low, row.alpha_ordinal, row.raters, row.clips) == (2.0, None, None, 1, 2)
    many = [Rating(w, c, s, v) for w in "xyz" for c, v in (("a", 1.0), ("b", 5.0)) for s in ("p", "q")]
    rows = rating_rows(many, 0.95)
    assert [r.system for r in rows] == ["p", "q", "all systems"] and rows[2].score is None
    assert rows[2].alpha_interval == pytest.approx(1.0) and (rows[2].n, rows[2].clips) == (12, 4)


def test_ratings_stand_in_the_record_and_the_table_names_who_is_none_of_the_run(tmp_path):
    read = read_ratings(written(tmp_path, GOOD))
    record = with_ratings(fake_record(), read)
    again = Record.from_dict(record.to_dict(), record.scores)
    assert again.tables["ratings"] == tuple(record.tables["ratings"])
    assert again.provenance["ratings"] == {"sha256": read.sha256, "scores": 18}
    table = ratings(again)
    assert [r.cells[0].value for r in table.rows] == ["model-2", "somebody-s", "all systems"]
    assert any("Not among the systems of this run: somebody-s." in text for text in table.sentences)
    assert table.rows[0].cells[1].value == pytest.approx(3 + 1 / 3)
    assert ratings(fake_record()) is None
